"""Lines for a terminal: in pieces that each have a style, broken at blanks that may break."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Self, TextIO

# On a narrower terminal lines are left as they are.
FEWEST_COLUMNS = 30
# What follows a label goes on under itself where it has this much room, else under the line's beginning.
FEWEST_UNDER = 24
WORD = re.compile(r"[^ ]+")
# rich breaks at every blank, those that must not break, too: while it works, a noncharacter stands for each.
HELD = {"\u00a0": "\ufdd0", "\u202f": "\ufdd1"}
_HOLD, _RELEASE = str.maketrans(HELD), str.maketrans({held: blank for blank, held in HELD.items()})


class Line(str):
    """A line that knows which style each of its pieces has ("" for none): plain text to all who do not ask.

    `hang`: how far what does not fit is indented; `None`: two blanks further than the line.
    """

    pieces: tuple[tuple[str, str], ...]
    hang: int | None
    __slots__ = ("hang", "pieces")

    def __new__(cls, *pieces: tuple[str, str], hang: int | None = None) -> Self:
        """Of pieces, each a text and the name of its style."""
        line = super().__new__(cls, "".join(text for text, _style in pieces))
        line.pieces, line.hang = pieces, hang
        return line


def hold(text: str) -> str:
    """The text with blanks that rich does not break at."""
    return text.translate(_HOLD)


def release(text: str) -> str:
    """The text with its own blanks again."""
    return text.translate(_RELEASE)


class ReleasingStream:
    """A stream that is written to by rich: what was held is released."""

    def __init__(self, stream: TextIO):
        self._stream = stream

    def write(self, text: str) -> int:
        """As the stream does."""
        return self._stream.write(release(text))

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


def cut(line: str, width: int, hang: int | None = None) -> Iterator[tuple[int, int, int]]:
    """Where the rows of a line begin and end, and how far each is indented: no command or path is cut in two."""
    if len(line) <= width or width < FEWEST_COLUMNS:
        yield 0, len(line), 0
        return
    usual = len(line) - len(line.lstrip()) + 2
    indent = usual if hang is None or width - hang < FEWEST_UNDER else hang
    start, end, shift = 0, 0, 0
    for word in WORD.finditer(line):
        if end and word.end() - start + shift > width:
            yield start, end, shift
            start, shift = word.start(), indent
        end = word.end()
    yield start, end, shift
