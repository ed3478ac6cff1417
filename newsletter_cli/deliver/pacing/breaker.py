"""When to stop everything: a server that refuses everybody must not be asked a hundred thousand times.

What is stopped stays pending; a person looks, and runs the same command again.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from newsletter_cli.model.delivery import Reply

# RFC 3463 §3.2: X.1.Y is about the address; a list has dead addresses, also many in a row.
ABOUT_ADDRESS = "5.1."
# A policy of each recipient's own, met by every first message.
GREYLISTED = re.compile(r"gr[ea]y-?\s?list", re.IGNORECASE)
MOST_REFUSALS = 25
# Even a very old list has somebody: so many dead addresses in a row are a server that knows nobody.
MOST_DEAD_ADDRESSES = 200
MOST_DEFERRALS = 100
FEWEST_DOMAINS = 3


@dataclass(slots=True, kw_only=True)
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
        if reply.enhanced_status.startswith(ABOUT_ADDRESS):
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
