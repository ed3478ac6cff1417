"""English words that a French text borrows, “deep learning”: they are right, though no French dictionary has them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Protocol

from newsletter_cli.check.language.reader import Fault, FaultKind

# Words of French that stand before borrowed ones.
LEADING = frozenset(["data", "open", "big", "machine", "smart", "web", "business", "service", "green", "cloud", "up"])
# English words for which a French one is meant that is written nearly alike, and further away than `_slips` goes.
CONFUSED = frozenset((
    "address", "aggressive", "apartment", "carrot", "character", "comfort", "connection", "dance", "development",
    "envelope", "environment", "example", "exercise", "government", "hazard", "independence", "independent",
    "language", "literature", "marriage", "negotiation", "objective", "organization", "personal", "recommendation",
    "resource", "resources", "responsibility", "responsible", "rhythm", "success", "symmetry", "traffic", "transfer",
    "utilization",
))  # fmt: skip
# What a French word with other accents does not put in doubt: a version is beta, and a fool bêta.
BORROWED = frozenset(("beta",))
BEFORE = re.compile(r"([^\W\d_]+)[ \u00a0-]$")
BEHIND = re.compile(r"[ \u00a0-]([^\W\d_]+)")


class Speller(Protocol):
    """A dictionary."""

    def is_right(self, word: str) -> bool:
        """Whether it has the word."""

    def has_accented(self, word: str) -> bool:
        """Whether it has the word with other accents."""


def without_borrowed(faults: Iterable[Fault], french: Speller | None, english: Speller | None) -> Iterator[Fault]:
    """The faults but for those of borrowed words, where there is a dictionary of each language."""
    faults = list(faults)
    if french is None or english is None:
        yield from faults
        return
    unknown = {one.words.lower() for one in faults if one.kind is FaultKind.SPELLING}
    for one in faults:
        is_unknown = one.kind is FaultKind.SPELLING and one.piece.language == "fr"
        if not (is_unknown and english.is_right(one.words) and _is_borrowed(one, unknown, french, english)):
            yield one


def _is_borrowed(fault: Fault, unknown: set[str], french: Speller, english: Speller) -> bool:
    before, behind = BEFORE.search(fault.piece.text, 0, fault.start), BEHIND.match(fault.piece.text, fault.end)
    beside = [found[1].lower() for found in (before, behind) if found]
    if any((word in unknown and english.is_right(word)) or word in LEADING for word in beside):
        return True
    word = fault.words.lower()
    if "-" in word:
        return True
    if word in BORROWED:
        return True
    # “repertoire”, “selection”: English has them without the accents that were forgotten.
    return not (word in CONFUSED or french.has_accented(word) or any(french.is_right(slip) for slip in _slips(word)))


def _slips(word: str) -> Iterator[str]:
    """What a slip of the finger would have made it of: a letter too many, two that changed places, an ending lost."""
    for index in range(len(word)):
        yield word[:index] + word[index + 1 :]
        yield word[:index] + word[index] * 2 + word[index + 1 :]
        if index:
            yield word[: index - 1] + word[index] + word[index - 1] + word[index + 1 :]
    for ending in ("e", "s", "es", "t", "r"):
        yield word + ending
