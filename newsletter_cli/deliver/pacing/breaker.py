"""When a send stops by itself: a server that refuses everybody must not be asked a hundred thousand times.

What is stopped stays pending; a person looks, and runs the same command again. A count means something only where it is
a sample of the list: those who were put off before are none, nor is one provider's domain.
"""

from __future__ import annotations

import re
from collections import Counter

from msgspec import Struct, field

from newsletter_cli.model.delivery import Reply

# RFC 3463 §3.2: X.1.Y is about the address; a list has dead addresses, also many in a row.
ABOUT_ADDRESS = "5.1."
# A policy of each recipient's own, met by every first message.
GREYLISTED = re.compile(r"gr[ea]y-?\s?list", re.IGNORECASE)
MOST_REFUSALS = 25
# Even a very old list has somebody: so many dead addresses in a row are a server that knows nobody.
MOST_DEAD_ADDRESSES = 200
MOST_DEFERRALS = 100
# One domain counts for no more than this: it takes three at least to speak for the server.
MOST_OF_A_DOMAIN = 34
# RFC 3463 §3.3: X.2.Y is about a mailbox: full, busy, switched off.
ABOUT_MAILBOX = "4.2."
# After a rest so many tell whether the server still puts everybody off.
PROBES = 10


class Breaker(Struct, kw_only=True):
    """Counts failures in a row, without a success between them. `rests`: how often the send has rested since."""

    refusals: int = 0
    dead_addresses: int = 0
    deferrals: Counter[str] = field(default_factory=Counter)
    rests: int = 0

    def sent(self) -> None:
        """Something was taken."""
        self.refusals = self.dead_addresses = self.rests = 0
        self.deferrals.clear()

    def refused(self, reply: Reply) -> bool:
        """A 5xx about a recipient or a message; whether it is time to stop."""
        if reply.enhanced_status.startswith(ABOUT_ADDRESS):
            self.dead_addresses += 1
        else:
            self.refusals += 1
        return self.refusals >= MOST_REFUSALS or self.dead_addresses >= MOST_DEAD_ADDRESSES

    def deferred(self, reply: Reply, domain: str, *, is_first_try: bool) -> bool:
        """A 4xx; whether it is time to rest, or to stop: so many, from several domains at least.

        Who was put off before and is put off again says nothing about the others.
        """
        if not is_first_try or is_about_recipient(reply):
            return False
        if self.deferrals[domain] < MOST_OF_A_DOMAIN:
            self.deferrals[domain] += 1
        return self.deferrals.total() >= (PROBES if self.rests else MOST_DEFERRALS)

    def rested(self) -> None:
        """The send has waited because everybody was put off: a few are asked now."""
        self.rests += 1
        self.deferrals.clear()


def is_about_recipient(reply: Reply) -> bool:
    """Whether a 4xx is about this recipient alone, whatever becomes of the others."""
    return is_greylisting(reply) or reply.enhanced_status.startswith(ABOUT_MAILBOX)


def is_greylisting(reply: Reply) -> bool:
    """Whether the server only wants to see whether we come back."""
    return GREYLISTED.search(reply.text) is not None
