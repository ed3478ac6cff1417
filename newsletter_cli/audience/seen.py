"""Which people a reading has met, and in which row: a million of them cost little memory, and no address is kept."""

from __future__ import annotations

import os
import sqlite3
from array import array
from hashlib import blake2b

# 96 bits: the chance that two of a million addresses collide is below 10^-17.
DIGEST_BYTES = 12
LOW_BITS, HIGH_BITS = (1 << 64) - 1, (1 << 32) - 1
FIRST_SLOTS = 1 << 12
CACHE_KIBIBYTES = 8_000


def _keyed_digest() -> blake2b:
    """What the digests of keys begin with: a secret of this process."""
    return blake2b(digest_size=DIGEST_BYTES, key=os.urandom(16))


class SeenKeys:
    """A set of keys with the row each was first met in.

    A table with open addressing, 16 bytes a slot: 32 MB for a million keys, where a `dict` takes more than a hundred
    and a temporary database six times as long. A key is known by 96 bits: Python's own hash of it (SipHash, 64 bits),
    and half of that of the key behind a secret word, which nobody can foresee where the first is switched to a fixed
    one.
    """

    def __init__(self) -> None:
        self._secret = os.urandom(16).hex()
        self._count = 0
        self._make(FIRST_SLOTS)

    def first_row(self, key: str, row: int) -> int | None:
        """The row this key was first met in; `None` when it is new, and from now on known by `row`."""
        low = hash(key) & LOW_BITS
        high = hash(self._secret + key) & HIGH_BITS
        lows, rows = self._lows, self._rows
        place = low & self._mask
        while met := rows[place]:
            if lows[place] == low and self._highs[place] == high:
                return met - 1
            place = (place + 1) & self._mask
        lows[place], self._highs[place], rows[place] = low, high, row + 1
        self._count += 1
        if self._count * 3 > self._mask * 2:
            self._grow()
        return None

    def _make(self, slots: int) -> None:
        # Of each slot: the two parts of a digest, and the row plus one; nought there is an empty slot.
        self._lows: array[int] = array("Q", bytes(8 * slots))
        self._highs: array[int] = array("I", bytes(4 * slots))
        self._rows: array[int] = array("I", bytes(4 * slots))
        self._mask = slots - 1

    def _grow(self) -> None:
        lows, highs, rows = self._lows, self._highs, self._rows
        self._make(2 * len(rows))
        for low, high, row in zip(lows, highs, rows, strict=True):
            if row:
                place = low & self._mask
                while self._rows[place]:
                    place = (place + 1) & self._mask
                self._lows[place], self._highs[place], self._rows[place] = low, high, row


class NotedKeys:
    """A word on each of some keys, and the row where it was said. Close it, or use it as a context manager.

    SQLite's own temporary file: private, without a name, gone with the process however it ends.
    """

    def __init__(self) -> None:
        self._start = _keyed_digest()
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.executescript(
            f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -{CACHE_KIBIBYTES};"
            "CREATE TABLE noted(key BLOB PRIMARY KEY, row INTEGER NOT NULL, note TEXT NOT NULL) WITHOUT ROWID; BEGIN;"
        )
        self._execute = self._db.execute

    def __enter__(self) -> NotedKeys:
        return self

    def __exit__(self, *_error: object) -> None:
        self._db.close()

    def _digest(self, key: str) -> bytes:
        digest = self._start.copy()
        digest.update(key.encode("utf-8", "surrogatepass"))
        return digest.digest()

    def note(self, key: str, row: int, note: str) -> None:
        """Remember a word on this key, the first one said."""
        self._execute("INSERT OR IGNORE INTO noted VALUES (?, ?, ?)", (self._digest(key), row, note))

    def noted(self, key: str) -> tuple[int, str] | None:
        """The row and the word that was noted on this key."""
        found = self._execute("SELECT row, note FROM noted WHERE key = ?", (self._digest(key),)).fetchone()
        return None if found is None else (int(found[0]), str(found[1]))
