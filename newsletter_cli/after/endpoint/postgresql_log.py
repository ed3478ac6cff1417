"""The log in PostgreSQL: for several servers that share it.

Writers wait for each other (an advisory lock that is held until the commit is seen by all): numbers are given in the
order of the commits, so that no reader has passed a number that appears later.
"""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from newsletter_cli.after.endpoint.entries import LogEntry, NewEntry
from newsletter_cli.after.endpoint.log import COLUMNS, NAMES, LogExtent, LogUnavailable, entry_of, row_of
from newsletter_cli.base.privacy import without_addresses

if TYPE_CHECKING:
    from typing import LiteralString

    from psycopg import Connection

SCHEMES = ("postgresql://", "postgres://")
VERSION = "1"
CONNECT_SECONDS = 5
# The same number in every process that writes the log; any would do ("nlog").
WRITERS = 0x6E6C6F67
PATIENCE = "SET statement_timeout = '10s'; SET lock_timeout = '5s'; SET idle_in_transaction_session_timeout = '30s'"
SCHEMA: LiteralString = """
CREATE TABLE IF NOT EXISTS nl_endpoint_meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS nl_endpoint_entry (
    n BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at TEXT NOT NULL, newsletter TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL, token TEXT NOT NULL,
    person TEXT NOT NULL, message_id TEXT NOT NULL, status TEXT NOT NULL, words TEXT NOT NULL, doubt TEXT NOT NULL,
    source TEXT NOT NULL,
    reference TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS nl_endpoint_entry_of_newsletter ON nl_endpoint_entry (newsletter, n);
CREATE TABLE IF NOT EXISTS nl_endpoint_extent (
    newsletter TEXT PRIMARY KEY, fetched BIGINT NOT NULL DEFAULT 0, pruned BIGINT NOT NULL DEFAULT 0
);
"""
INSERT: LiteralString = (
    f"INSERT INTO nl_endpoint_entry ({COLUMNS}) SELECT * FROM unnest({', '.join(['%s::text[]'] * len(NAMES))})"
)
OLD: LiteralString = "e.newsletter = x.newsletter AND e.n <= x.fetched AND e.at < %s"


