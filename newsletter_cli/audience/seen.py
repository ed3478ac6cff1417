"""Which people a reading has met, and in which row: on disk, so that a million of them cost no memory."""

from __future__ import annotations

import os
import sqlite3
from hashlib import blake2b

CACHE_KIBIBYTES = 8_000
# 96 bits: the chance that two of a million addresses collide is below 10^-17.
DIGEST_BYTES = 12


class SeenKeys:
    """A set of keys with the row each was first met in. Close it, or use it as a context manager.

    SQLite's own temporary file: private, without a name, gone with the process however it ends. Digests under
    a key of this process, no address.
    """

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -{CACHE_KIBIBYTES};"
            "CREATE TABLE seen(key BLOB PRIMARY KEY, row INTEGER NOT NULL, note TEXT) WITHOUT ROWID; BEGIN;"
        )
        self._execute = self._db.execute
        self._salt = os.urandom(16)

    def __enter__(self) -> SeenKeys:
        return self

    def __exit__(self, *_error: object) -> None:
        self._db.close()

    def first_row(self, key: str, row: int) -> int | None:
        """The row this key was first met in; `None` when it is new, and from now on known by `row`."""
        digest = self._digest(key)
        if self._execute("INSERT OR IGNORE INTO seen VALUES (?, ?, NULL)", (digest, row)).rowcount:
            return None
        return int(self._execute("SELECT row FROM seen WHERE key = ?", (digest,)).fetchone()[0])

    def note(self, key: str, row: int, note: str) -> None:
        """Remember a word on this key, the first one said."""
        self._execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", (self._digest(key), row, note))

    def noted(self, key: str) -> tuple[int, str] | None:
        """The row and the word that was noted on this key."""
        found = self._execute("SELECT row, note FROM seen WHERE key = ?", (self._digest(key),)).fetchone()
        return None if found is None or found[1] is None else (int(found[0]), str(found[1]))

    def _digest(self, key: str) -> bytes:
        return blake2b(key.encode("utf-8", "surrogatepass"), digest_size=DIGEST_BYTES, key=self._salt).digest()
