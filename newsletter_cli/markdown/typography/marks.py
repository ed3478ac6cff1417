"""What French and English share: apostrophes and ellipses."""

from __future__ import annotations

from newsletter_cli.markdown.typography.correction import OPAQUE, Correction

# Words that lose their last vowel before another.
ELIDED = frozenset((*"ldnsjmtc", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu", "quelqu", "presqu"))
LONGEST_ELIDED = 7


def apostrophe(text: str, at: int) -> Correction | None:
    """`l'eau`, `don't` → U+2019. Minutes and single quotation marks are none."""
    before, after = text[at - 1 : at], text[at + 1 : at + 2]
    if not before.isalpha():
        return None
    if after.isalpha() or ((after.isdigit() or after in ("«", "“", '"', OPAQUE)) and after and _is_elided(text, at)):
        return Correction(start=at, end=at + 1, new="’", kind="apostrophe")
    return None


def _is_elided(text: str, at: int) -> bool:
    start = at
    while start > max(0, at - LONGEST_ELIDED - 1) and text[start - 1].isalpha():
        start -= 1
    return text[start:at].lower() in ELIDED


def ellipsis(text: str, at: int) -> Correction | None:
    """Three dots, no more and no fewer, that are no part of a path or of a program."""
    before, after = text[at - 1 : at] if at else "", text[at + 3 : at + 4]
    if before in (".", "/", "\\") or after in (".", "/", "\\") or after.isalnum():
        return None
    return Correction(start=at, end=at + 3, new="…", kind="ellipsis")
