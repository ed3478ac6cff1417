"""Rate limits: messages a minute, connections for each provider, and fewer where a server asks for it.

Times are monotonic seconds, handed in.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from msgspec import Struct

# A gate that has been closed for long lets no flood through: what was not sent then is not made up for.
MOST_SAVED_SECONDS = 1.0


class Rate(Struct, kw_only=True):
    """At most `per_minute` messages a minute, evenly; 0: as many as there are. Of `senders` that share it, each has an
    equal part.
    """

    per_minute: int
    next_at: float = 0.0
    senders: int = 1

    def wait_seconds(self, now: float) -> float:
        """How long until the next message may go."""
        return max(0.0, self.next_at - now) if self.per_minute else 0.0

    def take(self, now: float) -> None:
        """One goes."""
        if self.per_minute:
            self.next_at = max(self.next_at, now - MOST_SAVED_SECONDS) + 60 * self.senders / self.per_minute


@dataclass(slots=True, kw_only=True)
class Gate:
    """What one pacing rule lets through; 0 is no limit.

    `connections` counts the messages under way on each connection.
    """

    most_connections: int = 0
    per_minute: int = 0
    rate: Rate = field(init=False)
    connections: Counter[int] = field(default_factory=Counter)
    own_connections: int = field(init=False)

    def __post_init__(self) -> None:
        self.rate = Rate(per_minute=self.per_minute)
        self.own_connections = self.most_connections

    def share(self, rank: int, count: int) -> None:
        """This sender is number `rank` (from 0) of `count` that go by this rule: the limits are those of all."""
        self.rate.senders = count
        self.own_connections = self.most_connections // count + (rank < self.most_connections % count)

    @property
    def is_closed(self) -> bool:
        """Whether other senders have all the connections that there may be."""
        return bool(self.most_connections) and not self.own_connections

    def admits(self, connection: int) -> bool:
        """Whether a connection may carry this rule's mail now."""
        is_full = self.most_connections and len(self.connections) >= self.own_connections
        return not is_full or connection in self.connections

    def enter(self, connection: int, now: float) -> None:
        """A message is handed to a connection."""
        self.connections[connection] += 1
        self.rate.take(now)

    def leave(self, connection: int) -> None:
        """A message is over."""
        self.connections[connection] -= 1
        if self.connections[connection] <= 0:
            del self.connections[connection]


# A domain that said “not now” is written to at this distance first, then at twice that, up to the longest.
FIRST_GAP_SECONDS = 0.01
LONGEST_GAP_SECONDS = 0.25
STUBBORN_GAP_SECONDS = 0.08
# Answers that were under way when a domain was slowed down slow it no further.
SETTLING_SECONDS = 2.0
RECOVERY = 0.9
MOST_DOMAINS = 1_000


class _Slow(Struct, kw_only=True):
    gap_seconds: float
    slowed_at: float
    next_at: float


class SlowDomains:
    """Domains whose servers answered 4xx: each is written to more slowly until they take mail again (AIMD)."""

    def __init__(self) -> None:
        self._slow: dict[str, _Slow] = {}

    def slow_down(self, domain: str, now: float) -> None:
        """The domain answered “not now”."""
        slow = self._slow.get(domain)
        if slow is None:
            if len(self._slow) >= MOST_DOMAINS:
                del self._slow[next(iter(self._slow))]
            self._slow[domain] = _Slow(gap_seconds=FIRST_GAP_SECONDS, slowed_at=now, next_at=now + FIRST_GAP_SECONDS)
        elif now - slow.slowed_at >= SETTLING_SECONDS:
            slow.gap_seconds = min(LONGEST_GAP_SECONDS, slow.gap_seconds * 2)
            slow.slowed_at = now

    def speed_up(self, domain: str) -> None:
        """The domain took a message."""
        slow = self._slow.get(domain)
        if slow is not None:
            slow.gap_seconds *= RECOVERY
            if slow.gap_seconds < FIRST_GAP_SECONDS / 2:
                del self._slow[domain]

    def is_stubborn(self, domain: str) -> bool:
        """Whether the domain has been slowed down again and again."""
        slow = self._slow.get(domain)
        return slow is not None and slow.gap_seconds >= STUBBORN_GAP_SECONDS

    def wait_seconds(self, domain: str, now: float) -> float:
        """How long until the next message to the domain may go."""
        slow = self._slow.get(domain)
        return max(0.0, slow.next_at - now) if slow is not None else 0.0

    def take(self, domain: str, now: float) -> None:
        """One goes to the domain."""
        slow = self._slow.get(domain)
        if slow is not None:
            slow.next_at = now + slow.gap_seconds

    def __bool__(self) -> bool:
        return bool(self._slow)

    @property
    def names(self) -> list[str]:
        """The domains that are written to more slowly."""
        return list(self._slow)
