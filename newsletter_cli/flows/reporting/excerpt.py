"""The line a finding is about, as far as there is room, and where in it the fault stands."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from msgspec import Struct

TAB_STOP = 4
MORE = "…"
# What shows at its place: how much of a long line is kept before the fault.
CONTEXT_BEFORE = 24
JOINER = "\u200d"
# Mn, Me: they sit on the letter before. U+FE0F and the joiner make one emoji of several characters.
CLINGING = frozenset({"Mn", "Me"})
WORD = re.compile(r"\w+|\S")


class Excerpt(Struct, frozen=True, kw_only=True):
    """A line cut in three: before the fault, the fault, after it. All of it can be shown as it is.

    Without a column there is no fault to show, and all is `before`.
    """

    before: str
    fault: str
    after: str
    has_fault: bool

    @property
    def carets(self) -> str:
        """The line to set below, in a font of fixed width."""
        return " " * cells(self.before) + "^" * max(cells(self.fault), 1)


def excerpt(line: str, column: int | None, length: int | None, width: int) -> Excerpt:
    """The `line` in at most `width` columns, around the fault at `column` (from 1) of `length` characters.

    Without a length the fault is a word. What stands beyond the line's end is not shown.
    """
    line = line.rstrip()
    if column is None or not 1 <= column <= len(line) + 1:
        text = shown(line.strip())
        return Excerpt(before=_head(text, width), fault="", after="", has_fault=False)
    start = column - 1
    if length is None:
        word = WORD.match(line, start)
        length = len(word[0]) if word else 1
    end = min(start + length, len(line))
    # Indentation says nothing here and costs room, unless it is the fault.
    indent = min(len(line) - len(line.lstrip()), start)
    before = shown(line[indent:start])
    fault = shown(line[start:end], cells(before))
    after = shown(line[end:], cells(before) + cells(fault))
    return _cut(before, fault, after, width)


def _cut(before: str, fault: str, after: str, width: int) -> Excerpt:
    if cells(before + fault + after) <= width:
        return Excerpt(before=before, fault=fault, after=after, has_fault=True)
    room = width - min(cells(fault), width)
    behind = min(cells(after), room)
    ahead = max(room - behind, min(CONTEXT_BEFORE, room // 2))
    before = _tail(before, ahead)
    fault = _head(fault, width - cells(before))
    return Excerpt(before=before, fault=fault, after=_head(after, width - cells(before) - cells(fault)), has_fault=True)


def _head(text: str, width: int) -> str:
    if cells(text) <= width:
        return text
    kept = taken = 0
    for piece in _clusters(text):
        if taken + cells(piece) > width - 1:
            break
        kept += len(piece)
        taken += cells(piece)
    return text[:kept] + MORE if width > 0 else ""


def _tail(text: str, width: int) -> str:
    if cells(text) <= width:
        return text
    kept = taken = 0
    for piece in reversed(_clusters(text)):
        if taken + cells(piece) > width - 1:
            break
        kept += len(piece)
        taken += cells(piece)
    return MORE + text[len(text) - kept :] if width > 0 else ""


def _clusters(text: str) -> list[str]:
    """The characters as a reader counts them: a letter with its accents, an emoji of several."""
    clusters: list[str] = []
    for sign in text:
        if clusters and (unicodedata.category(sign) in CLINGING or sign == JOINER or clusters[-1].endswith(JOINER)):
            clusters[-1] += sign
        else:
            clusters.append(sign)
    return clusters


def shown(text: str, at: int = 0, *, names_blanks: bool = False) -> str:
    """The text with what would not show, or would drive the terminal, made visible; tabs as blanks from cell `at`.

    With `names_blanks` blanks other than the space bar's are named, too.
    """
    if text.isprintable():
        return text
    drawn = ""
    for index, sign in enumerate(text):
        is_blank = unicodedata.category(sign) == "Zs" and not names_blanks
        if sign == "\t":
            drawn += " " * (TAB_STOP - (at + cells(drawn)) % TAB_STOP)
        elif sign.isprintable() or is_blank or _joins(text, index):
            drawn += sign
        else:
            drawn += f"<U+{ord(sign):04X}>"
    return drawn


def _joins(text: str, index: int) -> bool:
    """Whether a joiner makes one emoji of its neighbours: between letters it is a fault to be seen."""
    around = text[index - 1 : index] + text[index + 1 : index + 2]
    return text[index] == JOINER and len(around) == 2 and all(ord(sign) > 0x2000 for sign in around)


@lru_cache(maxsize=4096)
def cells(text: str) -> int:
    """Columns that `text` takes on a terminal."""
    if text.isascii() or max(text) < "\u0300":
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)
