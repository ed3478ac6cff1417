"""What the ledger says: of an issue in numbers, of everybody one by one."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

from msgspec import Struct

from newsletter_cli.base.moments import timestamp
from newsletter_cli.deliver.ledger.repeats import Repeats, read_repeats
from newsletter_cli.deliver.ledger.runs import read_ways
from newsletter_cli.deliver.ledger.schema import OPEN, REHEARSED
from newsletter_cli.deliver.ledger.transactions import Database, database_errors, stream
from newsletter_cli.model.delivery import DeliveryState

OPEN_STATES = tuple(state for state in DeliveryState if state is not DeliveryState.SENT)


class FreezeRow(NamedTuple):
    """A freeze as recorded. `frozen_at` and `send_by` (may be empty) are ISO 8601, UTC; `approved` is JSON or empty."""

    id: int
    frozen_at: str
    segment: str
    list_name: str
    content_hash: str
    subject: str
    candidates: int
    known: int
    accepted: str
    send_by: str
    paces: str
    approved: str


class DeliveryRow(NamedTuple):
    """What became of one recipient. `at` is ISO 8601, UTC, empty where nothing happened yet."""

    id: int
    address: str
    name: str
    state: str
    tries: int
    at: str
    code: int
    reply: str


class Report(Struct, frozen=True, kw_only=True):
    """What became of an issue, in numbers. `rehearsed` of those sent went into a folder only; `repeats` of those that
    wait may have it already.
    """

    issue: int
    counts: dict[DeliveryState, int]
    excluded: dict[str, int]
    unsettled_refusals: int
    rehearsed: int
    freezes: tuple[FreezeRow, ...]
    repeats: Repeats = Repeats()

    @property
    def deliveries(self) -> int:
        """How many recipients there are."""
        return sum(self.counts.values())

    @property
    def candidates(self) -> int:
        """Everybody a decision was made about: recipients and those left out."""
        return self.deliveries + sum(self.excluded.values())

    @property
    def parts(self) -> tuple[str, ...]:
        """The parts of the list that were chosen; none where all of it was."""
        segments = tuple(dict.fromkeys(freeze.segment for freeze in self.freezes))
        return () if "" in segments else segments

    @property
    def is_complete(self) -> bool:
        """Whether everybody got it, or somebody decided that they need not."""
        waiting = sum(self.counts[state] for state in OPEN_STATES if state is not DeliveryState.REFUSED)
        return not waiting and not self.unsettled_refusals

    def as_dict(self) -> dict[str, Any]:
        """The report for scripts; it names nobody."""
        return {
            "issue": self.issue,
            "candidates": self.candidates,
            "excluded": self.excluded,
            "counts": {state.value: self.counts[state] for state in DeliveryState},
            "complete": self.is_complete,
            "in_folder_only": self.rehearsed,
        }


def read_freezes(connection: Database, issue: int) -> tuple[FreezeRow, ...]:
    """The freezes of an issue, the oldest first."""
    with database_errors():
        rows = connection.execute(
            f"SELECT {', '.join(FreezeRow._fields)} FROM wave WHERE issue = ? ORDER BY id", (issue,)
        ).fetchall()
    return tuple(FreezeRow(*row) for row in rows)


def read_issues(connection: Database) -> list[int]:
    """The issues that were sent, or begun to be."""
    with database_errors():
        return [row[0] for row in connection.execute("SELECT DISTINCT issue FROM wave ORDER BY issue")]


def read_key(connection: Database, row: int) -> str | None:
    """The normalised address of a delivery; `None` where there is none, or nobody is named there any more."""
    with database_errors():
        found = connection.execute("SELECT key FROM delivery WHERE id = ?", (row,)).fetchone()
    return found[0] if found and "@" in found[0] else None


class Handed(NamedTuple):
    """Whose a delivery is, by their normalised address (empty: nobody is named there any more), of which issue, and the
    address it went to, as written.
    """

    key: str
    issue: int
    address: str


def read_handed(connection: Database, row: int) -> Handed | None:
    """Whose the delivery in this row is; `None` where there is none."""
    with database_errors():
        found = connection.execute("SELECT key, issue, address FROM delivery WHERE id = ?", (row,)).fetchone()
    if found is None:
        return None
    key, issue, address = found
    is_named = "@" in key
    return Handed(key=key if is_named else "", issue=issue, address=(address or key) if is_named else "")


def read_keys(connection: Database) -> Iterator[tuple[int, str]]:
    """The row of each delivery, and whose it is by their normalised address (without @: nobody is named any more)."""
    with database_errors():
        yield from stream(connection, "SELECT id, key FROM delivery ORDER BY id")


def read_sent(connection: Database, key: str) -> list[tuple[int, str]]:
    """The issues that a server took for somebody, and when (ISO 8601, UTC), in this order."""
    with database_errors():
        rows = connection.execute(
            "SELECT issue, at FROM delivery WHERE issue IN (SELECT DISTINCT issue FROM wave) AND key = ?"
            " AND state = 'sent' ORDER BY at, issue",
            (key,),
        ).fetchall()
    return [(issue, moment(at)) for issue, at in rows]


def count_by_domain(connection: Database, issue: int, domains: Collection[str]) -> tuple[int, dict[str, int]]:
    """How many deliveries an issue has, and how many of them at each of these domains."""
    with database_errors():
        total = connection.execute("SELECT count(*) FROM delivery WHERE issue = ?", (issue,)).fetchone()[0]
        counts = dict.fromkeys(domains, 0)
        if domains:
            for (key,) in stream(connection, "SELECT key FROM delivery WHERE issue = ?", (issue,)):
                domain = key.rpartition("@")[2]
                if domain in counts:
                    counts[domain] += 1
    return int(total), counts


def has_lost_names(connection: Database, issue: int) -> bool:
    """Whether the names of an earlier freeze were kept long enough and erased: nobody knows any more who has it."""
    with database_errors():
        question = "SELECT 1 FROM wave WHERE issue = ? AND length(template) = 0 LIMIT 1"
        return connection.execute(question, (issue,)).fetchone() is not None


def has_issue(connection: Database, issue: int) -> bool:
    """Whether anything is known of the issue."""
    with database_errors():
        return connection.execute("SELECT 1 FROM wave WHERE issue = ?", (issue,)).fetchone() is not None


def known_people(connection: Database, issue: int) -> Callable[[str], bool] | None:
    """Whether somebody has a delivery of this issue from an earlier freeze; `None` where nobody has."""
    question = "SELECT 1 FROM delivery WHERE issue = ? AND key = ?"
    with database_errors():
        if connection.execute("SELECT 1 FROM delivery WHERE issue = ? LIMIT 1", (issue,)).fetchone() is None:
            return None
    return lambda key: connection.execute(question, (issue, key)).fetchone() is not None


def count_rehearsed(connection: Database, issue: int) -> int:
    """How many got the issue into a folder of this machine only, and count as having it."""
    with database_errors():
        if not any(way.startswith("maildir:") for way in read_ways(connection, issue)):
            return 0
        row = connection.execute(f"SELECT count(*) FROM delivery WHERE issue = ? AND {REHEARSED}", (issue,)).fetchone()
    return int(row[0])


def read_template(connection: Database, freeze_id: int) -> bytes:
    """The frozen message of a freeze."""
    with database_errors():
        return bytes(connection.execute("SELECT template FROM wave WHERE id = ?", (freeze_id,)).fetchone()[0])


@contextlib.contextmanager
def one_look(connection: Database) -> Iterator[None]:
    """All that is read in the block is of one moment, also while a send is under way. Raises `LedgerError`."""
    if connection.in_transaction:
        yield
        return
    with database_errors():
        connection.execute("BEGIN")
        try:
            yield
        finally:
            connection.execute("ROLLBACK")


def read_report(connection: Database, issue: int) -> Report:
    """What became of the issue: one consistent look, also while a send is under way."""
    with database_errors(), one_look(connection):
        freezes = read_freezes(connection, issue)
        total = connection.execute("SELECT count(*) FROM delivery WHERE issue = ?", (issue,)).fetchone()[0]
        counts = dict.fromkeys(DeliveryState, 0)
        for state, count in connection.execute(
            f"SELECT state, count(*) FROM delivery WHERE issue = ? AND {OPEN} GROUP BY state", (issue,)
        ):
            counts[DeliveryState(state)] = count
        counts[DeliveryState.SENT] = total - sum(counts.values())
        unsettled = connection.execute(
            f"SELECT count(*) FROM delivery WHERE issue = ? AND state = 'refused' AND {OPEN} AND settled = 0",
            (issue,),
        ).fetchone()[0]
        rehearsed = count_rehearsed(connection, issue)
        excluded = connection.execute(
            "SELECT reason, count FROM exclusion_count WHERE wave = ? ORDER BY count DESC, reason",
            (freezes[-1].id if freezes else 0,),
        ).fetchall()
        repeats = read_repeats(connection, issue)
    return Report(
        issue=issue,
        counts=counts,
        excluded=dict(excluded),
        unsettled_refusals=int(unsettled),
        rehearsed=rehearsed,
        freezes=freezes,
        repeats=repeats,
    )


def read_deliveries(
    connection: Database,
    issue: int,
    states: tuple[DeliveryState, ...] = tuple(DeliveryState),
    *,
    is_unsettled: bool = False,
) -> Iterator[DeliveryRow]:
    """Everybody in these states, in the order of the list, as a stream; `is_unsettled`: who is to be decided about."""
    marks = ", ".join("?" * len(states))
    is_open = "" if DeliveryState.SENT in states else f" AND {OPEN}"
    is_open += " AND settled = 0" if is_unsettled else ""
    with database_errors():
        rows = stream(
            connection,
            "SELECT id, CASE address WHEN '' THEN key ELSE address END, name, state, tries, at, code, reply"
            f" FROM delivery WHERE issue = ? AND state IN ({marks}){is_open} ORDER BY id",
            (issue, *(state.value for state in states)),
        )
        for number, address, name, state, tries, at, code, reply in rows:
            yield DeliveryRow(
                id=number, address=address, name=name, state=state, tries=tries, at=moment(at), code=code, reply=reply
            )


def read_replies(connection: Database, issue: int, state: DeliveryState, limit: int) -> list[tuple[str, int, int]]:
    """The commonest answers that left deliveries in this state: the words, the code, how many."""
    with database_errors():
        return connection.execute(
            f"SELECT reply, code, count(*) FROM delivery WHERE issue = ? AND state = ? AND {OPEN}"
            " GROUP BY reply, code ORDER BY 3 DESC, 1 LIMIT ?",
            (issue, state.value, limit),
        ).fetchall()


def read_exclusions(connection: Database, freeze_id: int) -> Iterator[tuple[int, str, str]]:
    """Row of the list, reason and detail of those left out of a freeze, but for those outside its group."""
    with database_errors():
        yield from stream(
            connection, "SELECT row, reason, detail FROM exclusion WHERE wave = ? ORDER BY row", (freeze_id,)
        )


def moment(seconds: int) -> str:
    """Seconds since 1970 as ISO 8601, UTC; nothing for 0."""
    return timestamp(datetime.fromtimestamp(seconds, UTC)) if seconds else ""
