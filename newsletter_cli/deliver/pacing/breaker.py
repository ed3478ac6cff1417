"""When to stop everything: a server that refuses everybody must not be asked a hundred thousand times.

What is stopped stays pending; a person looks, and runs the same command again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from newsletter_cli.model.delivery import Reply

# RFC 3463 §3.2: X.1.Y is about the address; a list has dead addresses, also many in a row.
ABOUT_ADDRESS = re.compile(r"\d{3}[ -]5\.1\.\d|\b5\.1\.\d")
# A policy of each recipient's own, met by every first message.
GREYLISTED = re.compile(r"gr[ea]y-?\s?list", re.IGNORECASE)
MOST_REFUSALS = 25
# Even a very old list has somebody: so many dead addresses in a row are a server that knows nobody.
MOST_DEAD_ADDRESSES = 200
MOST_DEFERRALS = 100
FEWEST_DOMAINS = 3


@dataclass(slots=True)
class Breaker:
    """Counts what goes wrong without anything going right between."""

    refusals: int = 0
    dead_addresses: int = 0
    deferrals: int = 0
    domains: set[str] = field(default_factory=set)

    def sent(self) -> None:
        """Something was taken."""
        self.refusals = self.dead_addresses = self.deferrals = 0
        self.domains.clear()

    def refused(self, reply: Reply) -> bool:
        """A 5xx about a recipient or a message; whether it is time to stop."""
        if ABOUT_ADDRESS.search(reply.text):
            self.dead_addresses += 1
        else:
            self.refusals += 1
        return self.refusals >= MOST_REFUSALS or self.dead_addresses >= MOST_DEAD_ADDRESSES

    def deferred(self, reply: Reply, domain: str) -> bool:
        """A 4xx; whether it is time to stop: so many, from several domains at least."""
        if not is_greylisting(reply):
            self.deferrals += 1
            if len(self.domains) < FEWEST_DOMAINS:
                self.domains.add(domain)
        return self.deferrals >= MOST_DEFERRALS and len(self.domains) >= FEWEST_DOMAINS


def is_greylisting(reply: Reply) -> bool:
    """Whether the server only wants to see whether we come back."""
    return GREYLISTED.search(reply.text) is not None


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


# RFC 5321 §4.5.4.1 has half an hour between tries; greylisting wants a minute to five.
FIRST_WAIT_SECONDS = 60.0
LONGEST_WAIT_SECONDS = 1800.0


def deferral_wait_seconds(tries: int, patience_seconds: float, jitter: float) -> float:
    """How long a deferred delivery waits after its `tries`-th try: longer each time, spread by a quarter both ways.

    With little patience the first wait is a part of it, so that there is more than one try. `jitter` from 0 to 1.
    """
    first = min(FIRST_WAIT_SECONDS, max(1.0, patience_seconds / 20)) if patience_seconds else FIRST_WAIT_SECONDS
    return float(min(LONGEST_WAIT_SECONDS, first * 2 ** max(0, tries - 1)) * (0.75 + jitter / 2))
