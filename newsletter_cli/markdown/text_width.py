"""How wide a text is on a screen, estimated from a table of letters.

Nobody knows which font a reader has: the table is that of DejaVu Sans, the widest that is usual (Segoe UI and Arial
take a tenth less), so that what is said to fit does fit.
"""

from __future__ import annotations

import unicodedata
from functools import cache

# In hundredths of the font's size, rounded up.
_CLASSES = {
    30: "IJijl",
    35: ",./:;\\|'’‘·",
    40: "!()-[]ft",
    45: "r",
    50: '"*_`–',
    55: "?csz",
    60: "FLkvxy",
    65: "$0123456789EPSTYabdeghnopqu{}€«»",
    70: "ABCKRVXZ",
    75: "NU",
    80: "&DGHOQ",
    85: "#+<=>^w~",
    90: "M",
    95: "%",
    100: "@Wm—…",
}
_WIDTHS = {letter: width for width, letters in _CLASSES.items() for letter in letters}
_BLANK, _WIDE, _PICTOGRAM, _CAPITAL, _OTHER = 32, 100, 140, 100, 95
BOLD = 1.13
_FIRST_PICTOGRAM = "\U0001f000"
# Where a line may end: white space but the no-break ones, a soft hyphen, a zero-width space.
BREAKS = frozenset(" \t\n\r\f\u00ad\u200b")


def letter_width(letter: str) -> int:
    """The width of one character in hundredths of the font's size."""
    width = _WIDTHS.get(letter)
    return _looked_up(letter) if width is None else width


@cache
def _looked_up(letter: str) -> int:
    category = unicodedata.category(letter)
    if category in {"Mn", "Me", "Cf"}:
        return 0
    if letter.isspace():
        return _BLANK
    if letter >= _FIRST_PICTOGRAM:
        return _PICTOGRAM
    if unicodedata.east_asian_width(letter) in "WF":
        return _WIDE
    bare = unicodedata.normalize("NFD", letter)[0]
    return _WIDTHS.get(bare) or (_CAPITAL if category == "Lu" else _OTHER)


def text_width(text: str, size_px: float, *, is_bold: bool = False) -> float:
    """The width of a text in one line, in CSS pixels, at a font size of `size_px`."""
    return sum(map(letter_width, text)) * size_px * (BOLD if is_bold else 1) / 100


def is_break_between(before: str, after: str) -> bool:
    """Whether a line may end between two letters: ideographs and kana need no blank."""
    return before in BREAKS or after in BREAKS or (_is_ideograph(before) and _is_ideograph(after))


@cache
def _is_ideograph(letter: str) -> bool:
    is_hangul = "\uac00" <= letter <= "\ud7a3"
    return letter >= "\u2e80" and not is_hangul and unicodedata.east_asian_width(letter) in "WF"
