"""An issue → its texts, parsed once as one document: what is rendered and what is checked are made from it."""

from __future__ import annotations

from functools import cached_property

from markdown_it.token import Token
from msgspec import Struct

from newsletter_cli.markdown.lines import Published
from newsletter_cli.markdown.parse import USUAL_RULES, MarkdownRules, ParsedDocument, Part, TypedPart, parse_document
from newsletter_cli.markdown.source import publish
from newsletter_cli.model import Event, Issue, Section, SourceText


class ParsedText(Struct, frozen=True, kw_only=True):
    """A text of the issue. `shown` are its tokens as they are rendered, `typed` those that tell exact places."""

    source: SourceText
    published: Published
    shown: list[Token]
    typed: TypedPart


class ParsedSection(Struct, frozen=True, kw_only=True):
    """A section that reaches a reader: its title, its events by date, each with its description, and its body."""

    section: Section
    title: list[Token]
    events: tuple[tuple[Event, ParsedText], ...]
    body: ParsedText


class ParsedIssue(Struct, frozen=True, kw_only=True, dict=True):
    """The issue with all its texts parsed; `document` is what they are together."""

    issue: Issue
    editorial: ParsedText
    sections: tuple[ParsedSection, ...]
    document: ParsedDocument

    @property
    def bodies(self) -> tuple[ParsedText, ...]:
        """The texts that stand in files of their own, the editorial first."""
        return (self.editorial, *(section.body for section in self.sections))

    @cached_property
    def names(self) -> tuple[ParsedText, ...]:
        """The titles of the events and jobs, section by section, in the order of their headers.

        Readers see them as they are typed: they are parsed for what is looked for in them, and define nothing.
        """
        sources = [
            SourceText(text=title, file=section.body.file, first_line=line or 1)
            for section in self.issue.published_sections
            for title, line in (
                *((event.title, event.line) for event in section.events),
                *((job.title, job.line) for job in section.jobs),
            )
        ]
        document = parse_document([Part(one.text, is_inline=True) for one in sources], after=self.document)
        return tuple(
            ParsedText(source=source, published=publish(source.text), shown=shown, typed=typed)
            for source, shown, typed in zip(sources, document.parts, document.typed, strict=True)
        )


def parse_issue(issue: Issue, rules: MarkdownRules = USUAL_RULES) -> ParsedIssue:
    """Parse all texts of an issue: a reference or footnote defined in one section resolves in another."""
    texts: list[tuple[SourceText, Published]] = []
    parts: list[Part] = []

    def add(source: SourceText) -> None:
        published = publish(source.text)
        texts.append((source, published))
        parts.append(Part(published.text))

    add(issue.editorial)
    sections = [(one, sorted(one.events, key=lambda event: event.sort_key)) for one in issue.published_sections]
    for section, events in sections:
        file = section.body.file
        texts.append((SourceText(text=section.title, file=file), publish("")))
        parts.append(Part(section.title, is_inline=True))
        for event in events:
            add(
                SourceText(
                    text=event.description or "", file=file, first_line=event.description_line or event.line or 1
                )
            )
        add(section.body)
    document = parse_document(parts, rules=rules)
    parsed = (
        ParsedText(source=source, published=published, shown=shown, typed=typed)
        for (source, published), shown, typed in zip(texts, document.parts, document.typed, strict=True)
    )
    # In the order in which they were added.
    return ParsedIssue(
        issue=issue,
        editorial=next(parsed),
        sections=tuple(
            ParsedSection(
                section=section,
                title=next(parsed).shown,
                events=tuple((event, next(parsed)) for event in events),
                body=next(parsed),
            )
            for section, events in sections
        ),
        document=document,
    )
