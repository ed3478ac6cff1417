"""Markdown as text: its lines, and what is left of it without the comments for editors."""

from __future__ import annotations

import re
import sys
from bisect import bisect_right

from msgspec import Struct

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


class Published(Struct, frozen=True):
    """A text without the comments for editors.

    `lines` holds, for each line of `text`, the line of the source it came from; both count from 0. `pieces` holds
    where each piece between two comments begins, in `text` and in the source. `unclosed_line`: where a comment begins
    that is never closed; nothing is left out then.
    """

    text: str
    lines: tuple[int, ...]
    pieces: tuple[tuple[int, int], ...] = ((0, 0),)
    unclosed_line: int | None = None

    def source_offset(self, offset: int) -> int:
        """Where in the source the character at `offset` of `text` stands."""
        start, source = self.pieces[max(0, bisect_right(self.pieces, (offset, sys.maxsize)) - 1)]
        return source + offset - start


def split_lines(text: str) -> list[str]:
    r"""The lines of `text` with their line ends, as markdown-it counts them.

    Only `\n`, `\r\n` and a lone `\r` end a line (https://spec.commonmark.org/0.31.2/#line-ending);
    `str.splitlines` also cuts at form feeds, U+0085 or U+2028, and token maps would point elsewhere.
    """
    return LINE.findall(text)


def dominant_newline(text: str) -> str:
    r"""The line end most used in `text`; `\n` when there is none, and when two are used as often."""
    windows = text.count("\r\n")
    counts = {"\n": text.count("\n") - windows, "\r\n": windows, "\r": text.count("\r") - windows}
    return max(counts, key=lambda newline: counts[newline])
