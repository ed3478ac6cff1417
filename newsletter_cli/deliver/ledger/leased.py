"""The ledger of a send that others share in: claims and transitions under a lease."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any

from newsletter_cli.deliver.ledger.leases import Lease, Share
from newsletter_cli.deliver.ledger.postgresql import PostgresqlDatabase
from newsletter_cli.deliver.ledger.records import CLAIMED_COLUMNS, Batch, Records
from newsletter_cli.deliver.ledger.repeats import OPENED
from newsletter_cli.deliver.ledger.runs import LedgerMark
from newsletter_cli.deliver.ledger.schema import READY
from newsletter_cli.deliver.ledger.transactions import database_errors, transaction
from newsletter_cli.model.delivery import DeliveryState

# How often a sender asks who else is there, and whether it is to pause.
SHARE_SECONDS = 1.0

CLAIM = f"""
WITH ready AS (
  SELECT {CLAIMED_COLUMNS} FROM delivery
  WHERE issue = ? AND pace = ? AND due <= ? AND {READY}{{wanted}} ORDER BY due, id LIMIT ? FOR UPDATE SKIP LOCKED)
UPDATE delivery d SET state = 'claimed', lease = ? FROM ready WHERE d.id = ready.id
RETURNING {", ".join(f"ready.{column}" for column in CLAIMED_COLUMNS.split(", "))}
"""
ATTEMPT = (
    f"UPDATE delivery SET state = 'attempting', tries = tries + 1, at = ?, {OPENED}"
    " WHERE id = ANY(?::bigint[]) AND state = 'claimed' AND lease = ?"
)
# The answer to what was attempted is worth having though the lease has ended, and the row is in doubt since.
END = """
UPDATE delivery d SET state = o.after, at = ?, code = o.code, reply = o.reply, due = o.due, settled = o.settled,
  tries = d.tries + o.more, repeat_until = d.repeat_until * o.open
FROM unnest(?::bigint[], ?::text[], ?::text[], ?::bigint[], ?::text[], ?::bigint[], ?::bigint[], ?::bigint[],
  ?::bigint[])
  AS o(id, before, after, code, reply, due, settled, more, open)
WHERE d.id = o.id AND d.lease = ? AND d.state = o.before
"""
# That no answer came, and the request is open, takes nobody out of doubt.
LATE = END.replace(
    "d.state = o.before", "d.state = 'in_doubt' AND d.settled = 0 AND o.before = 'attempting' AND o.open = 0"
)


class LeasedRecords(Records):
    """The open ledger of one issue's send, which other senders share. With each commit the lease is prolonged, and
    about once a second it is asked who else sends. Raises `LeaseLost` once others have taken over.
    """

    def __init__(
        self,
        database: PostgresqlDatabase,
        lease: Lease,
        *,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        mark: LedgerMark | None = None,
        way: str = "",
        key_seconds: int = 0,
        sleep: Callable[[float], None] = time.sleep,
    ):
        super().__init__(
            database, lease.issue, clock=clock, monotonic=monotonic, mark=mark, way=way, key_seconds=key_seconds
        )
        self._lease = lease
        self._sleep = sleep
        self._on_share: Callable[[int, int], None] = lambda rank, count: None
        self._next_share_at = 0.0
        self._share_seconds = min(SHARE_SECONDS, lease.seconds / 4)
        self.share = Share()

    def commit(self, batch: Batch) -> None:
        """As for one sender alone; and the lease is kept, also where nothing is to be made durable."""
        if not batch and not self._connection.in_transaction:
            if self._lease.is_due:
                with transaction(self._connection):
                    self._lease.keep()
        else:
            super().commit(batch)
        if self._monotonic() >= self._next_share_at:
            self._look_around()

    def take_share(self, on_share: Callable[[int, int], None], *, is_limited: bool) -> None:
        """`on_share` is told which of how many senders this one is. Who joins others waits until they know of it, where
        they have limits to keep together.
        """
        self._on_share = on_share
        if is_limited and self._lease.read_share().count > 1:
            self._sleep(2 * self._share_seconds)
        self._look_around()

    def is_paused(self) -> bool:
        """Whether somebody wants all senders to stop; asked along with who they are."""
        return self.share.is_paused

    def save_late(self, batch: Batch) -> None:
        """Record what servers answered though the lease has ended: rows that are still as this sender left them, or in
        doubt since and not decided about.
        """
        outcomes = [one for one in batch.outcomes if one.before is DeliveryState.ATTEMPTING]
        if not outcomes:
            return
        columns, now = _columns(outcomes), int(self._clock())
        with transaction(self._connection):
            for statement in (END, LATE):
                self._connection.execute(statement, (now, *columns, self._lease.id))

    def _look_around(self) -> None:
        self._next_share_at = self._monotonic() + self._share_seconds
        with database_errors():
            self.share = self._lease.read_share()
        self._on_share(self.share.rank, self.share.count)

    def _take(self, pace: str, limit: int) -> list[tuple[Any, ...]]:
        rows = self._connection.execute(
            CLAIM.format(wanted=self._wanted), (self._issue, pace, int(self._clock()), self._way, limit, self._lease.id)
        ).fetchall()
        return sorted(rows, key=lambda row: (row[8], row[0]))

    def _write(self, batch: Batch, now: int) -> None:
        self._lease.keep(sent=sum(one.after is DeliveryState.SENT for one in batch.outcomes))
        if batch.attempting:
            values = (now, self._until(now), self._way, batch.attempting, self._lease.id)
            self._expect(self._connection.execute(ATTEMPT, values).rowcount, len(batch.attempting))
        if batch.outcomes:
            values_of_all = (now, *_columns(batch.outcomes), self._lease.id)
            self._expect(self._connection.execute(END, values_of_all).rowcount, len(batch.outcomes))

    def _release(self, rows: Iterable[int]) -> None:
        self._connection.execute(
            "UPDATE delivery SET state = 'pending' WHERE id = ANY(?::bigint[]) AND state = 'claimed' AND lease = ?",
            (list(rows), self._lease.id),
        )


def _columns(outcomes: list[Any]) -> list[list[Any]]:
    """The outcomes, column by column, as `END` takes them."""
    rows = [
        (row, before.value, after.value, reply.code, reply.text, due, int(is_settled), int(is_try), int(is_open))
        for row, before, after, reply, due, is_settled, is_try, is_open in outcomes
    ]
    return [list(column) for column in zip(*rows, strict=True)]
