"""The ledger's file: opened, private, migrated; every refusal in plain words.

WAL, so that a report can be read while a send writes; `synchronous = FULL`, so that what was committed survives a
power cut (https://sqlite.org/pragma.html#pragma_synchronous).
"""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager
from pathlib import Path

from newsletter_cli.audience.copying import copy_database, empty_database
from newsletter_cli.base import private_database
from newsletter_cli.base.errors import LedgerBusy, LedgerError
from newsletter_cli.base.files import PRIVATE_FILE
from newsletter_cli.base.i18n import _
from newsletter_cli.base.private_database import make_private_file
from newsletter_cli.deliver.ledger.schema import MIGRATIONS

DATABASE = "ledger.db"
NAME = f"state/{DATABASE}"
PRIVATE_FOLDER = 0o700
BUSY_SECONDS = 30.0
CACHE_KIBIBYTES = 8_000
SECRET_BYTES = 32


def has_ledger(state: Path) -> bool:
    """Whether anything was ever sent from the workspace whose `state/` this is. Raises `LedgerError` for one that is
    closed to this user.
    """
    with database_errors():
        return (state / DATABASE).is_file()


def open_database(state: Path, *, migrations: Sequence[str] = MIGRATIONS) -> sqlite3.Connection:
    """The ledger in `state/`, made where it is missing, brought to the newest schema. Raises `LedgerError`."""
    path = state / DATABASE
    with database_errors():
        state.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
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
            _migrate(connection, migrations)
        except BaseException:
            connection.close()
            raise
    return connection


def copy_ledger(state: Path) -> sqlite3.Connection:
    """The ledger as it stands, to try things on: a copy that nobody else sees, empty where nothing was ever sent.

    Waits for nobody who writes, and changes nothing in `state/`. Raises `LedgerError`.
    """
    with database_errors():
        connection = copy_database(state / DATABASE) if has_ledger(state) else empty_database()
        try:
            _migrate(connection, MIGRATIONS)
        except BaseException:
            connection.close()
            raise
    return connection


def _migrate(connection: sqlite3.Connection, migrations: Sequence[str]) -> None:
    version = _version(connection)
    if version > len(migrations):
        raise LedgerError(
            _("the ledger was written by a newer nl"), file=NAME, hint=_("update nl, then try again; nothing was sent")
        )
    for number, migration in enumerate(migrations[version:], version + 1):
        with transaction(connection):
            if _version(connection) >= number:  # another process was first
                continue
            for statement in _statements(migration):
                connection.execute(statement)
            if number == 1:
                connection.execute("INSERT INTO meta VALUES ('secret', ?)", (secrets.token_hex(SECRET_BYTES),))
                connection.execute("INSERT INTO meta VALUES ('generation', '0')")
            connection.execute(f"PRAGMA user_version = {number}")


def _statements(script: str) -> Iterator[str]:
    """The statements of a script, one by one: `executescript` would commit on its way in."""
    statement = ""
    for line in script.splitlines():
        statement += line.partition("--")[0] + "\n"
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of the block, durably, or nothing of it. Raises `LedgerError`."""
    with database_errors():
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            roll_back(connection)
            raise


def roll_back(connection: sqlite3.Connection) -> None:
    """Undo what is not committed; SQLite may have done so by itself (disk full)."""
    if connection.in_transaction:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")


def database_errors() -> AbstractContextManager[None]:
    """Turns what SQLite and the disk refuse into `LedgerError`s."""
    return private_database.database_errors(_Words())


class _Words:
    def busy(self) -> LedgerError:
        return LedgerBusy(
            _("another program is writing the ledger"), file=NAME, hint=_("wait for it to end, then try again")
        )

    def refused(self, reason: str) -> LedgerError:
        return LedgerError(
            _("the ledger cannot be written: {reason}").format(reason=reason),
            file=NAME,
            hint=_("make room on the disk, then run the same command again: it goes on where it was"),
        )

    def damaged(self, reason: str) -> LedgerError:
        return LedgerError(
            _("this is no ledger of nl, or it is damaged: {reason}").format(reason=reason),
            file=NAME,
            hint=_("put it back from a backup; without it nobody can tell who got the issue"),
        )

    def system(self, reason: str) -> LedgerError:
        return LedgerError(_("the system refused: {reason}").format(reason=reason), file=NAME)
