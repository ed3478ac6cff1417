"""The workspace's ledger, opened."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

from newsletter_cli.deliver.ledger.database import has_ledger, open_database
from newsletter_cli.deliver.ledger.reading import has_issue
from newsletter_cli.errors import UsageError
from newsletter_cli.i18n import _
from newsletter_cli.workspace.folder import Workspace


@contextlib.contextmanager
def open_ledger(workspace: Workspace) -> Iterator[sqlite3.Connection]:
    """The ledger, made where it is missing. Raises `LedgerError`."""
    connection = open_database(workspace.private_folder("").resolve())
    try:
        yield connection
    finally:
        connection.close()


@contextlib.contextmanager
def open_existing_ledger(workspace: Workspace, number: int) -> Iterator[sqlite3.Connection]:
    """The ledger, which must know the issue. Raises `UsageError`, `LedgerError`."""
    if not has_ledger(workspace.root / "state"):
        raise _never_sent(number)
    with open_ledger(workspace) as connection:
        if not has_issue(connection, number):
            raise _never_sent(number)
        yield connection


def _never_sent(number: int) -> UsageError:
    return UsageError(
        _("issue {number} was never sent from here").format(number=number),
        hint=_("see what a send would do: nl send {number} --dry-run").format(number=number),
    )
