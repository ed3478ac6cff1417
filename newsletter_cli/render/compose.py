"""An issue parsed once, as one document: what every rendition is made from."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urljoin

from lxml import etree, html
from msgspec import Struct

from newsletter_cli.base.errors import RenderError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.values import replace
from newsletter_cli.markdown.fragment import (
    ANCHOR,
    LINE,
    FragmentRules,
    build_fragment,
    build_notes,
    build_title,
    final_address,
    text_of,
)
from newsletter_cli.markdown.issue import ParsedIssue, ParsedSection, ParsedText
from newsletter_cli.markdown.shape import HEADINGS
from newsletter_cli.markdown.typography import TypographyRules, correct_text
from newsletter_cli.markdown.typography.tree import correct_tree
from newsletter_cli.model import Event, Issue, Job, Section
from newsletter_cli.render.anchors import Anchors, own_anchor
from newsletter_cli.render.frame import Frame
from newsletter_cli.render.names import CALENDAR


class ComposedEvent(Struct, frozen=True):
    """An event as readers are shown it, with its description as a tree."""

    event: Event
    description: html.HtmlElement | None


class ComposedSection(Struct, frozen=True, kw_only=True):
    """A section as every rendition shows it.

    `published` is the body without the comments for editors; `title` is plain text, `heading` the title as a
    tree; `anchor` is the fragment of the heading in the online post, empty without a title. `section` is as the
    editors typed it; all else but `published` is set as the frame's typography has it.
    """

    section: Section
    number: int | None
    title: str
    heading: html.HtmlElement
    anchor: str
    published: str
    body: html.HtmlElement
    events: tuple[ComposedEvent, ...]
    jobs: tuple[Job, ...]


class ComposedIssue(Struct, frozen=True, kw_only=True):
    """The issue with all its texts parsed; `notes` holds the footnotes of all sections (no child without any).

    `issue` is as the editors typed it, `shown` the same with its title, summary, subject and preheader properly set.
    `anchors` are the fragments of the online post's headings.
    """

    issue: Issue
    shown: Issue
    frame: Frame
    editorial: html.HtmlElement
    published_editorial: str
    sections: tuple[ComposedSection, ...]
    notes: html.HtmlElement
    anchors: frozenset[str] = frozenset()

    @property
    def trees(self) -> tuple[html.HtmlElement, ...]:
        """Every tree that an editor's text was made into, in order."""
        sections = [tree for section in self.sections for tree in (section.heading, section.body)]
        descriptions = [one.description for section in self.sections for one in section.events]
        return (self.editorial, *sections, *(tree for tree in descriptions if tree is not None), self.notes)

    @property
    def addresses(self) -> tuple[str, ...]:
        """Every address that a reader is led to: links and images of the texts, events and jobs."""
        in_text = [
            element.get("href" if element.tag == "a" else "src") or ""
            for tree in self.trees
            for element in tree.iter("a", "img")
        ]
        sections = self.issue.published_sections
        events = [event.url for section in sections for event in section.events]
        jobs = [job.url for section in sections for job in section.jobs]
        return tuple(address for address in (*in_text, *events, *jobs) if address)

    @property
    def calendar_url(self) -> str | None:
        """Where the calendar file will be online, with the issue's files; `None` without events or address."""
        url = self.frame.files_url or self.frame.online_url
        return urljoin(url, CALENDAR) if self.issue.events and url else None


def compose_issue(parsed: ParsedIssue, frame: Frame, *, local_files: frozenset[str] = frozenset()) -> ComposedIssue:
    """The trees of an issue that has been parsed. Relative addresses become absolute, those of `local_files` stay.

    Raises `RenderError` (file and line) for a comment `<!-- nl: …` that is never closed.
    """
    for text in parsed.bodies:
        _refuse_unclosed(text)
    rules = replace(frame.addressing(local_files), top_heading=3, embedded=frame.words.embedded)
    issue = parsed.issue
    issue = replace(issue, sections=tuple(_with_final_addresses(section, rules) for section in issue.sections))
    anchors = Anchors()
    in_editorial = anchors.pass_over(parsed.editorial.shown)
    typesetter = Typesetter(frame.language, frame.typography)
    composed = ComposedIssue(
        issue=issue,
        shown=typesetter.set_issue(issue),
        frame=frame,
        editorial=_body_tree(parsed.editorial, replace(rules, top_heading=2), in_editorial),
        published_editorial=parsed.editorial.published.text,
        sections=tuple(
            _compose_section(section, parsed_section, index if frame.is_numbered else None, anchors, rules, typesetter)
            for index, (section, parsed_section) in enumerate(
                zip(issue.published_sections, parsed.sections, strict=True), 1
            )
        ),
        notes=build_notes(parsed.document.notes, rules),
    )
    typesetter.set_tree(composed.editorial, composed.notes)
    return replace(composed, anchors=anchors.given)


