"""How wide words are that no browser has set yet."""

from __future__ import annotations

import unicodedata

SIZE = 13.0
LINE = 1.35
# In parts of the size; as wide sans serifs have them (Verdana, DejaVu Sans).
NARROW, USUAL, WIDE, WIDEST = 0.42, 0.68, 0.88, 1.05
_NARROW = frozenset("ijlftr.,:;'’|!()[] \u00a0\u202f·-")
_WIDEST = frozenset("mwMW@%—…")
ENDED = "…"


def width_of(text: str, size: float = SIZE) -> float:
    """The most that the text is wide."""
    return sum(map(_part, text)) * size


def _part(sign: str) -> float:
    if sign in _NARROW:
        return NARROW
    if sign in _WIDEST:
        return WIDEST
    if unicodedata.combining(sign):
        return 0.0
    if unicodedata.east_asian_width(sign) in ("W", "F"):
        return WIDEST
    return WIDE if sign.isupper() or not sign.isalnum() else USUAL


def fitted(text: str, room: float, size: float = SIZE) -> str:
    """The text, or as much of its beginning as there is room for."""
    if width_of(text, size) <= room:
        return text
    left = room - width_of(ENDED, size)
    kept = 0
    for sign in text:
        left -= _part(sign) * size
        if left < 0:
            break
        kept += 1
    return text[:kept].rstrip() + ENDED if kept else ""
