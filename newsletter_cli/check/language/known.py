"""Words that are right in this newsletter although no dictionary has them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWords:
    """The newsletter's own words (`words.txt`) and the names it has learnt.

    A word in small letters stands for its forms with capitals, too; one with a capital stands for itself and for all
    in capitals.
    """

    words: frozenset[str] = frozenset()

    def has(self, word: str) -> bool:
        """Whether the word is one of them."""
        return word in self.words or word.lower() in self.words