def _with_final_addresses(section: Section, rules: FragmentRules) -> Section:
    """The section, the addresses of its events and jobs like those of its text."""
    if not section.events and not section.jobs:
        return section
    events = [replace(one, url=final_address(one.url, rules)) if one.url else one for one in section.events]
    jobs = [replace(one, url=final_address(one.url, rules)) if one.url else one for one in section.jobs]
    return replace(section, events=tuple(events), jobs=tuple(jobs))


def _refuse_unclosed(text: ParsedText) -> None:
    if text.published.unclosed_line is not None:
        raise RenderError(
            _("the comment “<!-- nl: …” that begins here is never closed"),
            file=text.source.file,
            line=text.source.first_line + text.published.unclosed_line,
            hint=_("write --> where the comment ends"),
        )


def _compose_section(
    section: Section,
    parsed: ParsedSection,
    number: int | None,
    anchors: Anchors,
    rules: FragmentRules,
    typesetter: Typesetter,
) -> ComposedSection:
    heading = build_title(parsed.title, rules)
    typed_title = text_of(heading)
    below_event = replace(rules, top_heading=rules.top_heading + 1)
    # The post keeps the title as it was typed, and with it the fragment.
    numbered = typed_title if number is None else f"{number}. {typed_title}"
    anchor = anchors.give(numbered, own=own_anchor(section.title))
    described = [text.shown for _event, text in parsed.events]
    for tokens in described:
        anchors.pass_over(tokens)
    in_body = anchors.pass_over(parsed.body.shown)
    descriptions = [build_fragment(tokens, below_event, line_of=lambda line: line + 1) for tokens in described]
    tree = _body_tree(parsed.body, rules, in_body)
    typesetter.set_tree(heading, tree, *descriptions)
    events = sorted(section.events, key=lambda event: event.sort_key)
    return ComposedSection(
        section=section,
        number=number,
        title=text_of(heading),
        heading=heading,
        anchor=anchor if typed_title else "",
        published=parsed.body.published.text,
        body=tree,
        events=tuple(
            ComposedEvent(typesetter.set_event(event), description if event.description else None)
            for event, description in zip(events, descriptions, strict=True)
        ),
        jobs=tuple(map(typesetter.set_job, section.jobs)),
    )


def _body_tree(text: ParsedText, rules: FragmentRules, anchors: Mapping[int, str]) -> html.HtmlElement:
    """The tree of a text; `anchors`: the fragments of its headings, by the line (from 0) they begin on."""
    source, lines = text.source, text.published.lines

    def line_of(line: int) -> int:
        return source.first_line + (lines[min(line, len(lines) - 1)] if lines else 0)

    try:
        tree = build_fragment(text.shown, rules, line_of=line_of)
    except (ValueError, RecursionError, etree.LxmlError) as error:
        raise RenderError(
            _("this section cannot be rendered: {reason}").format(reason=error),
            file=source.file,
            line=source.first_line,
            hint=_("take its raw HTML out, bit by bit, to find what is in the way"),
        ) from error
    if anchors:
        by_line = {str(line_of(line)): anchor for line, anchor in anchors.items()}
        for heading in tree.iter(*HEADINGS):
            if anchor := by_line.get(heading.get(LINE) or ""):
                heading.set(ANCHOR, anchor)
    return tree


class Typesetter(Struct, frozen=True):
    """Sets texts in the newsletter's language; with no rules everything stays as it was typed."""

    language: str
    rules: TypographyRules | None

    def set_tree(self, *trees: html.HtmlElement | None) -> None:
        """Correct the trees in place."""
        for tree in trees:
            if self.rules is not None and tree is not None:
                correct_tree(tree, self.language, self.rules)

    def set_issue(self, issue: Issue) -> Issue:
        """The issue, its title, summary, subject and preheader as readers see them."""
        if self.rules is None:
            return issue
        return replace(
            issue,
            title=self._set(issue.title),
            summary=self._set_optional(issue.summary),
            subject=self._set_optional(issue.subject),
            preheader=self._set_optional(issue.preheader),
        )

    def set_event(self, event: Event) -> Event:
        """The event, its title and place set; the description is a tree of its own."""
        return (
            event
            if self.rules is None
            else replace(event, title=self._set(event.title), place=self._set_optional(event.place))
        )

    def set_job(self, job: Job) -> Job:
        """The job offer, its title and employer set."""
        return (
            job
            if self.rules is None
            else replace(job, title=self._set(job.title), employer=self._set_optional(job.employer))
        )

    def _set(self, text: str) -> str:
        return text if self.rules is None else correct_text(text, self.language, self.rules)

    def _set_optional(self, text: str | None) -> str | None:
        return text if text is None else self._set(text)
