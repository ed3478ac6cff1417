"""The durable log of an endpoint: what it promises, whichever database keeps it.

What `append` returned for is on the disk. Numbers grow in the order in which entries become visible, also where several
processes write: whoever has fetched up to one has missed none before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from newsletter_cli.after.endpoint.entries import LogEntry, NewEntry

COLUMNS = "at, newsletter, key, kind, token, person, message_id, status, words, doubt, source, reference"
NAMES = tuple(COLUMNS.split(", "))


class LogUnavailable(Exception):
    """The log cannot be written or read now: the disk is full, the database locked, damaged or away.

    Its text is the system's or the library's reason, for whoever runs the server; it holds nothing of an entry.
    """


class LogExtent(NamedTuple):
    """How far the log goes for one newsletter: the highest number ever given (0: none), and the highest pruned."""

    last: int
    pruned: int


class Log(Protocol):
    """Used by one thread at a time, but `read_after` and `extent`, which any thread may call.

    All raise `LogUnavailable`.
    """

    id: str
    """Made up with the log; the same for every process that writes it."""

    def append(self, entries: Sequence[NewEntry]) -> None:
        """Write these, all or none, durably."""
        ...

    def read_after(self, newsletter: str, after: int, limit: int) -> list[LogEntry]:
        """Up to `limit` entries of the newsletter with higher numbers, in their order."""
        ...

    def extent(self, newsletter: str) -> LogExtent:
        """How far it goes."""
        ...

    def note_fetched(self, newsletter: str, after: int) -> None:
        """The newsletter's laptop has all up to this number."""
        ...

    def prune(self, before: str) -> int:
        """Take out what is older than that moment (ISO 8601, UTC) and was fetched; how many."""
        ...

    def check(self) -> None:
        """Try to write, and leave nothing behind."""
        ...

    def close(self) -> None:
        """Let go of the database."""
        ...


def row_of(entry: NewEntry) -> tuple[str, ...]:
    """An entry as a row of `COLUMNS`."""
    return (
        entry.at, entry.newsletter, entry.key, entry.kind.value, entry.token, entry.person, entry.message_id,
        entry.status, entry.words, entry.doubt, entry.source, entry.reference,
    )  # fmt: skip


def entry_of(row: Sequence[object]) -> LogEntry:
    """A row of `n` and `COLUMNS` as an entry. Raises `LogUnavailable` for one that none of ours wrote."""
    from msgspec import ValidationError, convert

    try:
        return convert(dict(zip(("n", *NAMES), row, strict=True)), LogEntry)
    except ValidationError as error:
        raise LogUnavailable(f"row {row[0]}: {error}") from None
