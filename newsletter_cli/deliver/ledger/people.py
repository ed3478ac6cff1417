"""What the ledger knows of one person: their right of access, their erasure, the end of retention."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from newsletter_cli.deliver.ledger.database import compact, copy_ledger, open_database
from newsletter_cli.deliver.ledger.place import LedgerPlace
from newsletter_cli.deliver.ledger.reading import moment
from newsletter_cli.deliver.ledger.schema import ERASED, READY
from newsletter_cli.deliver.ledger.transactions import Database, database_errors, transaction

# What an anonymous record keeps: which issue, when, and how it ended.
ERASE = (
    f"key = '{ERASED}' || id, address = '', name = '', fields = '',"
    " reply = CASE code WHEN 0 THEN '' ELSE CAST(code AS TEXT) END"
)

# Who has no name any more cannot be written to, and nobody need decide about them. What is claimed or attempted belongs
# to a send under way, or to `Records.recover`: both settle what has no name.
SETTLE = "UPDATE delivery SET state = 'refused', settled = 1, code = 0"
UNSETTLED = "state NOT IN ('sent', 'claimed', 'attempting')"


class LedgerPeople(Struct, frozen=True):
    """The ledger in `state`, as a place that knows people by their normalised address."""

    place: LedgerPlace
    name: str = "deliveries"

    def export_person(self, key: str) -> list[dict[str, Any]]:
        """Every issue that was sent to this person, or was to be. Raises `LedgerError`."""
        with self._open() as connection, database_errors():
            rows = connection.execute(
                "SELECT issue, address, name, fields, state, tries, at, code, reply FROM delivery"
                " WHERE key = ? ORDER BY issue",
                (key,),
            ).fetchall()
        names = ("issue", "address", "name", "fields", "state", "tries", "at", "code", "reply")
        found = [dict(zip(names, row, strict=True)) for row in rows]
        return [{**one, "address": one["address"] or key, "at": moment(one["at"])} for one in found]

    def forget_person(self, key: str) -> int:
        """Make this person's deliveries anonymous; the counts stay. What waits is not sent any more."""
        with self._open() as connection, transaction(connection):
            connection.execute(f"{SETTLE} WHERE key = ? AND {UNSETTLED}", (key,))
            return connection.execute(f"UPDATE delivery SET {ERASE} WHERE key = ?", (key,)).rowcount

    def shared_issues(self, old: str, new: str) -> list[int]:
        """The issues that both normalised addresses have a delivery of: two people, as far as the ledger knows."""
        question = "SELECT issue FROM delivery WHERE key = ? INTERSECT SELECT issue FROM delivery WHERE key = ?"
        with self._open() as connection, database_errors():
            return [row[0] for row in connection.execute(question, (old, new))]

    def move_person(self, old: str, new: str, address: str) -> tuple[int, int]:
        """Have this person's deliveries under another normalised address: who has an issue does not get it again there.

        What waits goes to the new address, written as `address`; what was sent, or may have been, keeps the one it went
        to. How many deliveries there are, and how many of them wait. A second time changes nothing.
        """
        with self._open() as connection, transaction(connection):
            count = connection.execute("SELECT count(*) FROM delivery WHERE key = ?", (old,)).fetchone()[0]
            # Another domain may go by another pacing rule: a send that goes on names them anew.
            waiting = f"SELECT issue FROM delivery WHERE key = ? AND {READY}"
            connection.execute(f"UPDATE wave SET paces = '' WHERE issue IN ({waiting})", (old,))
            waits = len(connection.execute(waiting, (old,)).fetchall())
            connection.execute(
                f"UPDATE delivery SET address = CASE WHEN NOT ({_GONE_OUT}) THEN :address"
                " WHEN address = '' THEN key ELSE address END, key = :new WHERE key = :old",
                {"old": old, "new": new, "address": "" if address == new else address},
            )
            return count, waits

    def count_due(self, before: str) -> int:
        """How many deliveries of freezes before that moment (ISO 8601, UTC) still name somebody. In a copy: nothing in
        `state/` changes.
        """
        with contextlib.closing(copy_ledger(self.place)) as connection, database_errors():
            return int(connection.execute(f"SELECT count(*) FROM delivery {_DUE}", (before,)).fetchone()[0])

    def purge(self, before: str) -> int:
        """Make those anonymous, and drop their frozen messages; how many."""
        with self._open() as connection, transaction(connection):
            connection.execute(f"{SETTLE} {_DUE} AND {UNSETTLED}", (before,))
            count = connection.execute(f"UPDATE delivery SET {ERASE} {_DUE}", (before,)).rowcount
            connection.execute("UPDATE wave SET template = ? WHERE frozen_at < ?", (b"", before))
            return count

    def compact(self) -> bool:
        """Leave nothing of what was erased in the ledger's files. `False`: somebody else holds it open."""
        with self._open() as connection, database_errors():
            return compact(connection)

    @contextlib.contextmanager
    def _open(self) -> Iterator[Database]:
        connection = open_database(self.place)
        try:
            yield connection
        finally:
            connection.close()


# What has left this machine, or may have.
_GONE_OUT = "state IN ('attempting', 'sent', 'in_doubt')"
_DUE = f"WHERE wave IN (SELECT id FROM wave WHERE frozen_at < ?) AND key NOT LIKE '{ERASED}%'"
