"""An issue parsed once, as one document: what every rendition is made from."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree, html
from markdown_it.token import Token

from newsletter_cli.errors import RenderError
from newsletter_cli.i18n import _
from newsletter_cli.markdown.fragment import FragmentRules, build_fragment, build_notes, build_title, text_of
from newsletter_cli.markdown.parse import Part, parse_document
from newsletter_cli.markdown.source import Published, UnclosedComment, remove_nl_comments
from newsletter_cli.model import Event, Issue, Job, Section, SourceText
from newsletter_cli.render.frame import Frame


@dataclass(frozen=True, slots=True)
class ComposedEvent:
    """An event with its description as a tree."""

    event: Event
    description: html.HtmlElement | None


@dataclass(frozen=True, slots=True)
class ComposedSection:
    """A section as every rendition shows it.

    `published` is the body without the comments for editors; `title` is plain text, `heading` the title as a
    tree; `anchor` is the fragment of the heading in the online post.
    """

    section: Section
    number: int | None
    title: str
    heading: html.HtmlElement
    anchor: str
    published: str
    body: html.HtmlElement
    events: tuple[ComposedEvent, ...]

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The section's job offers, in the editor's order."""
        return self.section.jobs


@dataclass(frozen=True, slots=True)
class ComposedIssue:
    """The issue with all its texts parsed; `notes` holds the footnotes of all sections (no child without any)."""

    issue: Issue
    frame: Frame
    editorial: html.HtmlElement
    published_editorial: str
    sections: tuple[ComposedSection, ...]
    notes: html.HtmlElement

    @property
    def trees(self) -> tuple[html.HtmlElement, ...]:
        """Every tree that an editor's text was made into, in order."""
        sections = [tree for section in self.sections for tree in (section.heading, section.body)]
        descriptions = [one.description for section in self.sections for one in section.events]
        return (self.editorial, *sections, *(tree for tree in descriptions if tree is not None), self.notes)

    @property
    def calendar_url(self) -> str | None:
        """Where the calendar file will be online, beside the post; `None` without events or address."""
        return f"{self.frame.online_url}{CALENDAR_FILE}" if self.issue.events and self.frame.online_url else None


CALENDAR_FILE = "agenda.ics"


def compose_issue(issue: Issue, frame: Frame, *, local_files: frozenset[str] = frozenset()) -> ComposedIssue:
    """Parse the issue. Relative addresses become absolute, those of `local_files` stay.

    Raises `RenderError` (file and line) for a comment `<!-- nl: …` that is never closed."""
    sections = issue.published_sections
    editorial = _published(issue.editorial)
    bodies = [_published(section.body) for section in sections]
    events = [tuple(sorted(section.events, key=lambda event: event.sort_key)) for section in sections]
    parts = [Part(editorial.text)]
    for section, body, its_events in zip(sections, bodies, events, strict=True):
        parts.append(Part(section.title, is_inline=True))
        parts.extend(Part(event.description or "") for event in its_events)
        parts.append(Part(body.text))
    document = parse_document(parts)
    tokens = iter(document.parts)
    rules = FragmentRules(
        base_url=frame.online_url, local_files=local_files, top_heading=3, embedded=frame.words.embedded
    )
    editorial_rules = replace(rules, top_heading=2)
    return ComposedIssue(
        issue=issue,
        frame=frame,
        editorial=_body_tree(next(tokens), issue.editorial, editorial, editorial_rules),
        published_editorial=editorial.text,
        sections=tuple(
            _compose_section(section, index + 1 if frame.is_numbered else None, body, its_events, tokens, rules)
            for index, (section, body, its_events) in enumerate(zip(sections, bodies, events, strict=True))
        ),
        notes=build_notes(document.notes, rules),
    )


def _published(source: SourceText) -> Published:
    try:
        return remove_nl_comments(source.text)
    except UnclosedComment as error:
        raise RenderError(
            _("the comment “<!-- nl: …” that begins here is never closed"),
            file=source.file,
            line=source.first_line + error.line,
            hint=_("write --> where the comment ends"),
        ) from None


def _compose_section(
    section: Section,
    number: int | None,
    body: Published,
    events: tuple[Event, ...],
    tokens: Iterator[list[Token]],
    rules: FragmentRules,
) -> ComposedSection:
    heading = build_title(next(tokens), rules)
    title = text_of(heading)
    below_event = replace(rules, top_heading=rules.top_heading + 1)
    descriptions = [build_fragment(next(tokens), below_event, line_of=lambda line: line + 1) for _event in events]
    return ComposedSection(
        section=section,
        number=number,
        title=title,
        heading=heading,
        anchor=_own_anchor(section.title) or hugo_anchor(f"{number}. {title}" if number is not None else title),
        published=body.text,
        body=_body_tree(next(tokens), section.body, body, rules),
        events=tuple(
            ComposedEvent(event, tree if event.description else None)
            for event, tree in zip(events, descriptions, strict=True)
        ),
    )


def _body_tree(tokens: list[Token], source: SourceText, published: Published, rules: FragmentRules) -> html.HtmlElement:
    def line_of(line: int) -> int:
        lines = published.lines
        return source.first_line + (lines[min(line, len(lines) - 1)] if lines else 0)

    try:
        return build_fragment(tokens, rules, line_of=line_of)
    except (ValueError, RecursionError, etree.LxmlError) as error:
        raise RenderError(
            _("this section cannot be rendered: {reason}").format(reason=error),
            file=source.file,
            line=source.first_line,
            hint=_("take its raw HTML out, bit by bit, to find what is in the way"),
        ) from error


def _own_anchor(title: str) -> str | None:
    found = re.search(r"\{#([^\s{}]+)[^{}]*\}\s*$", title)
    return found.group(1) if found else None


def hugo_anchor(heading: str) -> str:
    """The fragment Hugo gives a heading (`markup.goldmark.parser.autoHeadingIDType: github`).

    Letters and digits of any script, hyphens and underscores stay, spaces become hyphens, the rest goes.
    """
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")
