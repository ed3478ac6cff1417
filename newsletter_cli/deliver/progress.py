"""How a send is getting on: counts for the display, kept by the engine."""

from __future__ import annotations

from collections import Counter
from enum import Enum, auto

from msgspec import Struct, field


class SendTally(Struct, kw_only=True):
    """What this run has done. `total` is how many deliveries waited at its start; `deferred` are put off now; once the
    run is to end, `stopping` messages are waited for.
    """

    total: int
    sent: int = 0
    deferred: int = 0
    refused: int = 0
    in_doubt: int = 0
    sent_by_pace: Counter[str] = field(default_factory=Counter)
    last_failure: str = ""
    stopping: int = 0
    # What a person should know of the server.
    notes: list[str] = field(default_factory=list)

    @property
    def done(self) -> int:
        """How many are over for this run."""
        return self.sent + self.deferred + self.refused + self.in_doubt

    @property
    def left(self) -> int:
        """How many have still to be tried."""
        return max(0, self.total - self.done)

    def count_sent(self, pace: str) -> None:
        """One more was taken by the server."""
        self.sent += 1
        self.sent_by_pace[pace] += 1


class Ended(Enum):
    """Why a send stopped."""

    DONE = auto()
    LIMIT = auto()
    INTERRUPTED = auto()
    PAUSED = auto()
    # Workers send it.
    HANDED_OUT = auto()
    STOPPED = auto()


class Ending(Struct, frozen=True, kw_only=True):
    """How a send ended: `reason` and `hint` are for people, where it was stopped."""

    how: Ended
    reason: str = ""
    hint: str | None = None
