"""What people type, made alike for comparing: letters without what stands above or below them, in small."""

from __future__ import annotations

import unicodedata


def without_accents(text: str) -> str:
    """The text decomposed (Unicode's NFKD), its combining signs left out: `Décembre` → `Decembre`, `ﬁ` → `fi`."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))


def plain_letters(text: str) -> str:
    """The text in small letters, without accents and ligatures: `Cœur d’été` → `coeur d’ete`."""
    small = text.casefold()
    if not small.isascii():
        small = without_accents(small.replace("œ", "oe").replace("æ", "ae")).casefold()
    return small


def letters_only(text: str) -> str:
    """Its plain letters and digits alone: `Zoom projet (2)` → `zoomprojet2`."""
    return "".join(sign for sign in plain_letters(text) if sign.isalnum())
