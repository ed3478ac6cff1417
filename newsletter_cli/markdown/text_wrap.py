"""Lines of plain text: how wide they are and where they may break.

`textwrap` is of no use here: it counts characters instead of columns, splits URLs at hyphens, and in
places breaks at non-breaking spaces.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from newsletter_cli.base.remembering import remembered

# A word that stands alone but belongs to its neighbour: French sets « a : b » and not every author
# types the non-breaking space.
_CLOSING = frozenset([":", ";", "!", "?", "»", "%", "€", ":)"])
_OPENING = frozenset(["«"])
_FIRST_WIDE = "\u1100"  # nothing below this code point is wide
_FIRST_UNUSUAL = "\u0300"  # nothing below is wide or of no width, but the soft hyphen
_URL = re.compile(r"://|^\W*(?:mailto:|www\.)", re.IGNORECASE)


def display_width(text: str) -> int:
    """Columns that `text` takes in a fixed-width font: East Asian wide characters 2, combining marks 0."""
    if text.isascii() or max(text) < _FIRST_UNUSUAL:
        return len(text)
    return sum(map(_character_width, text))


@lru_cache(maxsize=4096)
def _character_width(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` columns, broken at U+0020 and between ideographs only.

    A word longer than that, such as a URL, has a line to itself, whole. White space must have been
    collapsed. No line begins or ends with a space; no text gives no line.
    """
    if len(text) <= width // 2 or (text.isascii() and len(text) <= width):
        return [text] if text else []
    return list(_lines(text, width))


@remembered()
def _lines(text: str, width: int) -> tuple[str, ...]:
    lines: list[str] = []
    line: list[str] = []
    taken = 0
    for atom, gap in _atoms(text):
        atom_width = display_width(atom)
        if line and taken + gap + atom_width > width:
            lines.append("".join(line))
            line, taken = [atom], atom_width
        else:
            line.append(" " + atom if gap and line else atom)
            taken += atom_width + (gap if taken else 0)
    if line:
        lines.append("".join(line))
    return tuple(lines)


def _atoms(text: str) -> Iterator[tuple[str, int]]:
    """What must not be broken, each with the number of spaces (0 or 1) before it."""
    held = ""
    for word in text.split(" "):
        if not word:
            continue
        if held and (word in _CLOSING or held in _OPENING or held.endswith(" «")):
            held = f"{held} {word}"
            continue
        if held:
            yield from _pieces(held)
        held = word
    if held:
        yield from _pieces(held)


def _pieces(word: str) -> Iterator[tuple[str, int]]:
    if word.isascii() or max(word) < _FIRST_WIDE or _URL.search(word):
        yield word, 1
        return
    start, gap = 0, 1
    for position in range(1, len(word)):
        if _is_break(word[position - 1], word[position]):
            yield word[start:position], gap
            start, gap = position, 0
    yield word[start:], gap


def _is_break(before: str, after: str) -> bool:
    # Between two ideographs or kana, never before a closing or after an opening mark; Hangul keeps its
    # words together, and an emoji is not torn from its modifier.
    if _character_width(before) != 2 or _character_width(after) != 2:
        return False
    if unicodedata.category(before) in {"Ps", "Pi"} or "\uac00" <= after <= "\ud7a3":
        return False
    return unicodedata.category(after) in {"Lo", "Ps", "Pi"}
