"""Changes of address: by which normalised address somebody is known, whichever of theirs a file, a link or a mail has.

Of an address that somebody had, only the keyed hash is kept (table `moved`), beside the normalised address they have
now.
"""

from __future__ import annotations

import hmac
from collections import defaultdict
from typing import NamedTuple

from newsletter_cli.audience.list_schema import database_errors
from newsletter_cli.audience.managed import ManagedList
from newsletter_cli.audience.row import Candidate
from newsletter_cli.audience.store import Store
from newsletter_cli.base.i18n import _

# Beside the list, in its `meta`: a change of address that the ledger of deliveries has yet to follow.
UNFINISHED = "moving"


class Unfinished(NamedTuple):
    """A change of address under way: the old normalised address, the new one, and how the new one is written."""

    old: str
    new: str
    address: str


def keyed_hash(store: Store, key: str) -> bytes:
    """The keyed hash of a normalised address."""
    return hmac.digest(store.secret, key.encode("utf-8", "surrogatepass"), "sha256")


class Moves:
    """The changes of address of a store. Changes happen inside the caller's `Store.transaction()`."""

    def __init__(self, store: Store):
        self._store = store
        self._connection = store.connection

    def has_any(self) -> bool:
        """Whether anybody's address was ever changed."""
        with database_errors(self._store.name):
            return self._connection.execute("SELECT 1 FROM moved LIMIT 1").fetchone() is not None

    def current(self, key: str) -> str:
        """The normalised address of whoever has this one, or had it."""
        if not self.has_any():
            return key
        with database_errors(self._store.name):
            row = self._connection.execute(
                "SELECT key FROM moved WHERE hash = ?", (keyed_hash(self._store, key),)
            ).fetchone()
        return row[0] if row else key

    def as_they_are(self, candidate: Candidate) -> Candidate:
        """What a list says under an address that its person has no more, said of the one they have."""
        key = self.current(candidate.key)
        if key == candidate.key:
            return candidate
        known = ManagedList(self._store).find(key)
        note = _("the person has another address since, and the row counts for it")
        return candidate._replace(key=key, address=known.address if known else key, notes=(*candidate.notes, note))

    def hashes_of(self, key: str) -> list[bytes]:
        """The hashes of the address that somebody has, and of those they had."""
        rows = self._connection.execute("SELECT hash FROM moved WHERE key = ?", (key,)).fetchall()
        return [keyed_hash(self._store, key), *(row[0] for row in rows)]

    def families(self) -> dict[bytes, frozenset[bytes]]:
        """By each hash of an address that somebody has or had: all of theirs. Nobody whose address never changed."""
        by_key: dict[str, set[bytes]] = defaultdict(set)
        for hashed, key in self._connection.execute("SELECT hash, key FROM moved"):
            by_key[key].add(hashed)
        found: dict[bytes, frozenset[bytes]] = {}
        for key, hashes in by_key.items():
            family = frozenset((*hashes, keyed_hash(self._store, key)))
            found.update(dict.fromkeys(family, family))
        return found

    def dates_of(self, key: str) -> list[str]:
        """When this person's address was changed (ISO 8601, UTC)."""
        with database_errors(self._store.name):
            rows = self._connection.execute("SELECT at FROM moved WHERE key = ? ORDER BY at", (key,))
            return [row[0] for row in rows]

    def record(self, move: Unfinished, *, now: str) -> None:
        """Have the earlier address, and those before it, lead to the new one; the ledger has yet to follow."""
        old, new = keyed_hash(self._store, move.old), keyed_hash(self._store, move.new)
        run = self._connection.execute
        run("UPDATE moved SET key = ? WHERE key = ?", (move.new, move.old))
        run("DELETE FROM moved WHERE hash = ?", (new,))
        run("INSERT OR REPLACE INTO moved VALUES (?, ?, ?)", (old, move.new, now))
        known = "SELECT ?, at, consent_at, consent_how FROM readmission WHERE hash = ?"
        run(f"INSERT INTO readmission {known} EXCEPT {known}", (new, old, new, new))
        self.note_unfinished(move)

    def note_unfinished(self, move: Unfinished) -> None:
        """The ledger has yet to follow."""
        self._connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (UNFINISHED, "\n".join(move)))

    def unfinished(self) -> Unfinished | None:
        """The change that the ledger has yet to follow."""
        with database_errors(self._store.name):
            row = self._connection.execute("SELECT value FROM meta WHERE name = ?", (UNFINISHED,)).fetchone()
        return Unfinished(*row[0].split("\n")) if row else None

    def finish(self) -> None:
        """The ledger has followed."""
        with database_errors(self._store.name):
            self._connection.execute("DELETE FROM meta WHERE name = ?", (UNFINISHED,))
