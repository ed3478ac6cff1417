"""The ledger as a file of this machine: opened, private, migrated.

WAL, so that a report can be read while a send writes; `synchronous = FULL`, so that what was committed survives a
power cut (https://sqlite.org/pragma.html#pragma_synchronous).
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from newsletter_cli.base.files import PRIVATE_FILE
from newsletter_cli.base.private_database import make_private_file
from newsletter_cli.deliver.ledger.migrating import statements_of, values_of_new, written_by_newer
from newsletter_cli.deliver.ledger.transactions import database_errors, transaction

PRIVATE_FOLDER = 0o700
BUSY_SECONDS = 30.0
CACHE_KIBIBYTES = 8_000


def open_file(path: Path, migrations: Sequence[str]) -> sqlite3.Connection:
    """The ledger at `path`, made where it is missing, brought to the newest schema. Raises `LedgerError`."""
    with database_errors():
        path.parent.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
        make_private_file(path)
        with contextlib.suppress(OSError):
            path.chmod(PRIVATE_FILE)
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(
                # macOS flushes the drive's own cache only when asked to; the others know of no fullfsync.
                "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON;"
                f"PRAGMA secure_delete = ON; PRAGMA cache_size = -{CACHE_KIBIBYTES}; PRAGMA temp_store = FILE;"
            )
            migrate(connection, migrations)
        except BaseException:
            connection.close()
            raise
    return connection


def migrate(connection: sqlite3.Connection, migrations: Sequence[str]) -> None:
    """Bring a ledger to the newest schema; `user_version` counts what was applied. Raises `LedgerError`."""
    version = _version(connection)
    if version > len(migrations):
        raise written_by_newer()
    for number, migration in enumerate(migrations[version:], version + 1):
        with transaction(connection):
            if _version(connection) >= number:  # another process was first
                continue
            for statement in statements_of(migration):
                connection.execute(statement)
            if number == 1:
                connection.executemany("INSERT INTO meta VALUES (?, ?)", values_of_new())
            connection.execute(f"PRAGMA user_version = {number}")


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
