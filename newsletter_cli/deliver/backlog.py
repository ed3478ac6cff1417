"""The queue of a send: deliveries claimed from the ledger a few at a time, handed out as the rate limits allow.

Memory is bounded by the numbers below, whatever the length of the list.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence

from newsletter_cli.deliver.ledger.records import Claimed
from newsletter_cli.deliver.pacing.gates import Gate, Rate, SlowDomains
from newsletter_cli.deliver.pacing.rules import PaceRule

CLAIMED_AT_ONCE = 128
# Rows of domains that are written to slowly wait here, so that the others overtake them.
MOST_PARKED = 1_000
# Beyond that, those of a domain that stays slow go back to the ledger for a while, so many in a round.
MOST_GIVEN_BACK = 128


class Backlog:
    """The deliveries that wait, in the order of the list within each pacing rule. Times are monotonic seconds.

    `claim(pace, limit)` takes deliveries from the ledger. `given_back` are claimed ones that should go back to it for
    a while: whoever keeps the ledger empties it.
    """

    def __init__(
        self,
        paces: Sequence[str],
        rules: Mapping[str, PaceRule],
        *,
        per_minute: int,
        claim: Callable[[str, int], list[Claimed]],
    ):
        self._claim = claim
        self.given_back: list[Claimed] = []
        # Whether somebody was passed over because other connections carry their rule's mail.
        self.is_waiting_for_connection = False
        self._overall = Rate(per_minute=per_minute)
        self._gates = {pace: _gate_of(rules.get(pace)) for pace in paces}
        self._queues: dict[str, deque[Claimed]] = {pace: deque() for pace in paces}
        self._dry: set[str] = set()
        self._order = deque(paces)
        self._parked: dict[str, deque[Claimed]] = {}
        self._parked_count = 0
        self.slow = SlowDomains()

    def next(self, connection: int, now: float) -> Claimed | None:
        """The next delivery that this connection may carry now; the gates count it as under way."""
        self.is_waiting_for_connection = False
        if self._overall.wait_seconds(now):
            return None
        found = self._next_parked(connection, now) or self._next_queued(connection, now)
        if found is not None:
            self._overall.take(now)
            self._gates[found.pace].enter(connection, now)
            self.slow.take(found.domain, now)
        return found

    def leave(self, row: Claimed, connection: int) -> None:
        """A delivery that was under way is over, however it ended."""
        self._gates[row.pace].leave(connection)

    def put_last(self, row: Claimed) -> None:
        """Nothing happened to a claimed delivery: its turn comes again, after those claimed with it."""
        self._queues[row.pace].append(row)

    @property
    def is_limited(self) -> bool:
        """Whether any rule holds back what waits."""
        gates = self._gates.values()
        return bool(self._overall.per_minute) or any(one.most_connections or one.rate.per_minute for one in gates)

    def share(self, rank: int, count: int) -> None:
        """This sender is number `rank` (from 0) of `count` that send the same issue: together they keep the limits."""
        self._overall.senders = count
        for pace, gate in self._gates.items():
            gate.share(rank, count)
            if gate.is_closed:
                # Others carry this rule's mail: what was claimed of it is theirs to claim.
                self.given_back += self._queues[pace]
                self._queues[pace].clear()

    def look_again(self) -> None:
        """The ledger may hold deliveries again that are due."""
        self._dry.clear()

    def wait_seconds(self, now: float) -> float | None:
        """How long until a delivery may go that a rate holds back now; `None` where none is held back by time."""
        waits = [self.slow.wait_seconds(domain, now) for domain, rows in self._parked.items() if rows]
        waits += [self._gates[pace].rate.wait_seconds(now) for pace in self._order if self._has_rows(pace)]
        waits.append(self._overall.wait_seconds(now))
        # What waits for a connection of its rule is woken by what happens there.
        return min((wait for wait in waits if wait > 0), default=None)

    def has_more(self) -> bool:
        """Whether anything is claimed, or can be."""
        return self._parked_count > 0 or any(self._first(pace) is not None for pace in self._order)

    def drain(self) -> Iterable[Claimed]:
        """All that is claimed and not under way; the backlog is empty then."""
        for rows in (*self._queues.values(), *self._parked.values()):
            yield from rows
            rows.clear()
        self._parked_count = 0

    def _has_rows(self, pace: str) -> bool:
        return bool(self._queues[pace]) or pace not in self._dry

    def _next_parked(self, connection: int, now: float) -> Claimed | None:
        for domain, rows in self._parked.items():
            if rows and self._may_go(rows[0], connection, now) and not self.slow.wait_seconds(domain, now):
                self._parked_count -= 1
                row = rows.popleft()
                if not rows:
                    del self._parked[domain]
                return row
        return None

    def _next_queued(self, connection: int, now: float) -> Claimed | None:
        for _turn in range(len(self._order)):
            pace = self._order[0]
            self._order.rotate(-1)
            row = self._next_of(pace, connection, now)
            if row is not None:
                return row
        return None

    def _next_of(self, pace: str, connection: int, now: float) -> Claimed | None:
        while (row := self._first(pace)) is not None and self._may_go(row, connection, now):
            if not self.slow or not self._is_held(row, now):
                return self._queues[pace].popleft()
            if self._parked_count < MOST_PARKED:
                self._parked.setdefault(row.domain, deque()).append(row)
                self._parked_count += 1
            elif self.slow.is_stubborn(row.domain) and len(self.given_back) < MOST_GIVEN_BACK:
                self.given_back.append(row)
            else:
                return None
            self._queues[pace].popleft()
        return None

    def _is_held(self, row: Claimed, now: float) -> bool:
        # Whoever waits already goes first.
        return row.domain in self._parked or self.slow.wait_seconds(row.domain, now) > 0

    def _may_go(self, row: Claimed, connection: int, now: float) -> bool:
        gate = self._gates[row.pace]
        if gate.rate.wait_seconds(now):
            return False
        is_admitted = gate.admits(connection)
        self.is_waiting_for_connection |= not is_admitted
        return is_admitted

    def _first(self, pace: str) -> Claimed | None:
        queue = self._queues[pace]
        if not queue and pace not in self._dry and not self._gates[pace].is_closed:
            queue.extend(self._claim(pace, CLAIMED_AT_ONCE))
            if len(queue) < CLAIMED_AT_ONCE:
                self._dry.add(pace)
        return queue[0] if queue else None


def _gate_of(rule: PaceRule | None) -> Gate:
    return Gate() if rule is None else Gate(most_connections=rule.connections, per_minute=rule.per_minute)
