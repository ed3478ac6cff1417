"""When a connection that broke, or could not be made, is tried again."""

from __future__ import annotations

from dataclasses import dataclass

# Waits before a connection is tried again, in seconds: about a minute in all, what a mail server takes to start again.
RECONNECT_SECONDS = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
# A server that was never reached is not starting again: its address is wrong, or it is down.
FIRST_RECONNECTS = 2


@dataclass(slots=True)
class Reconnecting:
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
