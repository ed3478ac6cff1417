"""Whoever leaves while others send: a worker elsewhere does not have this machine's list, but it has the ledger."""

from __future__ import annotations

from collections.abc import Iterable

from newsletter_cli.deliver.ledger.database import has_ledger
from newsletter_cli.deliver.ledger.deciding import settle_left
from newsletter_cli.deliver.ledger.place import SharedLedger
from newsletter_cli.deliver.ledger.reading import read_issues
from newsletter_cli.deliver.ledger.waiting import count_waiting
from newsletter_cli.flows.ledger_place import ledger_of
from newsletter_cli.flows.sending.ledger import open_ledger
from newsletter_cli.workspace.folder import Workspace


def tell_senders(workspace: Workspace, keys: Iterable[str]) -> None:
    """Take whoever left, by their normalised addresses, out of what waits in a ledger that others send from. One of
    this machine alone is asked at each message whether its reader has left. Raises `LedgerError`.
    """
    place = ledger_of(workspace)
    left = list(keys)
    if not left or not isinstance(place, SharedLedger) or not has_ledger(place):
        return
    with open_ledger(workspace) as connection:
        for issue in read_issues(connection):
            if count_waiting(connection, issue):
                settle_left(connection, issue, left)
