"""What came back after a send, as the store keeps it: by person, by issue, each once."""

from __future__ import annotations

from collections.abc import Iterable

from newsletter_cli.audience.list_schema import database_errors
from newsletter_cli.audience.store import Store
from newsletter_cli.model.feedback import Feedback, FeedbackKind

# What the key of a record begins with whose person was erased: no normalised address, it has no @.
ERASED = "erased:"
COLUMNS = "reference, kind, key, issue, status, words, at, source"


class FeedbackRecords:
    """The feedback in a store."""

    def __init__(self, store: Store):
        self._store = store
        self._connection = store.connection

    def add(self, feedback: Iterable[Feedback], *, now: str) -> list[Feedback]:
        """Record these, inside the caller's transaction; those that were not known yet."""
        new = []
        for one in feedback:
            row = (one.reference, one.kind, one.key, one.issue, one.status, one.words, one.at, one.source, now)
            sql = f"INSERT OR IGNORE INTO feedback({COLUMNS}, recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            if self._connection.execute(sql, row).rowcount:
                new.append(one)
        return new

    def knows(self, reference: bytes) -> bool:
        """Whether that message or entry was recorded before."""
        with database_errors(self._store.name):
            question = "SELECT 1 FROM feedback WHERE reference = ?"
            return self._connection.execute(question, (reference,)).fetchone() is not None

    def of_person(self, key: str) -> list[Feedback]:
        """All about one person, by their normalised address, the oldest first."""
        with database_errors(self._store.name):
            rows = self._connection.execute(
                # The index leaves out those without a key: that has to be said for it to be used.
                f"SELECT {COLUMNS} FROM feedback WHERE key = ? AND key <> '' ORDER BY at, id",
                (key,),
            ).fetchall()
        return [_from_row(row) for row in rows]

    def counts(self) -> list[tuple[int | None, FeedbackKind, int]]:
        """How often each kind came back, by issue (`None`: it is not known which)."""
        with database_errors(self._store.name):
            rows = self._connection.execute("SELECT issue, kind, count(*) FROM feedback GROUP BY 1, 2 ORDER BY 1, 2")
            return [(issue, FeedbackKind(kind), count) for issue, kind, count in rows]

    def forget_person(self, key: str) -> int:
        """Make this person's records anonymous, inside the caller's transaction; the counts stay. How many."""
        sql = f"UPDATE feedback SET key = '{ERASED}' || id, words = '' WHERE key = ? AND key <> ''"
        return self._connection.execute(sql, (key,)).rowcount

    def move_person(self, old: str, new: str) -> int:
        """Have this person's records under another normalised address, inside the caller's transaction; how many."""
        return self._connection.execute("UPDATE feedback SET key = ? WHERE key = ? AND key <> ''", (new, old)).rowcount

    def count_due(self, before: str) -> int:
        """How many that came before that moment (ISO 8601, UTC) still name somebody."""
        with database_errors(self._store.name):
            question = "SELECT count(*) FROM feedback WHERE at < ? AND key LIKE '%@%'"
            return int(self._connection.execute(question, (before,)).fetchone()[0])

    def purge(self, before: str) -> int:
        """Make those that came before that moment (ISO 8601, UTC) anonymous, inside the caller's transaction."""
        sql = f"UPDATE feedback SET key = '{ERASED}' || id, words = '' WHERE at < ? AND key LIKE '%@%'"
        return self._connection.execute(sql, (before,)).rowcount


def _from_row(row: tuple[bytes, str, str, int | None, str, str, str, str]) -> Feedback:
    reference, kind, key, issue, status, words, at, source = row
    return Feedback(
        reference=reference,
        kind=FeedbackKind(kind),
        key=key,
        issue=issue,
        status=status,
        words=words,
        at=at,
        source=source,
    )
