"""The runs of a send, and whether this ledger is the newest there was.

`state/ledger.mark` holds a number that grows with each run's begin and end, and each second in between. A ledger with a
lower one was put back from an older copy: whom it calls pending may have got the issue since.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import sqlite3
import time
from collections.abc import Callable, Collection
from pathlib import Path

from newsletter_cli.base.endpoint_key import key_id
from newsletter_cli.base.files import PRIVATE_FILE, write_file
from newsletter_cli.base.leftovers import sweep
from newsletter_cli.base.tokens import Tokens
from newsletter_cli.deliver.ledger.migrating import SECRET_BYTES
from newsletter_cli.deliver.ledger.transactions import Database, database_errors, transaction

MARK = "ledger.mark"
MARK_SECONDS = 1.0
# Where secrets stand: `secret`, then `secret.2`, `secret.3`…; and which of them makes tokens.
SECRET, IN_USE = "secret", "secret in use"


class LedgerMark:
    """The number in `state/ledger.mark`, moved on with the ledger's own."""

    def __init__(self, state: Path, *, monotonic: Callable[[], float] = time.monotonic):
        self._path = state / MARK
        self._monotonic = monotonic
        self._next_at = 0.0

    def advance(self, connection: Database) -> int | None:
        """Inside the caller's transaction: the ledger's next number; `None` where the last one is younger than a
        second."""
        now = self._monotonic()
        if now < self._next_at:
            return None
        self._next_at = now + MARK_SECONDS
        return _next_generation(connection)

    def write(self, generation: int) -> None:
        """After the commit: the number beside the ledger."""
        # The ledger has it already: a mark that cannot be written warns of nothing, and must not stop a send.
        with contextlib.suppress(OSError):
            write_file(self._path, f"{generation}\n".encode("ascii"), mode=PRIVATE_FILE, is_lasting=False)


def begin_run(
    connection: Database, state: Path, *, issue: int, host: str, transport: str, now: str, is_alone: bool = True
) -> int:
    """Record that a run begins; its number. `now` is ISO 8601, UTC; `is_alone`: the ledger's lock is ours. Raises
    `LedgerError`.
    """
    with transaction(connection):
        run = connection.execute(
            "INSERT INTO run(issue, host, pid, transport, started_at) VALUES (?, ?, ?, ?, ?) RETURNING id",
            (issue, host, os.getpid(), transport, now),
        ).fetchone()[0]
        generation = _next_generation(connection)
    # With the ledger's lock, nobody else writes the mark.
    if is_alone:
        sweep(state, is_alone=True, of=MARK)
    LedgerMark(state).write(generation)
    return int(run)


def end_run(connection: Database, state: Path, run: int, *, ending: str, now: str) -> None:
    """Record how a run ended. Raises `LedgerError`."""
    with transaction(connection):
        connection.execute("UPDATE run SET ended_at = ?, ending = ? WHERE id = ?", (now, ending, run))
        generation = _next_generation(connection)
    LedgerMark(state).write(generation)


def read_ways(connection: Database, issue: int) -> list[str]:
    """The transports that the issue has gone through, the last one last."""
    with database_errors():
        rows = connection.execute(
            "SELECT transport FROM run WHERE issue = ? GROUP BY transport ORDER BY max(id)", (issue,)
        )
        return [row[0] for row in rows]


def first_real_run(connection: Database, issue: int) -> str | None:
    """When the issue first went out to real readers (ISO 8601, UTC); `None` where it never left this machine."""
    with database_errors():
        (began,) = connection.execute(
            "SELECT min(started_at) FROM run WHERE issue = ? AND transport NOT LIKE 'maildir:%'", (issue,)
        ).fetchone()
    return None if began is None else str(began)


def is_old_copy(connection: Database, state: Path) -> bool:
    """Whether this ledger knows less than the last one that was used here."""
    # The mark first: workers may move both on meanwhile, and always the ledger before the mark.
    known = read_mark(state)
    return read_generation(connection) < known


def read_generation(connection: Database) -> int:
    """How much this ledger knows: of two copies, the one with the higher number is the newer."""
    return int(_noted(connection, "generation"))


def read_mark(state: Path) -> int:
    """The number beside the ledger; 0 where there is none."""
    try:
        return int((state / MARK).read_text(encoding="ascii"))
    except (OSError, ValueError):
        return 0


def read_secret_key(connection: Database) -> bytes:
    """The ledger's own secret, made with it."""
    return bytes.fromhex(_noted(connection, SECRET))


def read_secrets(connection: Database) -> tuple[bytes, ...]:
    """All secrets, the newest first, the ledger's own last."""
    with database_errors():
        rows = connection.execute("SELECT name, value FROM meta WHERE name LIKE ?", (f"{SECRET}.%",)).fetchall()
    later = sorted(((int(name.rpartition(".")[2]), value) for name, value in rows), reverse=True)
    return (*(bytes.fromhex(value) for _number, value in later), read_secret_key(connection))


def read_tokens(connection: Database) -> Tokens:
    """The tokens of the ledger's deliveries. A secret that the endpoint has not been seen to know makes none yet."""
    *later, own = read_secrets(connection)
    with database_errors():
        found = connection.execute("SELECT value FROM meta WHERE name = ?", (IN_USE,)).fetchone()
    in_use = next((one for one in later if found is not None and key_id(one) == found[0]), None)
    return Tokens(own, making=in_use, also=later)


def add_secret(connection: Database, state: Path) -> None:
    """Make one more secret; whoever calls holds the ledger's lock. Raises `LedgerError`."""
    with transaction(connection):
        number = len(read_secrets(connection)) + 1
        values = (f"{SECRET}.{number}", secrets.token_hex(SECRET_BYTES))
        connection.execute("INSERT INTO meta VALUES (?, ?)", values)
        generation = _next_generation(connection)
    LedgerMark(state).write(generation)


def note_known(connection: Database, ids: Collection[str]) -> bool:
    """The endpoint knows the secrets with these ids: the newest of them makes tokens from now on. Whether that is
    another one than before. Raises `LedgerError`.
    """
    newest = next((one for one in map(key_id, read_secrets(connection)) if one in ids), None)
    if newest is None:
        return False
    with transaction(connection):
        statement = (
            "INSERT INTO meta VALUES (?, ?)"
            " ON CONFLICT(name) DO UPDATE SET value = excluded.value WHERE meta.value <> excluded.value"
        )
        return connection.execute(statement, (IN_USE, newest)).rowcount > 0


def read_ledger_id(connection: Database) -> str:
    """A name for the ledger that stays, also in a copy of it, and says nothing of its key."""
    return key_id(read_secret_key(connection))


def _noted(connection: Database, name: str) -> str:
    """What the ledger notes of itself. Raises `LedgerError` where it does not: another program's database."""
    with database_errors():
        found = connection.execute("SELECT value FROM meta WHERE name = ?", (name,)).fetchone()
        if found is None:
            raise sqlite3.DatabaseError(f"no {name}")
        return str(found[0])


def _next_generation(connection: Database) -> int:
    connection.execute("UPDATE meta SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'generation'")
    return int(connection.execute("SELECT value FROM meta WHERE name = 'generation'").fetchone()[0])
