"""A passage as the programs that read for language are given it: one line of words, with the way back to its source."""

from __future__ import annotations

from dataclasses import dataclass

from newsletter_cli.check.texts.passages import Passage
from newsletter_cli.model import Edit, Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A paragraph, a heading, a cell or a line of a header, without what is no prose.

    `text` is one line. `offsets` has for each of its characters the offset in `passage.prose`. `language` is the one
    it is written in: `fr`, `en`.
    """

    text: str
    offsets: tuple[int, ...]
    passage: Passage
    language: str

    def place(self, start: int, end: int) -> Place:
        """Where a stretch of the text stands in the file."""
        return self.passage.place(self.offsets[start], self.offsets[end - 1] + 1)

    def edits(self, start: int, end: int, new: str) -> tuple[Edit, ...]:
        """The edit that puts `new` there; none where marks or line ends stand within the stretch."""
        first, last = self.offsets[start], self.offsets[end - 1]
        if last - first != end - 1 - start:
            return ()
        return self.passage.edits(first, last + 1, new)
