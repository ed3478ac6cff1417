"""The ledger's writing side while a send is under way: claims, transitions, runs.

Transitions are compare-and-set: each names the state it starts from, and exactly one row must change.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Any, NamedTuple

from msgspec import Struct, field

from newsletter_cli.base.errors import LedgerError
from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.failpoints import reach
from newsletter_cli.deliver.ledger.handing import is_paused
from newsletter_cli.deliver.ledger.paces import rename_paces
from newsletter_cli.deliver.ledger.repeats import ANY_SECONDS, OPENED, end_repeats, leave_open
from newsletter_cli.deliver.ledger.runs import LedgerMark
from newsletter_cli.deliver.ledger.schema import ERASED, OPEN, READY
from newsletter_cli.deliver.ledger.transactions import NAME, Database, database_errors, roll_back, stream, transaction
from newsletter_cli.model.delivery import NO_REPLY, DeliveryState, Reply, refuse_illegal

# When those put off by an earlier run are due: at once, after those never tried.
DUE_NOW = 1
CLAIMED_COLUMNS = "id, wave, key, address, name, fields, pace, tries, due, repeat_until, code, state"
# How often a sender asks whether it is to pause.
PAUSE_SECONDS = 1.0


class Claimed(NamedTuple):
    """A delivery that this process will attempt. `fields` are the message's personal fields. `is_again`: it was put off
    in this run already. `repeat_until`, where a request for it is open: until when that may be made again; `code` is
    the answer that left it open, 0 where there was none.
    """

    id: int
    freeze_id: int
    key: str
    address: str
    name: str
    fields: dict[str, str]
    pace: str
    tries: int
    is_again: bool = False
    repeat_until: int = 0
    code: int = 0

    @property
    def has_failed(self) -> bool:
        """Whether a request that is open was answered, by a failure: its key may be known though nothing was taken."""
        return self.repeat_until > 0 and self.code >= 500

    @property
    def is_erased(self) -> bool:
        """Whether the person was erased, and nobody is left to be written to."""
        return self.key.startswith(ERASED)

    @property
    def domain(self) -> str:
        """The address's domain, lower-case ASCII."""
        return self.key.rpartition("@")[2]


class DeliveryOutcome(NamedTuple):
    """What became of a claimed or attempted delivery. `due`, seconds since 1970: when a deferred one is tried again.

    `is_settled`: nobody need decide about it. `is_try`: a try that ended before the message was attempted.
    `is_open`: a request for it may have been taken, and is to be made again with its key.
    """

    row: int
    before: DeliveryState
    after: DeliveryState
    reply: Reply = NO_REPLY
    due: int = 0
    is_settled: bool = False
    is_try: bool = False
    is_open: bool = False


class Batch(Struct):
    """What is to become durable together: rows about to be attempted, and what became of others."""

    attempting: list[int] = field(default_factory=list)
    outcomes: list[DeliveryOutcome] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.attempting or self.outcomes)

    def clear(self) -> None:
        """It is durable: begin the next."""
        self.attempting.clear()
        self.outcomes.clear()


