"""A database as it stands, copied aside: whoever only looks neither waits, nor writes, nor is waited for."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

CACHE_KIBIBYTES = 8_000


def empty_database() -> sqlite3.Connection:
    """A database in SQLite's own temporary file: private, without a name, gone with the process however it ends."""
    connection = sqlite3.connect("", isolation_level=None)
    connection.executescript(
        f"PRAGMA synchronous = OFF; PRAGMA temp_store = FILE; PRAGMA cache_size = -{CACHE_KIBIBYTES};"
    )
    return connection


def copy_database(path: Path) -> sqlite3.Connection:
    """What the database at `path` says at this moment, also while others write it. Nothing beside it is changed.

    Raises `sqlite3.Error`, `OSError`.
    """
    copy = empty_database()
    try:
        with _opened(path) as source:
            source.backup(copy)
    except BaseException:
        copy.close()
        raise
    return copy


def is_writable(path: Path) -> bool:
    """Whether a database can be opened there in the usual way: SQLite keeps its log beside it."""
    return os.access(path, os.R_OK | os.W_OK) and os.access(path.parent, os.W_OK | os.X_OK)


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    if is_writable(path):
        # Not `mode=ro`: that leaves the files of the log behind, where they did not stand before.
        with contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True)) as connection:
            connection.execute("PRAGMA query_only = ON")
            yield connection
        return
    # Without a place for its log, SQLite reads no database that has one: read it where there is room.
    with tempfile.TemporaryDirectory(prefix="nl-") as folder:
        shutil.copyfile(path, f"{folder}/copy.db")
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(f"{path}-wal", f"{folder}/copy.db-wal")
        with contextlib.closing(sqlite3.connect(f"{folder}/copy.db")) as connection:
            yield connection
