"""What unknown words were meant to be: each takes a tenth of a second, so the likeliest slips are asked about first."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from newsletter_cli.base.values import replace
from newsletter_cli.check.language.reader import Fault, FaultKind
from newsletter_cli.check.language.slips import may_be_slip
from newsletter_cli.model.finding import MOST_PROPOSALS

# However busy the machine is: an issue with no more slips than that gets the same findings every time.
ALWAYS_ASKED = 24


class Proposer(Protocol):
    """A speller that knows what a word may have been meant to be."""

    def proposals(self, word: str, limit: int = MOST_PROPOSALS) -> tuple[str, ...]:
        """The likeliest first."""


class Proposals:
    """Asks spellers, by language, as long as there is time; what was asked once is known for good."""

    def __init__(self, spellers: Mapping[str, Proposer], clock: Callable[[], float] = time.monotonic) -> None:
        self._spellers = spellers
        self._clock = clock
        self._known: dict[tuple[str, str], tuple[str, ...]] = {}

    def ask(self, faults: Iterable[Fault], is_over: Callable[[], bool], at_least: int = 0) -> None:
        """Asks about the unknown words among these until it is over; what is no name, and stands there once, first.

        Of those that are likely slips, `at_least` so many are asked about in any case.
        """
        unknown = [one for one in faults if one.kind is FaultKind.SPELLING and one.piece.language in self._spellers]
        counts = Counter(one.words for one in unknown)
        likely = {one.words for one in unknown if may_be_slip(one.words, counts[one.words])}
        for one in sorted(unknown, key=lambda fault: (fault.words not in likely, counts[fault.words])):
            key = one.piece.language, one.words
            if key in self._known:
                continue
            if one.words in likely and at_least > 0:
                at_least -= 1
            elif is_over():
                return
            self._known[key] = self._spellers[key[0]].proposals(one.words)

    def ask_for(self, faults: Iterable[Fault], seconds: float, at_least: int = ALWAYS_ASKED) -> None:
        """The same, for so long."""
        end = self._clock() + seconds
        self.ask(faults, lambda: self._clock() > end, at_least)

    def added_to(self, faults: Iterable[Fault]) -> Sequence[Fault]:
        """The faults, those with what is known by now of their words."""
        return [
            replace(one, proposals=found) if (found := self._known.get((one.piece.language, one.words), ())) else one
            for one in faults
        ]