class PostgresqlLog:
    """A `Log` in the database at `url` (`postgresql://…`), its tables made where there are none.

    A connection that was lost is made again at the next call. Raises `LogUnavailable`, `ImportError` where psycopg is
    not installed.
    """

    def __init__(self, url: str) -> None:
        import psycopg

        self._fault = psycopg.Error
        self._url = url
        self._writer: Connection[tuple[object, ...]] | None = None
        self._reader: Connection[tuple[object, ...]] | None = None
        self._reading = threading.Lock()
        self.id = self._prepare()

    def append(self, entries: Sequence[NewEntry]) -> None:
        """Write these, all or none, durably."""
        columns = [list(column) for column in zip(*map(row_of, entries), strict=True)]
        with self._write() as connection:
            connection.execute(INSERT, columns)

    def read_after(self, newsletter: str, after: int, limit: int) -> list[LogEntry]:
        """Up to `limit` entries with higher numbers."""
        sql: LiteralString = (
            f"SELECT n, {COLUMNS} FROM nl_endpoint_entry WHERE newsletter = %s AND n > %s ORDER BY n LIMIT %s"
        )
        with self._read() as connection:
            return list(map(entry_of, connection.execute(sql, (newsletter, after, limit)).fetchall()))

    def extent(self, newsletter: str) -> LogExtent:
        """How far it goes."""
        sql: LiteralString = (
            "SELECT (SELECT coalesce(max(n), 0) FROM nl_endpoint_entry WHERE newsletter = %s),"
            " coalesce((SELECT pruned FROM nl_endpoint_extent WHERE newsletter = %s), 0)"
        )
        with self._read() as connection:
            row = connection.execute(sql, (newsletter, newsletter)).fetchone()
        last, pruned = (int(str(value)) for value in row or (0, 0))
        return LogExtent(last=max(last, pruned), pruned=pruned)

    def note_fetched(self, newsletter: str, after: int) -> None:
        """The newsletter's laptop has all up to this number, as far as there is any."""
        sql: LiteralString = (
            "INSERT INTO nl_endpoint_extent AS x (newsletter, fetched)"
            " SELECT newsletter, max(n) FROM nl_endpoint_entry WHERE newsletter = %s AND n <= %s GROUP BY 1"
            " ON CONFLICT (newsletter) DO UPDATE SET fetched = greatest(x.fetched, excluded.fetched)"
        )
        with self._write() as connection:
            connection.execute(sql, (newsletter, after))

    def prune(self, before: str) -> int:
        """Take out what is older and was fetched."""
        mark: LiteralString = (
            "UPDATE nl_endpoint_extent x SET pruned = greatest(pruned,"
            f" coalesce((SELECT max(e.n) FROM nl_endpoint_entry e WHERE {OLD}), 0))"
        )
        take_out: LiteralString = f"DELETE FROM nl_endpoint_entry e USING nl_endpoint_extent x WHERE {OLD}"
        with self._write() as connection:
            connection.execute(mark, (before,))
            return connection.execute(take_out, (before,)).rowcount

    def check(self) -> None:
        """Try to write, and leave nothing behind."""
        sql: LiteralString = (
            "INSERT INTO nl_endpoint_meta VALUES ('checked', '') ON CONFLICT (name) DO UPDATE SET value = ''"
        )
        with self._write() as connection:
            connection.execute(sql)

    def close(self) -> None:
        """Let go of the database."""
        for connection in (self._writer, self._reader):
            if connection is not None:
                connection.close()
        self._writer = self._reader = None

    def _prepare(self) -> str:
        with self._write() as connection:
            connection.execute(SCHEMA)
            for name, value in (("log", secrets.token_hex(16)), ("version", VERSION)):
                connection.execute(
                    "INSERT INTO nl_endpoint_meta VALUES (%s, %s) ON CONFLICT (name) DO NOTHING", (name, value)
                )
            rows = connection.execute("SELECT name, value FROM nl_endpoint_meta").fetchall()
        noted = {str(name): str(value) for name, value in rows}
        if noted["version"] != VERSION:
            self.close()
            raise LogUnavailable("this log was written by a newer nl")
        return noted["log"]

    @contextlib.contextmanager
    def _write(self) -> Iterator[Connection[tuple[object, ...]]]:
        try:
            if self._writer is None:
                self._writer = self._connect()
            with self._writer.transaction():
                self._writer.execute("SELECT pg_advisory_xact_lock(%s)", (WRITERS,))
                yield self._writer
        except self._fault as error:
            _let_go(self._writer)
            self._writer = None
            raise _unavailable(error) from None

    @contextlib.contextmanager
    def _read(self) -> Iterator[Connection[tuple[object, ...]]]:
        with self._reading:
            try:
                if self._reader is None:
                    self._reader = self._connect()
                yield self._reader
            except self._fault as error:
                _let_go(self._reader)
                self._reader = None
                raise _unavailable(error) from None

    def _connect(self) -> Connection[tuple[object, ...]]:
        import psycopg

        connection = psycopg.connect(
            self._url, autocommit=True, connect_timeout=CONNECT_SECONDS, application_name="nl serve"
        )
        connection.execute(PATIENCE)
        # A server may be set up to answer before it has written; stricter settings (of replicas) stay.
        if connection.execute("SHOW synchronous_commit").fetchone() == ("off",):
            connection.execute("SET synchronous_commit = on")
        return connection


def _let_go(connection: Connection[tuple[object, ...]] | None) -> None:
    if connection is not None:
        with contextlib.suppress(Exception):  # it is of no more use, whatever it says
            connection.close()


def _unavailable(error: Exception) -> LogUnavailable:
    # Of a statement, only its kind: what PostgreSQL says may hold values.
    state = getattr(error, "sqlstate", None)
    return LogUnavailable(f"PostgreSQL: {state}" if state else without_addresses(f"PostgreSQL: {error}".split("\n")[0]))
