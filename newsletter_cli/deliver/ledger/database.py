"""The ledger, where it is: a file in `state/`, or a PostgreSQL that several machines share."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from typing import overload

from newsletter_cli.audience.copying import copy_database, empty_database
from newsletter_cli.base.private_database import rewrite
from newsletter_cli.deliver.ledger.place import LedgerPlace, SharedLedger
from newsletter_cli.deliver.ledger.schema import MIGRATIONS
from newsletter_cli.deliver.ledger.sqlite import migrate, open_file
from newsletter_cli.deliver.ledger.transactions import DATABASE, Database, as_shared, database_errors


def has_ledger(place: LedgerPlace) -> bool:
    """Whether anything was ever sent from the workspace whose ledger this is. Raises `LedgerError` for one that is
    closed to this user, or whose server does not answer.
    """
    if isinstance(place, SharedLedger):
        from newsletter_cli.deliver.ledger.postgresql import has_shared

        return has_shared(place)
    with database_errors():
        return (place / DATABASE).is_file()


@overload
def open_database(place: Path, *, migrations: Sequence[str] = ...) -> sqlite3.Connection: ...


@overload
def open_database(place: LedgerPlace, *, migrations: Sequence[str] = ...) -> Database: ...


def open_database(place: LedgerPlace, *, migrations: Sequence[str] = MIGRATIONS) -> Database:
    """The ledger, made where it is missing, brought to the newest schema. Raises `LedgerError`."""
    if isinstance(place, SharedLedger):
        from newsletter_cli.deliver.ledger.postgresql import open_shared

        return open_shared(place, migrations)
    return open_file(place / DATABASE, migrations)


def copy_ledger(place: LedgerPlace) -> sqlite3.Connection:
    """The ledger as it stands, to try things on: a copy that nobody else sees, empty where nothing was ever sent.

    Waits for nobody who writes, and changes nothing. Raises `LedgerError`.
    """
    with database_errors():
        if isinstance(place, SharedLedger):
            connection = _copy_shared(place)
        else:
            connection = copy_database(place / DATABASE) if has_ledger(place) else empty_database()
        try:
            migrate(connection, MIGRATIONS)
        except BaseException:
            connection.close()
            raise
    return connection


def _copy_shared(place: SharedLedger) -> sqlite3.Connection:
    from newsletter_cli.deliver.ledger.postgresql import copy_into, has_shared

    copy = empty_database()
    try:
        if has_shared(place):
            migrate(copy, MIGRATIONS)
            with contextlib.closing(open_database(place)) as source:
                copy_into(copy, source)
    except BaseException:
        copy.close()
        raise
    return copy


def compact(database: Database) -> bool:
    """Leave nothing of what was erased in the ledger. `False`: somebody else holds its file open."""
    if isinstance(database, sqlite3.Connection):
        return rewrite(database)
    shared = as_shared(database)
    if shared is not None:
        shared.vacuum()
    return True
