"""Which unknown words are likely slips, and which are likely names: by their looks alone."""

from __future__ import annotations

# From so many letters on, a word with a capital may be one of the dictionary with a slip.
LONG_WORD = 8


def may_be_slip(word: str, count: int) -> bool:
    """Whether an unknown word that stands in the texts so many times may be no name, going by its looks."""
    return not word[:1].isupper() or (len(word) >= LONG_WORD and count == 1)
