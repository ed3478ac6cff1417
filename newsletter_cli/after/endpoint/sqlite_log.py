"""The log in a file of SQLite: one server, no other program needed.

A write-ahead log with `synchronous = FULL`: a commit is on the disk before it returns
(https://www.sqlite.org/pragma.html#pragma_synchronous).
"""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from msgspec.json import encode

from newsletter_cli.after.endpoint.entries import LogEntry, NewEntry
from newsletter_cli.after.endpoint.log import COLUMNS, NAMES, LogExtent, LogUnavailable, entry_of, row_of
from newsletter_cli.base.i18n import _
from newsletter_cli.base.private_database import has_shape, make_private_file

VERSION = 1
# In `application_id`: "nlog".
APPLICATION = 0x6E6C6F67
BUSY_SECONDS = 5.0
CHECK_BYTES = 8_192
# Numbers are never given twice, also after the last entry was pruned: AUTOINCREMENT.
SCHEMA = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE entry (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL, newsletter TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, token TEXT NOT NULL,
    person TEXT NOT NULL, message_id TEXT NOT NULL, status TEXT NOT NULL, words TEXT NOT NULL, doubt TEXT NOT NULL,
    source TEXT NOT NULL,
    reference TEXT NOT NULL
);
CREATE INDEX entry_of_newsletter ON entry (newsletter, n);
CREATE TABLE extent (
    newsletter TEXT PRIMARY KEY, fetched INTEGER NOT NULL DEFAULT 0, pruned INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
"""
# One statement for all: with one a row, this thread and the server's would hand the interpreter to and fro.
VALUES = ", ".join(f"json_extract(value, '$[{place}]')" for place in range(len(NAMES)))
INSERT = f"INSERT INTO entry ({COLUMNS}) SELECT {VALUES} FROM json_each(?) ORDER BY json_each.key"


class SqliteLog:
    """A `Log` in the file `path`, made where there is none. Raises `LogUnavailable`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._readers = threading.local()
        self._open: list[sqlite3.Connection] = []
        # Under a name with a slip in it, an empty log would be begun, and nobody would miss the other one.
        if not path.parent.is_dir():
            raise LogUnavailable(_("there is no folder {folder}").format(folder=path.parent))
        with _faults():
            make_private_file(path)
            self._writer = self._connect()
            self.id = self._prepare()

    def append(self, entries: Sequence[NewEntry]) -> None:
        """Write these, all or none, durably."""
        with _faults(), self._transaction():
            self._writer.execute(INSERT, (encode(list(map(row_of, entries))).decode(),))

    def read_after(self, newsletter: str, after: int, limit: int) -> list[LogEntry]:
        """Up to `limit` entries with higher numbers."""
        sql = f"SELECT n, {COLUMNS} FROM entry WHERE newsletter = ? AND n > ? ORDER BY n LIMIT ?"
        with _faults():
            return list(map(entry_of, self._reader().execute(sql, (newsletter, after, limit)).fetchall()))

    def extent(self, newsletter: str) -> LogExtent:
        """How far it goes."""
        with _faults():
            reader = self._reader()
            (last,) = reader.execute("SELECT max(n) FROM entry WHERE newsletter = ?", (newsletter,)).fetchone()
            found = reader.execute("SELECT pruned FROM extent WHERE newsletter = ?", (newsletter,)).fetchone()
        pruned = found[0] if found else 0
        return LogExtent(last=max(last or 0, pruned), pruned=pruned)

    def note_fetched(self, newsletter: str, after: int) -> None:
        """The newsletter's laptop has all up to this number, as far as there is any."""
        sql = (
            "INSERT INTO extent (newsletter, fetched)"
            " SELECT ?1, max(n) FROM entry WHERE newsletter = ?1 AND n <= ?2 HAVING max(n) IS NOT NULL"
            " ON CONFLICT (newsletter) DO UPDATE SET fetched = max(fetched, excluded.fetched)"
        )
        with _faults(), self._transaction():
            self._writer.execute(sql, (newsletter, after))

    def prune(self, before: str) -> int:
        """Take out what is older and was fetched."""
        old = "entry.newsletter = extent.newsletter AND entry.n <= extent.fetched AND entry.at < ?"
        with _faults(), self._transaction():
            self._writer.execute(
                f"UPDATE extent SET pruned = max(pruned, coalesce((SELECT max(n) FROM entry WHERE {old}), 0))",
                (before,),
            )
            return self._writer.execute(
                f"DELETE FROM entry WHERE EXISTS (SELECT 1 FROM extent WHERE {old})", (before,)
            ).rowcount

    def check(self) -> None:
        """Try to write, and leave nothing behind."""
        with _faults(), self._transaction():
            # As much as some requests would write: on a full disk, a few octets may still find room.
            self._writer.execute(f"INSERT OR REPLACE INTO meta VALUES ('checked', hex(randomblob({CHECK_BYTES})))")

    def close(self) -> None:
        """Let go of the file."""
        for connection in self._open:
            connection.close()

    def _reader(self) -> sqlite3.Connection:
        """A connection of this thread's own: readers wait for no writer."""
        found: sqlite3.Connection | None = getattr(self._readers, "connection", None)
        if found is None:
            found = self._readers.connection = self._connect()
        return found

    def _connect(self) -> sqlite3.Connection:
        # Closed by whichever thread ends the log.
        connection = sqlite3.connect(
            self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=32
        )
        self._open.append(connection)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA secure_delete = ON")
        return connection

    def _prepare(self) -> str:
        """Make what is not there yet; the log's id. Raises `LogUnavailable` for another program's database."""
        with self._transaction():
            (application,) = self._writer.execute("PRAGMA application_id").fetchone()
            (version,) = self._writer.execute("PRAGMA user_version").fetchone()
            (tables,) = self._writer.execute("SELECT count(*) FROM sqlite_master").fetchone()
            if not tables:
                for statement in filter(str.strip, SCHEMA.split(";")):
                    self._writer.execute(statement)
                self._writer.execute("INSERT INTO meta VALUES ('log', ?)", (secrets.token_hex(16),))
                self._writer.execute(f"PRAGMA application_id = {APPLICATION}")
                self._writer.execute(f"PRAGMA user_version = {VERSION}")
            elif application != APPLICATION or not has_shape(self._writer, [SCHEMA]):
                raise LogUnavailable("this file is another program’s database")
            elif version > VERSION:
                raise LogUnavailable("this log was written by a newer nl")
            (found,) = self._writer.execute("SELECT value FROM meta WHERE name = 'log'").fetchone()
        return str(found)

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[None]:
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._writer.execute("COMMIT")
        except BaseException:
            # SQLite has rolled back already after some faults (a full disk); and a broken file cannot.
            with contextlib.suppress(sqlite3.Error):
                self._writer.execute("ROLLBACK")
            raise


@contextlib.contextmanager
def _faults() -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError) as error:
        raise LogUnavailable(str(error)) from error