class Records:
    """The open ledger of one issue's send. `clock` gives seconds since 1970; `mark` moves on with the commits.

    `way` names the service and the account that this run goes through, where a request may be made again by its key,
    for `key_seconds` from before the first one; it is empty for every other transport.
    """

    def __init__(
        self,
        connection: Database,
        issue: int,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        mark: LedgerMark | None = None,
        way: str = "",
        key_seconds: int = 0,
    ):
        self._connection = connection
        self._issue = issue
        self._way, self._key_seconds = way, key_seconds
        self._clock = clock
        self._mark = mark
        self._has_claims = False
        self._monotonic = monotonic
        self._look_at = 0.0
        self._is_paused = False
        # Whether those that a server put off in this run are tried again in it.
        self.retries_deferred = True

    def recover(self, *, way: str | None = None) -> tuple[int, int]:
        """After a crash, the lock being ours: what a dead process had claimed is pending again, what it was
        attempting is in doubt and never sent again by itself. How many of each.

        A request that its key tells apart waits to be made again instead, as long as it may, and by its own `way`;
        `None`: nobody is about to send, and it waits whatever its way is.
        """
        now = int(self._clock())
        with transaction(self._connection):
            returned = self._connection.execute(
                f"UPDATE delivery SET state = 'pending' WHERE issue = ? AND state = 'claimed' AND {OPEN}",
                (self._issue,),
            ).rowcount
            left = f"issue = ? AND state = 'attempting' AND {OPEN}"
            seconds = self._key_seconds or ANY_SECONDS
            more, doubtful = leave_open(self._connection, left, (self._issue,), now=now, key_seconds=seconds)
            doubtful += end_repeats(self._connection, self._issue, now=now, way=way, key_seconds=seconds)
            settle_erased(self._connection, self._issue)
        return returned + more, doubtful

    def end_repeats(self) -> int:
        """This run begins: what it cannot ask again is in doubt; how many."""
        seconds = self._key_seconds or ANY_SECONDS
        with transaction(self._connection):
            return end_repeats(
                self._connection, self._issue, now=int(self._clock()), way=self._way, key_seconds=seconds
            )

    def make_due_now(self) -> None:
        """Whoever was put off is due now, after those never tried: somebody has asked to go on."""
        with database_errors():
            self._connection.execute(
                # What is to be made again goes first: its time is short.
                f"UPDATE delivery SET due = CASE repeat_until WHEN 0 THEN {DUE_NOW} ELSE 0 END"
                f" WHERE issue = ? AND due > {DUE_NOW} AND {READY}",
                (self._issue,),
            )

    def count_ready(self) -> dict[str, int]:
        """How many deliveries wait under each pacing rule, due or not."""
        with database_errors():
            rows = self._connection.execute(
                f"SELECT pace, count(*) FROM delivery WHERE issue = ? AND {READY} GROUP BY pace", (self._issue,)
            ).fetchall()
        return dict(rows)

    def renew_paces(self, pace_of: Callable[[str], str], fingerprint: str) -> None:
        """Have what waits go by other pacing rules. `pace_of` a domain names its rule."""
        with transaction(self._connection):
            rename_paces(self._connection, self._issue, pace_of)
            self._connection.execute("UPDATE wave SET paces = ? WHERE issue = ?", (fingerprint, self._issue))

    def read_waiting(self) -> Iterator[Claimed]:
        """Every delivery that waits, as a claim would give it, in the order of the list; none is claimed."""
        with database_errors():
            rows = stream(
                self._connection,
                f"SELECT {CLAIMED_COLUMNS} FROM delivery WHERE issue = ? AND {READY} ORDER BY id",
                (self._issue,),
            )
            for row in rows:
                yield _claimed(row)

    def next_due(self) -> int | None:
        """When the next delivery that waits is due (seconds since 1970; 0: now); `None` when none waits."""
        with database_errors():
            due: int | None = self._connection.execute(
                f"SELECT min(due) FROM delivery WHERE issue = ? AND {READY}{self._wanted}", (self._issue, self._way)
            ).fetchone()[0]
        return due

    def has_sent(self) -> bool:
        """Whether any delivery of this issue is sent."""
        with database_errors():
            found = self._connection.execute(
                "SELECT 1 FROM delivery WHERE issue = ? AND state = 'sent' LIMIT 1", (self._issue,)
            ).fetchone()
        return found is not None

    def is_paused(self) -> bool:
        """Whether somebody wants this send to stop, known within a second."""
        if self._monotonic() >= self._look_at:
            self._look_at = self._monotonic() + PAUSE_SECONDS
            self._is_paused = is_paused(self._connection, self._issue)
        return self._is_paused

    def take_share(self, on_share: Callable[[int, int], None], *, is_limited: bool) -> None:
        """Before the first claim, and whenever it changes, `on_share` is told which of how many senders this one is;
        a sender alone is told nothing. `is_limited`: there are limits that all of them have to keep together.
        """

    def claim(self, pace: str, limit: int) -> list[Claimed]:
        """Up to `limit` deliveries of a pacing rule that are due, claimed; durable with the next `commit`."""
        reach("before-claim")
        with database_errors():
            self._begin()
            rows = self._take(pace, limit)
        self._has_claims |= bool(rows)
        return [_claimed(row) for row in rows]

    def _take(self, pace: str, limit: int) -> list[tuple[Any, ...]]:
        rows = self._connection.execute(
            f"SELECT {CLAIMED_COLUMNS} FROM delivery"
            f" WHERE issue = ? AND pace = ? AND due <= ? AND {READY}{self._wanted} ORDER BY due, id LIMIT ?",
            (self._issue, pace, int(self._clock()), self._way, limit),
        ).fetchall()
        self._change(
            "UPDATE delivery SET state = 'claimed' WHERE id = ? AND state = ?", [(row[0], row[-1]) for row in rows]
        )
        return rows

    @property
    def _wanted(self) -> str:
        # What is open with one service or account is asked again of that one alone.
        mine = " AND (repeat_until = 0 OR way = ?)"
        return mine if self.retries_deferred else f"{mine} AND (state = 'pending' OR due <= {DUE_NOW})"

    def is_too_late(self, row: Claimed) -> bool:
        """Whether a request that is open cannot be made again any more; also where the clock was set back behind it."""
        return row.repeat_until > 0 and not 0 < row.repeat_until - int(self._clock()) <= self._key_seconds

    def _until(self, now: int) -> int:
        """Until when a request that is first made now may be made again."""
        return now + self._key_seconds if self._way else 0

    def commit(self, batch: Batch) -> None:
        """Make the batch durable, and the claims since the last time. Raises `LedgerError`; the batch is kept then."""
        if not batch and not self._connection.in_transaction:
            return
        for one in batch.outcomes:
            refuse_illegal(one.before, one.after)
        now = int(self._clock())
        with database_errors():
            try:
                self._begin()
                self._write(batch, now)
                generation = self._mark.advance(self._connection) if self._mark is not None else None
                reach("before-attempting-commit")
                self._connection.execute("COMMIT")
            except BaseException:
                roll_back(self._connection)
                raise
        if self._has_claims:
            self._has_claims = False
            reach("after-claim")
        if self._mark is not None and generation is not None:
            self._mark.write(generation)
        if any(one.after is DeliveryState.SENT for one in batch.outcomes):
            reach("after-sent-commit")

    def _write(self, batch: Batch, now: int) -> None:
        self._change(
            f"UPDATE delivery SET state = 'attempting', tries = tries + 1, at = ?, {OPENED}"
            " WHERE id = ? AND state = 'claimed'",
            [(now, self._until(now), self._way, row) for row in batch.attempting],
        )
        self._change(
            "UPDATE delivery SET state = ?, at = ?, code = ?, reply = ?, due = ?, settled = ?,"
            " tries = tries + ?, repeat_until = repeat_until * ? WHERE id = ? AND state = ?",
            [
                (after.value, now, reply.code, reply.text, due, int(settled), int(is_try), int(is_open), row, before)
                for row, before, after, reply, due, settled, is_try, is_open in batch.outcomes
            ],
        )

    def release_claims(self, rows: Iterable[int]) -> None:
        """What was claimed and not attempted is pending again; durable at once."""
        with database_errors():
            self._begin()
            self._release(rows)
            settle_erased(self._connection, self._issue)
            self._connection.execute("COMMIT")

    def _release(self, rows: Iterable[int]) -> None:
        self._change(
            "UPDATE delivery SET state = 'pending' WHERE id = ? AND state = 'claimed'", [(row,) for row in rows]
        )

    def save_late(self, batch: Batch) -> None:
        """Record what servers answered though the send cannot go on. Raises `LedgerError`."""
        self.commit(batch)

    def _begin(self) -> None:
        if not self._connection.in_transaction:
            self._connection.execute("BEGIN IMMEDIATE")

    def _change(self, statement: str, values: list[tuple[object, ...]]) -> None:
        if not values:
            return
        self._expect(self._connection.executemany(statement, values).rowcount, len(values))

    def _expect(self, changed: int, count: int) -> None:
        if changed != count:
            raise LedgerError(
                _("the ledger holds other states than this send knows of ({changed} of {count} rows changed)").format(
                    changed=changed, count=count
                ),
                file=NAME,
                hint=_("is another program writing it? run the same command again: it goes on where the ledger says"),
            )


def settle_erased(connection: Database, issue: int) -> None:
    """Whoever was erased while a send held their delivery: nobody is there any more to be written to. What another
    sender still holds is its own to settle.
    """
    connection.execute(
        "UPDATE delivery SET state = 'refused', settled = 1, repeat_until = 0"
        f" WHERE issue = ? AND key > '{ERASED}' AND key < '{ERASED}:'"
        " AND state NOT IN ('sent', 'refused', 'claimed', 'attempting')",
        (issue,),
    )


def _claimed(row: tuple[Any, ...]) -> Claimed:
    number, freeze_id, key, address, name, fields, pace, tries, due, repeat_until, code, state = row
    is_again = state == DeliveryState.DEFERRED and due > DUE_NOW
    return Claimed(
        id=number,
        freeze_id=freeze_id,
        key=key,
        address=address or key,
        name=name,
        fields=json.loads(fields) if fields else {},
        pace=pace,
        tries=tries,
        is_again=is_again,
        repeat_until=repeat_until,
        code=code,
    )
