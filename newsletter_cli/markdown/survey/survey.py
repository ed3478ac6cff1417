"""The survey of a text: its blocks, links, images and prose, each with its place."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property, lru_cache

from msgspec import Struct

from newsletter_cli.markdown.lines import LINE, Published, split_lines
from newsletter_cli.markdown.spans import Span
from newsletter_cli.markdown.survey.elements import Block, Definition, Footnote, ForeignMark, Image, Link, Mark, Run
from newsletter_cli.model import Edit, Place, SourceText

# Up to whatever Unicode takes for the end of a line.
FIRST_LINE = re.compile(r"[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*")


class Survey(Struct, frozen=True, kw_only=True, dict=True):
    """A text and what stands in it. Comments for editors (`<!-- nl: … -->`) hold nothing.

    With `is_exact` false the text has no place of its own in the file (an event's description, within YAML): its
    findings are placed on `source.first_line`, and nothing of it can be fixed. `tag_words` are tags that are shown as
    they were typed, `unclosed` those of elements that have no end, `lost` what stands in comments and programs
    without one.
    """

    source: SourceText
    published: Published
    blocks: tuple[Block, ...]
    links: tuple[Link, ...]
    images: tuple[Image, ...]
    runs: tuple[Run, ...]
    code: tuple[Mark, ...]
    html: tuple[Mark, ...]
    tag_words: tuple[Mark, ...]
    lost: tuple[Mark, ...]
    unclosed: tuple[Mark, ...]
    definitions: tuple[Definition, ...]
    footnotes: tuple[Footnote, ...]
    marks: tuple[ForeignMark, ...] = ()
    is_exact: bool = True

    def span(self, block: Block, start: int, end: int) -> Span:
        """Offsets in a block's `text` as offsets in the source."""
        return BlockLines(self.published, block.text, block.lines).span(start, end)

    def place(self, span: Span) -> Place:
        """Where a stretch of the source stands in its file."""
        if not self.is_exact:
            return Place(file=self.source.file, line=self.source.first_line)
        line, column = self._line_and_column(span.start)
        first = FIRST_LINE.match(self.source.text, span.start, span.end) if span.end > span.start else None
        length = first.end() - span.start if first else None
        return Place(file=self.source.file, line=line, column=column, length=length)

    def place_in(self, block: Block, start: int, end: int) -> Place:
        """Where a stretch of a block's `text` stands in the file."""
        return self.place(self.span(block, start, end))

    def line_of(self, offset: int) -> int:
        """The line of the file in which an offset of the source lies."""
        return self._line_and_column(offset)[0] if self.is_exact else self.source.first_line

    def edits(self, span: Span, new: str) -> tuple[Edit, ...]:
        """The edit that puts `new` in the place of a stretch; none where the text has no place of its own."""
        if not self.is_exact:
            return ()
        line, column = self._line_and_column(span.start)
        return (
            Edit(file=self.source.file, line=line, column=column, old=self.source.text[span.start : span.end], new=new),
        )

    def edits_in(self, block: Block, start: int, end: int, new: str) -> tuple[Edit, ...]:
        """The edit that puts `new` in the place of a stretch of a block's `text`; none across a comment for editors."""
        span = self.span(block, start, end)
        return self.edits(span, new) if span.end - span.start == end - start else ()

    def runs_of(self, block: int) -> tuple[Run, ...]:
        """The prose of the block of that index."""
        return tuple(self.runs[index] for index in self._runs_by_block.get(block, ()))

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines of the source, comments for editors included, with their line ends."""
        return tuple(split_lines(self.source.text))

    @cached_property
    def _line_starts(self) -> list[int]:
        return [found.start() for found in LINE.finditer(self.source.text)] or [0]

    @cached_property
    def _runs_by_block(self) -> dict[int, list[int]]:
        found: dict[int, list[int]] = {}
        for index, run in enumerate(self.runs):
            found.setdefault(run.block, []).append(index)
        return found

    def _line_and_column(self, offset: int) -> tuple[int, int]:
        index = max(0, bisect_right(self._line_starts, offset) - 1)
        return self.source.first_line + index, offset - self._line_starts[index] + 1


class BlockLines(Struct, frozen=True):
    """Turns offsets in a block's text into offsets in the source; `lines` is where each line of it begins."""

    published: Published
    text: str
    lines: tuple[int, ...]

    def span(self, start: int, end: int) -> Span:
        """A stretch of the block's text as one of the source."""
        first = self._offset(start)
        return Span(start=first, end=self._offset(end - 1) + 1 if end > start else first)

    def _offset(self, offset: int) -> int:
        starts = _starts_of_lines(self.text)
        index = bisect_right(starts, offset) - 1
        line = min(index, len(self.lines) - 1)
        return self.published.source_offset(self.lines[line] + offset - starts[max(index, 0)])


@lru_cache(maxsize=8)
def _starts_of_lines(text: str) -> tuple[int, ...]:
    """Where each line of a block's text begins. It is asked of one block many times over, then of the next."""
    return (0, *(found.end() for found in re.finditer("\n", text)))
