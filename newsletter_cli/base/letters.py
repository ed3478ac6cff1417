"""Letters without what stands above or below them, for comparing what people type."""

from __future__ import annotations

import unicodedata


def without_accents(text: str) -> str:
    """The text decomposed (Unicode's NFKD), its combining signs left out: `Décembre` → `Decembre`, `ﬁ` → `fi`."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
