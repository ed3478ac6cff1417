"""One sender's share of a ledger: alone in a file, under a lease in a database that others use, too."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING

from newsletter_cli.base.errors import LedgerError
from newsletter_cli.deliver.ledger.records import Records
from newsletter_cli.deliver.ledger.runs import LedgerMark
from newsletter_cli.deliver.ledger.transactions import Database, as_shared

if TYPE_CHECKING:
    pass


def recover(database: Database, issue: int, *, way: str | None = None, key_seconds: int = 0) -> tuple[int, int]:
    """What senders had claimed that are gone is pending again, what they were attempting is in doubt: how many of each.

    The ledger's lock is the caller's; `way` and `key_seconds` as for `Records`. Raises `LedgerError`, and `LedgerBusy`
    where another sender may be alive all the same.
    """
    shared = as_shared(database)
    if shared is None:
        return Records(database, issue, key_seconds=key_seconds).recover(way=way)
    from newsletter_cli.deliver.ledger.leases import close_ended, refuse_live_send

    closed = close_ended(shared, issue, now=int(time.time()), way=way, key_seconds=key_seconds)
    refuse_live_send(shared, issue)
    return closed


@contextlib.contextmanager
def opening_records(
    database: Database,
    issue: int,
    *,
    mark: LedgerMark,
    is_worker: bool = False,
    way: str = "",
    key_seconds: int = 0,
) -> Iterator[Records]:
    """The open ledger of an issue's send; `way` and `key_seconds` as for `Records`. Raises `LedgerError`."""
    shared = as_shared(database)
    if shared is None:
        yield Records(database, issue, mark=mark, way=way, key_seconds=key_seconds)
        return
    from newsletter_cli.deliver.ledger.leased import LeasedRecords
    from newsletter_cli.deliver.ledger.leases import Lease

    lease = Lease(shared, issue, is_worker=is_worker)
    try:
        yield LeasedRecords(shared, lease, mark=mark, way=way, key_seconds=key_seconds)
    finally:
        # Where it cannot be said, its end by the clock says it.
        with contextlib.suppress(LedgerError):
            lease.end(now=int(time.time()))
