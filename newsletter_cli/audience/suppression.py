"""The suppression list: who must never be written to, whatever the source says.

It holds keyed hashes only (HMAC-SHA-256 of the normalised address), so that the file alone names nobody
(CNIL, opposition lists: keep what is needed to recognise, and nothing else).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from newsletter_cli.audience.list_schema import database_errors
from newsletter_cli.audience.moves import Moves, keyed_hash
from newsletter_cli.audience.store import Store, key_name
from newsletter_cli.base.errors import ListError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.privacy import SUPPRESSION_HEADER

# The weightier reason stays: an unsubscription makes no complaint lighter, and an erasure is what must be proved.
REASONS = ("imported", "bounced", "unsubscribed", "complained", "erased")
# An earlier moment stays with a weightier reason; but for an erasure, whose own moment is what must be proved.
WEIGH = """
INSERT INTO suppression VALUES (:hash, :reason, :since) ON CONFLICT(hash) DO UPDATE SET
  reason = excluded.reason, since = iif(excluded.reason = 'erased', excluded.since, since)
WHERE instr(:order, ' ' || excluded.reason || ' ') > instr(:order, ' ' || reason || ' ')
"""
ORDER = " ".join(("", *REASONS, ""))
CHUNK = 5_000


class Suppressed(NamedTuple):
    """Why and since when (ISO 8601, UTC) an address is suppressed."""

    reason: str
    since: str


class Suppression:
    """The suppression list of a store."""

    def __init__(self, store: Store):
        self._store = store
        self._connection = store.connection
        self._moves = Moves(store)

    def hash_of(self, key: str) -> bytes:
        """The keyed hash of a normalised address."""
        return keyed_hash(self._store, key)

    def find(self, key: str) -> Suppressed | None:
        """Why this person is suppressed, if they are."""
        with database_errors(self._store.name):
            row = self._connection.execute(
                "SELECT reason, since FROM suppression WHERE hash = ?", (self.hash_of(key),)
            ).fetchone()
        return Suppressed(*row) if row else None

    def has_any(self) -> bool:
        """Whether there is anybody on it."""
        with database_errors(self._store.name):
            return self._connection.execute("SELECT 1 FROM suppression LIMIT 1").fetchone() is not None

    def has_any_trace(self) -> bool:
        """Whether anybody is on it, or was."""
        with database_errors(self._store.name):
            question = "SELECT EXISTS(SELECT 1 FROM suppression) OR EXISTS(SELECT 1 FROM readmission)"
            return bool(self._connection.execute(question).fetchone()[0])

    def add(self, keys: Iterable[str], *, reason: str, now: str) -> int:
        """Suppress these people, inside the caller's transaction; how many are new. The weightier reason stays."""
        return self.add_each(((key, reason) for key in keys), now=now)

    def add_each(self, people: Iterable[tuple[str, str]], *, now: str) -> int:
        """As `add`, each with a reason of their own."""
        self._store.secret  # noqa: B018 - its first use writes a row, which is none of ours
        return self._insert((self.hash_of(key), reason, now) for key, reason in people)

    def _insert(self, rows: Iterable[tuple[bytes, str, str]]) -> int:
        # Whoever leaves does so with every address they had.
        families = self._moves.families()
        count, stream = 0, iter(rows)
        while chunk := list(islice(stream, CHUNK)):
            before = self._connection.total_changes
            self._connection.executemany("INSERT OR IGNORE INTO suppression VALUES (?, ?, ?)", chunk)
            count += self._connection.total_changes - before
            if families:
                kin = [(one, why, since) for own, why, since in chunk for one in families.get(own, ()) if one != own]
                self._connection.executemany("INSERT OR IGNORE INTO suppression VALUES (?, ?, ?)", kin)
                chunk += kin
            self._connection.executemany(
                WEIGH,
                ({"hash": one, "reason": why, "since": since, "order": ORDER} for one, why, since in chunk),
            )
        return count

    def readmit(self, key: str, *, consent_at: str, consent_how: str, now: str) -> bool:
        """Take somebody who left off the list, inside the caller's transaction, with the proof of their new consent.

        Whether they were on it.
        """
        removed = 0
        for hashed in self._moves.hashes_of(self._moves.current(key)):
            removed += self._connection.execute("DELETE FROM suppression WHERE hash = ?", (hashed,)).rowcount
            record = (hashed, now, consent_at, consent_how)
            self._connection.execute("INSERT INTO readmission VALUES (?, ?, ?, ?)", record)
        return bool(removed)

    def is_back_since(self, key: str, moment: str) -> bool:
        """Whether a new consent of this person is on record that is no older than `moment` (ISO 8601, UTC)."""
        with database_errors(self._store.name):
            question = "SELECT 1 FROM readmission WHERE hash = ? AND at >= ?"
            return self._connection.execute(question, (self.hash_of(key), moment)).fetchone() is not None

    def readmissions(self, key: str) -> list[dict[str, str]]:
        """The records of this person's new consents."""
        with database_errors(self._store.name):
            rows = self._connection.execute(
                "SELECT at, consent_at, consent_how FROM readmission WHERE hash = ? ORDER BY at", (self.hash_of(key),)
            ).fetchall()
        return [dict(zip(("at", "consent_at", "consent_how"), row, strict=True)) for row in rows]

    def forget_readmissions(self, key: str) -> None:
        """Erase the records of new consents, inside the caller's transaction."""
        for hashed in self._moves.hashes_of(key):
            self._connection.execute("DELETE FROM readmission WHERE hash = ?", (hashed,))

    def count_by_reason(self) -> dict[str, int]:
        """How many people are suppressed for which reason."""
        with database_errors(self._store.name):
            return dict(
                self._connection.execute("SELECT reason, count(*) FROM suppression GROUP BY reason ORDER BY 2 DESC")
            )

    def export_lines(self) -> Iterator[str]:
        """The list as text: a line that names the key, then `hash,reason,since`. No address can be had from it."""
        yield SUPPRESSION_HEADER + key_name(self._store.secret)
        yield "hash,reason,since"
        with self._store.reading() as connection:
            for hashed, reason, since in connection.execute("SELECT hash, reason, since FROM suppression"):
                yield f"{hashed.hex()},{reason},{since}"

    def import_lines(self, lines: Iterable[str], *, name: str, now: str) -> tuple[int, int]:
        """Add what `export_lines` wrote, inside the caller's transaction: how many are new, how many came back since.

        The newer act counts: whoever agreed anew after the moment in the file is not suppressed by it. Raises
        `ListError`.
        """
        self._store.secret  # noqa: B018 - its first use writes a row, which is none of ours
        back = 0

        def wanted() -> Iterator[tuple[bytes, str, str]]:
            nonlocal back
            question = "SELECT 1 FROM readmission WHERE hash = ? AND at >= ?"
            for hashed, reason, since in self._parsed(lines, name):
                if since and self._connection.execute(question, (hashed, since)).fetchone():
                    back += 1
                else:
                    yield hashed, reason, since or now

        return self._insert(wanted()), back

    def _parsed(self, lines: Iterable[str], name: str) -> Iterator[tuple[bytes, str, str]]:
        for number, line in enumerate(lines, 1):
            text = line.strip()
            if text.startswith(SUPPRESSION_HEADER):
                if text.removeprefix(SUPPRESSION_HEADER) != key_name(self._store.secret):
                    raise ListError(
                        _("these hashes were made with another key"),
                        file=name,
                        line=number,
                        hint=_("copy state/suppression.key from the workspace they come from, before the first use"),
                    )
                continue
            if not text or text.startswith(("#", "hash,")):
                continue
            hashed, reason, since = [*text.split(","), "", ""][:3]
            try:
                value = bytes.fromhex(hashed)
            except ValueError:
                value = b""
            if len(value) != 32 or reason not in REASONS:
                raise ListError(_("this is no line of a suppression list"), file=name, line=number)
            yield value, reason, since[:40]
