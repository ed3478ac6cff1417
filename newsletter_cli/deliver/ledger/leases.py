"""Leases: which of several senders may attempt what it claimed, and until when.

A lease has an owner, a number that only grows, and an end by the database's own clock. Each commit of a sender prolongs
its lease in the same transaction that records what is attempted next: a final dot is only ever let go under a lease
that was alive then. Whoever finds a lease at its end closes it: what it had claimed is pending again, what it was
attempting is in doubt. A sender that was frozen for longer finds its lease closed at its next commit, and lets no
further dot go.
"""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime

from msgspec import Struct

from newsletter_cli.base.errors import LedgerBusy, LedgerError
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.base.moments import timestamp
from newsletter_cli.deliver.ledger.handing import paused_name
from newsletter_cli.deliver.ledger.postgresql import PostgresqlDatabase
from newsletter_cli.deliver.ledger.records import settle_erased
from newsletter_cli.deliver.ledger.repeats import ANY_SECONDS, end_repeats, leave_open
from newsletter_cli.deliver.ledger.schema import OPEN
from newsletter_cli.deliver.ledger.transactions import transaction

# Milliseconds since 1970, by the database's clock, also within a transaction that has lasted a while.
NOW = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)"
ALIVE = f"ended = 0 AND until > {NOW}"


class LeaseLost(LedgerError):
    """This sender was silent for longer than its lease: others have taken over what it had claimed."""


class Share(Struct, frozen=True, kw_only=True):
    """This sender is number `rank` (from 0) of `count` that send the same issue now. `is_paused`: somebody wants all
    of them to stop.
    """

    rank: int = 0
    count: int = 1
    is_paused: bool = False


class Sender(Struct, frozen=True, kw_only=True):
    """Somebody who sends an issue now, or did. `began_at` is ISO 8601, UTC; `sent` messages were taken from it."""

    owner: str
    is_worker: bool
    began_at: str
    sent: int
    is_alive: bool
    seconds_left: float


class Lease:
    """One sender's lease of an issue, in an open ledger. Raises `LedgerError`."""

    def __init__(
        self,
        database: PostgresqlDatabase,
        issue: int,
        *,
        is_worker: bool = False,
        monotonic: Callable[[], float] = time.monotonic,
    ):
        self._database, self.issue, self._monotonic = database, issue, monotonic
        self.seconds = database.place.lease_seconds
        self._kept_at = monotonic()
        owner = f"{socket.gethostname()}:{os.getpid()}"
        with transaction(database):
            self.id = int(
                database.execute(
                    "INSERT INTO lease(issue, owner, is_worker, began_at, until)"
                    f" VALUES (?, ?, ?, ?, {NOW} + ?) RETURNING id",
                    (issue, owner, int(is_worker), timestamp(datetime.now(UTC)), self._milliseconds),
                ).fetchone()[0]
            )

    @property
    def _milliseconds(self) -> int:
        return round(self.seconds * 1000)

    @property
    def is_due(self) -> bool:
        """Whether it should be prolonged though nothing else is to be committed."""
        return self._monotonic() - self._kept_at > self.seconds / 4

    def keep(self, *, sent: int = 0) -> None:
        """Prolong it, inside the caller's transaction. Raises `LeaseLost`."""
        began = self._monotonic()
        kept = self._database.execute(
            f"UPDATE lease SET until = {NOW} + ?, sent = sent + ? WHERE id = ? AND {ALIVE}",
            (self._milliseconds, sent, self.id),
        ).rowcount
        if not kept:
            raise LeaseLost(
                _("this process was silent for longer than {seconds} s, and others have taken over").format(
                    seconds=f"{self.seconds:g}"
                ),
                file=str(self._database.place),
                hint=_("run the same command again: it goes on where the ledger says"),
            )
        self._kept_at = began

    def read_share(self) -> Share:
        """Who else sends this issue now."""
        before, count, is_paused = self._database.execute(
            f"SELECT count(*) FILTER (WHERE id < ?), count(*), (SELECT count(*) FROM meta WHERE name = ?)"
            f" FROM lease WHERE issue = ? AND {ALIVE}",
            (self.id, paused_name(self.issue), self.issue),
        ).fetchone()
        return Share(rank=before, count=max(1, count), is_paused=bool(is_paused))

    def end(self, *, now: int) -> None:
        """No further dot goes out under it: what is still claimed is pending again, what is still attempted is in
        doubt. `now` is in seconds since 1970.
        """
        with transaction(self._database):
            _close(self._database, self.issue, self.id, now=now)


def close_ended(
    database: PostgresqlDatabase, issue: int, *, now: int, way: str | None = None, key_seconds: int = 0
) -> tuple[int, int]:
    """What senders had claimed that are gone is pending again, what they were attempting is in doubt: how many of each.

    `now` is in seconds since 1970; `way` and `key_seconds` as for `Records.recover`. Raises `LedgerError`.
    """
    returned = doubtful = 0
    with transaction(database):
        ended = database.execute(
            f"SELECT id FROM lease WHERE issue = ? AND ended = 0 AND until <= {NOW} FOR UPDATE SKIP LOCKED", (issue,)
        ).fetchall()
        for (lease,) in ended:
            counts = _close(database, issue, lease, now=now)
            returned, doubtful = returned + counts[0], doubtful + counts[1]
        doubtful += end_repeats(database, issue, now=now, way=way, key_seconds=key_seconds or ANY_SECONDS)
        settle_erased(database, issue)
    return returned, doubtful


def _close(database: PostgresqlDatabase, issue: int, lease: int, *, now: int) -> tuple[int, int]:
    database.execute("UPDATE lease SET ended = 1 WHERE id = ?", (lease,))
    returned = database.execute(
        f"UPDATE delivery SET state = 'pending' WHERE issue = ? AND state = 'claimed' AND {OPEN} AND lease = ?",
        (issue, lease),
    ).rowcount
    left = f"issue = ? AND state = 'attempting' AND {OPEN} AND lease = ?"
    waiting, doubtful = leave_open(database, left, (issue, lease), now=now)
    return returned + waiting, doubtful


def refuse_live_send(database: PostgresqlDatabase, issue: int) -> None:
    """Raises `LedgerBusy` while another `nl send` may still be alive; workers may be."""
    for one in read_senders(database, issue):
        if one.is_alive and not one.is_worker:
            seconds = max(1, round(one.seconds_left))
            raise LedgerBusy(
                _("another nl send of issue {number} was under way a moment ago: {owner}").format(
                    number=issue, owner=one.owner
                ),
                file=str(database.place),
                hint=ngettext(
                    "it goes on, or it was cut off; in {count} second at most that is known: run this again then",
                    "it goes on, or it was cut off; in {count} seconds at most that is known: run this again then",
                    seconds,
                ).format(count=seconds),
            )


def read_senders(database: PostgresqlDatabase, issue: int) -> list[Sender]:
    """Who has sent the issue, or does, the first one first."""
    rows = database.execute(
        f"SELECT owner, is_worker, began_at, sent, CASE WHEN {ALIVE} THEN 1 ELSE 0 END, until - {NOW}"
        " FROM lease WHERE issue = ? ORDER BY id",
        (issue,),
    ).fetchall()
    return [
        Sender(
            owner=owner,
            is_worker=bool(is_worker),
            began_at=began_at,
            sent=sent,
            is_alive=bool(is_alive),
            seconds_left=left / 1000,
        )
        for owner, is_worker, began_at, sent, is_alive, left in rows
    ]
