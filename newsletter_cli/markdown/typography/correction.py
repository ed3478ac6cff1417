"""What a correction is, and what a newsletter may choose."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

Kind = Literal["space", "quote", "apostrophe", "ellipsis", "double-space", "capital"]

NO_BREAK, NARROW = "\u00a0", "\u202f"
# Any of these is right where a space must not break: an editor who typed one has thought of it.
UNBREAKABLE = frozenset((NO_BREAK, NARROW, "\u2060"))
# Stands for what is no prose: code, an address, an image, a bold mark.
OPAQUE = "\ufffc"


class Correction(Struct, frozen=True, kw_only=True):
    """From `start` to `end` (exclusive, Python string offsets) the text should be `new`; equal ones insert."""

    start: int
    end: int
    new: str
    kind: Kind


class TypographyRules(Struct, frozen=True, kw_only=True):
    """`narrow`: U+202F before `; ! ?`, else U+00A0. `quotes`: French quotation marks become guillemets."""

    narrow: bool = True
    quotes: bool = True


def apply_corrections(text: str, corrections: Iterable[Correction]) -> str:
    """The text with its corrections, which are in order and do not overlap."""
    parts = []
    position = 0
    for one in corrections:
        parts += [text[position : one.start], one.new]
        position = one.end
    return "".join([*parts, text[position:]])
