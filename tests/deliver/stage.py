"""A ledger with people in it, and a transport that does as it is told, for tests of what stands between them."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from newsletter_cli.deliver.backlog import Backlog
from newsletter_cli.deliver.engine import Engine, RunLimits
from newsletter_cli.deliver.ledger.database import open_database
from newsletter_cli.deliver.ledger.freeze import FreezeFacts, Frozen, FrozenMessage, freeze
from newsletter_cli.deliver.ledger.place import LedgerPlace
from newsletter_cli.deliver.ledger.records import Claimed, Records
from newsletter_cli.deliver.ledger.transactions import Database
from newsletter_cli.deliver.pacing.rules import PaceRule
from newsletter_cli.deliver.progress import SendTally
from newsletter_cli.deliver.transport import ConnectionEvent, Happened
from newsletter_cli.model.delivery import Outgoing, Reply
from newsletter_cli.model.subscriber import NOTHING, Exclusion, Reason, Recipient

ISSUE = 7
OK = Reply(250, "2.0.0 Ok")


def recipient(number: int, domain: str = "example.org") -> Recipient:
    address = f"reader{number}@{domain}"
    return Recipient(key=address, address=address, name=f"Reader {number}", groups=(), attributes=NOTHING, row=number)


def facts(**changes: object) -> FreezeFacts:
    usual: dict[str, object] = {
        "issue": ISSUE,
        "frozen_at": "2026-11-28T10:00:00Z",
        "send_by": "",
        "segment": "",
        "list_name": "list.csv",
    }
    return FreezeFacts(**(usual | changes))  # type: ignore[arg-type]


MESSAGE = FrozenMessage(template=b"template", content_hash="abc", subject="A subject")


def freeze_people(
    connection: Database,
    people: Iterable[Recipient | Exclusion],
    *,
    pace_of: Callable[[str], str] = lambda domain: "",
    **changes: object,
) -> Frozen:
    decisions = list(people)
    return freeze(
        connection,
        facts(**changes),
        decisions,
        pace_of=pace_of,
        fields_of=None,
        expected_candidates=lambda: len(decisions),
        message=lambda: MESSAGE,
    )


def states(state: LedgerPlace) -> dict[str, str]:
    """What the ledger says of everybody, as another process reads it."""
    connection = open_database(state)
    try:
        return dict(connection.execute("SELECT key, state FROM delivery ORDER BY id"))
    finally:
        connection.close()


def counts(state: LedgerPlace) -> Counter[str]:
    return Counter(states(state).values())


# What a server does with a row: the kinds of events, in their order.
Script = Callable[[int, int], tuple[Happened, Reply]]


@dataclass
class StagedTransport:
    """Connections that do with each row what `script(row, try)` says; looks into the ledger before each final dot."""

    state: Path
    script: Script
    name: str = "staged"
    messages_per_connection: int = 1_000_000
    most_connections: int = 1_000
    delivered: Counter[int] = field(default_factory=Counter)
    dots: Counter[int] = field(default_factory=Counter)
    tries: Counter[int] = field(default_factory=Counter)
    opened: int = 0
    is_closed: bool = False
    most_open: int = 0
    # By domain: on how many connections its messages were under way at once.
    most_connections_of: Counter[str] = field(default_factory=Counter)
    _events: deque[ConnectionEvent] = field(default_factory=deque)
    _current: dict[int, Outgoing | None] = field(default_factory=dict)
    _next: dict[int, Outgoing] = field(default_factory=dict)
    _served: Counter[int] = field(default_factory=Counter)
    on_poll: Callable[[], None] = lambda: None

    def __post_init__(self) -> None:
        self._reader = open_database(self.state)

    def connect(self) -> int:
        self.opened += 1
        if len(self._current) >= self.most_connections:
            reply = Reply(421, "4.7.0 too many connections")
            self._events.append(
                ConnectionEvent(kind=Happened.DOWN, connection=self.opened, reply=reply, is_failure=True)
            )
            return self.opened
        self._current[self.opened] = None
        self.most_open = max(self.most_open, len(self._current))
        self._events.append(ConnectionEvent(kind=Happened.READY, connection=self.opened))
        return self.opened

    def hand(self, connection: int, message: Outgoing) -> None:
        is_free = self._current[connection] is None
        if is_free:
            self._current[connection] = message
        else:
            assert connection not in self._next, "one next message at most"
            self._next[connection] = message
        self._count_connections_of(message.recipient.partition("@")[2])
        if is_free:
            self._begin(connection, message)

    def _count_connections_of(self, domain: str) -> None:
        held = [*self._current.items(), *self._next.items()]
        connections = {
            connection for connection, message in held if message and message.recipient.endswith(f"@{domain}")
        }
        self.most_connections_of[domain] = max(self.most_connections_of[domain], len(connections))

    def _begin(self, connection: int, message: Outgoing) -> None:
        self.tries[message.row] += 1
        kind, reply = self.script(message.row, self.tries[message.row])
        if kind in (Happened.SENT, Happened.IN_DOUBT) or reply.text.startswith("dot:"):
            is_last = self._served[connection] + 1 >= self.messages_per_connection
            self._events.append(
                ConnectionEvent(kind=Happened.AT_DOT, connection=connection, row=message.row, is_last=is_last)
            )
            return
        self._end(connection, message, kind, reply)

    def release(self, connection: int) -> None:
        message = self._current[connection]
        assert message is not None
        (found,) = self._reader.execute("SELECT state FROM delivery WHERE id = ?", (message.row,)).fetchone()
        assert found == "attempting", f"the dot of row {message.row} would go out while the ledger says {found}"
        self.dots[message.row] += 1
        kind, reply = self.script(message.row, self.tries[message.row])
        if kind in (Happened.SENT, Happened.IN_DOUBT):
            self.delivered[message.row] += 1
        self._end(connection, message, kind, reply)

    def _end(self, connection: int, message: Outgoing, kind: Happened, reply: Reply) -> None:
        is_broken = kind in (Happened.IN_DOUBT, Happened.RETURNED)
        is_quiet = reply.code == 421
        self._events.append(
            ConnectionEvent(
                kind=kind, connection=connection, row=message.row, reply=reply, is_failure=is_broken and not is_quiet
            )
        )
        following = self._next.pop(connection, None)
        self._current[connection] = None
        self._served[connection] += 1
        if is_broken or self._served[connection] >= self.messages_per_connection:
            if following is not None:
                self._events.append(
                    ConnectionEvent(
                        kind=Happened.RETURNED, connection=connection, row=following.row, is_failure=is_broken
                    )
                )
            del self._current[connection]
            self._events.append(
                ConnectionEvent(
                    kind=Happened.DOWN, connection=connection, reply=reply, is_failure=is_broken and not is_quiet
                )
            )
        elif following is not None:
            self._current[connection] = following
            self._begin(connection, following)
        else:
            self._events.append(ConnectionEvent(kind=Happened.READY, connection=connection))

    def poll(self, timeout_seconds: float) -> list[ConnectionEvent]:
        self.on_poll()
        events = list(self._events)
        self._events.clear()
        return events

    def close(self) -> None:
        if not self.is_closed:
            self._reader.close()
        self.is_closed = True


class Time:
    """A clock that moves only when it is asked."""

    def __init__(self, step_seconds: float = 0.001) -> None:
        self.now = 1_800_000_000.0
        self.step = step_seconds

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def build(row: Claimed) -> Outgoing:
    return Outgoing(row=row.id, sender="lettre@example.org", recipient=row.address, data=b"Subject: x\r\n\r\nx\r\n")


def engine_for(
    connection: Database,
    transport: StagedTransport,
    *,
    rules: Mapping[str, PaceRule] | None = None,
    limits: RunLimits | None = None,
    per_minute: int = 0,
    build_message: Callable[[Claimed], Outgoing] = build,
    is_interrupted: Callable[[], bool] = lambda: False,
    clock: Callable[[], float] | None = None,
    monotonic: Callable[[], float] | None = None,
) -> Engine:
    time = clock or Time()
    records = Records(connection, ISSUE, clock=time)
    ready = records.count_ready()
    return Engine(
        records=records,
        transport=transport,
        backlog=Backlog(list(ready), rules or {}, per_minute=per_minute, claim=records.claim),
        limits=limits or RunLimits(connections=4),
        build=build_message,
        is_interrupted=is_interrupted,
        clock=time,
        monotonic=monotonic or time,
        tally=SendTally(total=sum(ready.values())),
    )


EXCLUDED = (
    Exclusion(row=3, key="gone@example.org", reason=Reason.UNSUBSCRIBED, detail=""),
    Exclusion(row=4, key="", reason=Reason.INVALID, detail="it has no @"),
)
