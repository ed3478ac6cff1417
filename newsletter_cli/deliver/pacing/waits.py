"""When a delivery that was put off, and a connection that broke or could not be made, are tried again."""

from __future__ import annotations

from msgspec import Struct

# RFC 5321 §4.5.4.1 has half an hour between tries; greylisting wants a minute to five.
FIRST_WAIT_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 1800.0


def deferral_wait_seconds(tries: int, patience_seconds: float, jitter: float) -> float:
    """How long a deferred delivery waits after its `tries`-th try: longer each time, spread by a quarter both ways.

    With little patience the first wait is a part of it, so that there is more than one try. `jitter` from 0 to 1.
    """
    first = min(FIRST_WAIT_SECONDS, max(1.0, patience_seconds / 20)) if patience_seconds else FIRST_WAIT_SECONDS
    return float(min(LONGEST_WAIT_SECONDS, first * 2 ** max(0, tries - 1)) * (0.75 + jitter / 2))


# Waits before a connection is tried again, in seconds: about a minute in all, what a mail server takes to start again.
RECONNECT_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
# A server that was never reached is not starting again: its address is wrong, or it is down.
FIRST_RECONNECTS = 2


class Reconnecting(Struct):
    """When connections that broke or could not be made are tried again. Times are monotonic seconds."""

    streak: int = 0
    next_at: float = 0.0
    has_worked: bool = False

    def worked(self) -> None:
        """The server answered about a message."""
        self.streak = 0
        self.has_worked = True

    def failed(self, now: float, jitter: float) -> bool:
        """A connection broke (`jitter` from 0 to 1); whether it is time to stop. All that break at once count once."""
        if now < self.next_at:
            return False
        most = len(RECONNECT_SECONDS) if self.has_worked else FIRST_RECONNECTS
        if self.streak >= most:
            return True
        self.next_at = now + RECONNECT_SECONDS[self.streak] * (0.75 + jitter / 2)
        self.streak += 1
        return False
