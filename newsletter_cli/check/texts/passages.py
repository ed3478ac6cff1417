"""The prose of a manuscript, passage by passage, and the lines of its headers: what the rules that read are given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from newsletter_cli.check.subjects.manuscript import Manuscript, Text
from newsletter_cli.check.texts.typed_value import TypedValue, find_typed
from newsletter_cli.markdown.dates import Mention, find_dates
from newsletter_cli.markdown.survey import NOT_PROSE, Block, Survey
from newsletter_cli.markdown.typography import is_other_language
from newsletter_cli.model import Edit, Place, Section

AGENDA = "agenda"


class Passage(Struct, frozen=True):
    """A paragraph, a heading, a cell, or a line of a header.

    `prose` has U+FFFC for what is none: code, addresses, mark-up, words in another language. A line of a header has no
    `text` and `block`; `typed` is where its value stands in its file. `is_agenda`: it announces what is to come.
    """

    prose: str
    text: Text | None
    block: Block | None
    index: int
    line: Place | None
    is_agenda: bool = False
    typed: TypedValue | None = None

    def place(self, start: int, end: int) -> Place:
        """Where a stretch of the prose stands."""
        if self.typed is not None:
            return self.typed.place(start, end)
        if self.text is None or self.block is None:
            assert self.line is not None
            return self.line
        return self.text.survey.place_in(self.block, start, end)

    def edits(self, start: int, end: int, new: str) -> tuple[Edit, ...]:
        """The edit that puts `new` there; none for a line of a header whose value is not found in it."""
        if self.typed is not None:
            return self.typed.edits(start, end, new)
        if self.text is None or self.block is None:
            return ()
        return self.text.survey.edits_in(self.block, start, end, new)

    def words(self, start: int, end: int) -> str:
        """A stretch as it is read, on one line."""
        return " ".join(self.prose[start:end].replace(NOT_PROSE, "").split())


def body_passages(manuscript: Manuscript) -> Iterator[Passage]:
    """The passages of the bodies that are in the newsletter's language, in order."""
    yield from _passages(manuscript, manuscript.texts)


def all_passages(manuscript: Manuscript) -> Iterator[Passage]:
    """Those of the bodies, of events and jobs, and of the other lines of the headers."""
    yield from _passages(manuscript, manuscript.all_texts)
    for value, place in header_fields(manuscript):
        yield Passage(value, None, None, 0, place)


def sentences(manuscript: Manuscript) -> Iterator[Passage]:
    """All that says something, in whatever language: bodies, the titles and descriptions of headers, exactly placed."""
    for text in manuscript.all_texts:
        for index, block in enumerate(text.survey.blocks):
            if block.kind not in ("html", "code") and block.prose.strip(NOT_PROSE + " \n"):
                typed = None
                if not text.survey.is_exact:
                    source = text.survey.source
                    typed = find_typed(manuscript.files, source.file, source.first_line, block.text)
                yield Passage(_without_foreign(text.survey, index, block), text, block, index, None, typed=typed)
    for value, place in header_sentences(manuscript):
        yield Passage(value, None, None, 0, place, typed=find_typed(manuscript.files, place.file, place.line, value))


def mentions(manuscript: Manuscript) -> Iterator[tuple[Passage, Mention]]:
    """Every mention of a day in French or English, with its passage."""
    for passage in all_passages(manuscript):
        for mention in find_dates(passage.prose, manuscript.language):
            yield passage, mention


def issue_day(manuscript: Manuscript) -> date | None:
    """The day of the issue."""
    moment = manuscript.issue.date
    return None if moment is None else moment.date()


def _passages(manuscript: Manuscript, texts: tuple[Text, ...]) -> Iterator[Passage]:
    language = manuscript.language.lower().partition("-")[0]
    for text in texts:
        section = text.section
        is_agenda = section is not None and (section.slug == AGENDA or bool(section.events))
        for index, block in enumerate(text.survey.blocks):
            if block.kind in ("html", "code") or not block.prose.strip(NOT_PROSE + " \n"):
                continue
            prose = _without_foreign(text.survey, index, block)
            if not is_other_language(prose.replace(NOT_PROSE, " "), language):
                yield Passage(prose, text, block, index, None, is_agenda)


def _without_foreign(survey: Survey, index: int, block: Block) -> str:
    """The prose without what raw HTML says to be in another language."""
    runs = survey.runs_of(index)
    if not any(run.is_foreign for run in runs):
        return block.prose
    parts, position = [], 0
    for run in runs:
        start = block.prose.find(run.text, position)
        if start < 0:
            continue
        parts.append(block.prose[position:start])
        position = start + len(run.text)
        parts.append(NOT_PROSE * len(run.text) if run.is_foreign else run.text)
    return "".join((*parts, block.prose[position:]))


def header_fields(manuscript: Manuscript) -> Iterator[tuple[str, Place]]:
    """Each such text that somebody typed, with its line. Those of events and jobs are `Manuscript.header_texts`."""
    yield from header_sentences(manuscript)
    yield from header_names(manuscript)


def header_sentences(manuscript: Manuscript) -> Iterator[tuple[str, Place]]:
    """Those that say something: titles, the summary."""
    issue = manuscript.issue
    for name in ("title", "summary", "subject", "preheader"):
        value = getattr(issue, name)
        if value and name in issue.lines:
            yield value, manuscript.field(name)
    for section in issue.published_sections:
        if section.title and "title" in section.lines:
            yield section.title, manuscript.field("title", section)


def header_names(manuscript: Manuscript) -> Iterator[tuple[str, Place]]:
    """Those that name somebody or somewhere: authors, places, employers."""
    for section in manuscript.issue.published_sections:
        yield from _names_of(manuscript, section)


def _names_of(manuscript: Manuscript, section: Section) -> Iterator[tuple[str, Place]]:
    if section.author and "author" in section.lines:
        yield section.author, manuscript.field("author", section)
    file = section.body.file
    for event in section.events:
        if event.place:
            yield event.place, Place(file=file, line=event.line or 1)
    for job in section.jobs:
        if job.employer:
            yield job.employer, Place(file=file, line=job.line or 1)
