"""Words that are right in this newsletter although no dictionary has them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from newsletter_cli.check.language.word_forms import plain_word

# What parts the words of a term: data scientist, start-up, bottom-up.
PARTING = re.compile(r"[\s'-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWords:
    """The newsletter's own words (`words.txt`) and the names it has learnt.

    A word in small letters stands for its forms with capitals, and for its plural in -s, too; one with a capital
    stands for itself and for all in capitals. Several words in one are a term: its words are right where it stands.
    """

    words: frozenset[str] = frozenset()
    _plain: frozenset[str] = field(init=False, repr=False, compare=False)
    _capitals: frozenset[str] = field(init=False, repr=False, compare=False)
    _terms: dict[str, tuple[re.Pattern[str], ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        plain = frozenset(map(plain_word, self.words)) - {""}
        object.__setattr__(self, "_plain", plain)
        object.__setattr__(self, "_capitals", frozenset(word.upper() for word in plain))
        object.__setattr__(self, "_terms", _terms_of(plain))

    def has(self, word: str) -> bool:
        """Whether the word is one of them."""
        plain = plain_word(word)
        small = plain.lower()
        if plain in self._plain or small in self._plain or small.removesuffix("s") in self._plain:
            return True
        return plain.isupper() and plain in self._capitals

    def has_at(self, text: str, start: int, end: int) -> bool:
        """Whether the stretch of the text is one of them, or stands within a term."""
        if self.has(text[start:end]):
            return True
        terms = {
            term
            for word in PARTING.split(plain_word(text[start:end]).lower())
            for form in (word, word.removesuffix("s"))
            for term in self._terms.get(form, ())
        }
        return any(found.start() <= start and end <= found.end() for term in terms for found in term.finditer(text))

    def __or__(self, other: KnownWords) -> KnownWords:
        return KnownWords(words=self.words | other.words)


def _terms_of(words: Iterable[str]) -> dict[str, tuple[re.Pattern[str], ...]]:
    """For each word of a term, in small letters, the terms that it is in."""
    found: dict[str, tuple[re.Pattern[str], ...]] = {}
    for term in words:
        parts = PARTING.split(term)
        if len(parts) > 1:
            joined = r"s?[\s'’‐‑-]+".join(map(re.escape, parts))
            pattern = re.compile(rf"(?<!\w){joined}s?(?!\w)", re.IGNORECASE)
            for part in parts:
                found[part.lower()] = (*found.get(part.lower(), ()), pattern)
    return found
