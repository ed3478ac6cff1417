"""What the law gives each person (GDPR articles 15 and 17), and what it asks of the list: to forget in time."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from msgspec import Struct

from newsletter_cli.audience.address import AddressFault, parse_cell
from newsletter_cli.audience.csv_output import private_file
from newsletter_cli.audience.csv_source import CsvSource
from newsletter_cli.audience.feedback import FeedbackRecords
from newsletter_cli.audience.list_schema import database_errors
from newsletter_cli.audience.managed import ManagedList
from newsletter_cli.audience.moves import Moves
from newsletter_cli.audience.row import Candidate, Row, Tally, row_parser, unguarded
from newsletter_cli.audience.source import ListSource
from newsletter_cli.audience.store import Store
from newsletter_cli.audience.suppression import Suppression
from newsletter_cli.base.errors import ListError, NewsletterError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.moments import timestamp
from newsletter_cli.config.list_settings import RetentionSettings
from newsletter_cli.model.subscriber import SubscriberStatus

REJECTS = "rejects"
FEEDBACK = "feedback"


class PersonalRecords(Protocol):
    """Another place that knows people by their normalised address: the ledger of deliveries."""

    @property
    def name(self) -> str:
        """What it is called in the results."""
        ...

    def export_person(self, key: str) -> list[dict[str, Any]]:
        """All that is recorded of this person."""
        ...

    def forget_person(self, key: str) -> int:
        """Make this person's records anonymous, keeping the counts; how many. `compact` comes after."""
        ...

    def compact(self) -> bool:
        """Leave nothing of what was erased in the files. `False`: somebody else holds them open."""
        ...

    def count_due(self, before: str) -> int:
        """How many records are older than `before` (ISO 8601, UTC)."""
        ...

    def purge(self, before: str) -> int:
        """Make those anonymous; how many. `compact` comes after."""
        ...


class Forgotten(Struct, frozen=True, kw_only=True):
    """What an erasure took out of the places that `nl` writes; and the files that `failed` it, with why."""

    was_subscriber: bool
    records: int
    reject_rows: int
    failed: tuple[tuple[str, str], ...] = ()


def person_as_dict(candidate: Candidate) -> dict[str, Any]:
    """One candidate for scripts."""
    return {
        "row": candidate.row,
        "address": candidate.address,
        "name": candidate.name,
        "status": str(candidate.status),
        "groups": list(candidate.groups),
        "attributes": dict(candidate.attributes),
    }


def rows_of(source: ListSource, keys: Collection[str]) -> dict[str, list[dict[str, Any]]]:
    """What the source says of these people, row by row; of a row that cannot be read, its number and why.

    Raises `ListError`.
    """
    found: dict[str, list[dict[str, Any]]] = {key: [] for key in keys}
    if isinstance(source, CsvSource):
        with source.open(Tally()) as table:
            parse = row_parser(table.columns, source.default_status, lambda fault: None)
            for row in table.rows:
                _note_row(found, parse(row), row)
    else:
        for candidate in source.read(Tally()):
            _note_row(found, [candidate], None)
    return found


def _note_row(found: dict[str, list[dict[str, Any]]], candidates: Iterable[Candidate], row: Row | None) -> None:
    for one in candidates:
        if one.key in found:
            found[one.key].append(
                {**person_as_dict(one), "consent": one.consent._asdict() if one.consent else None, "unreadable": ""}
            )
        elif one.fault and row is not None:
            for key, rows in found.items():
                if _is_about(row.cells, key):
                    rows.append({"row": one.row, "unreadable": one.fault})


def is_known(store: Store, key: str, others: Sequence[PersonalRecords] = ()) -> bool:
    """Whether anything is known of this person here, be it that they left."""
    suppression = Suppression(store)
    return bool(
        ManagedList(store).find(key)
        or suppression.find(key)
        or suppression.readmissions(key)
        or FeedbackRecords(store).of_person(key)
        or any(records.export_person(key) for records in others)
        or any(_count_rows(path, key) for path in _reject_files(store.folder))
    )


def export_person(store: Store, key: str, others: Sequence[PersonalRecords] = ()) -> dict[str, Any]:
    """All that is known of one person here, as plain data. What sources say is `rows_of`'s."""
    subscriber = ManagedList(store).find(key)
    suppression = Suppression(store)
    suppressed = suppression.find(key)
    return {
        "subscriber": subscriber.as_dict() if subscriber else None,
        "suppressed": suppressed._asdict() if suppressed else None,
        "readmissions": suppression.readmissions(key),
        "address_changes": Moves(store).dates_of(key),
        "rejected_rows": sum(_count_rows(path, key) for path in _reject_files(store.folder)),
        "feedback": [one.as_dict() for one in FeedbackRecords(store).of_person(key)],
        **{records.name: records.export_person(key) for records in others},
    }


def forget_person(store: Store, key: str, *, now: datetime, others: Sequence[PersonalRecords] = ()) -> Forgotten:
    """Erase one person wherever `nl` writes; only the keyed hash stays, so that they are never written to again.

    `compact` comes after: until then, old copies of what was erased lie in the files.
    """
    with store.transaction():
        suppression = Suppression(store)
        suppression.forget_readmissions(key)
        # Before the addresses they had are forgotten: of these, too, the hash stays.
        suppression.add([key], reason="erased", now=timestamp(now))
        was_subscriber = ManagedList(store).remove(key)
        feedback = FeedbackRecords(store).forget_person(key)
    records = feedback + sum(one.forget_person(key) for one in others)
    reject_rows, failed = 0, []
    for path in _reject_files(store.folder):
        # One file that the system does not give must not keep the others from being erased.
        try:
            reject_rows += erase_rows(path, key)
        except NewsletterError as error:
            failed.append((f"{store.folder.name}/{REJECTS}/{path.name}", error.message))
    return Forgotten(was_subscriber=was_subscriber, records=records, reject_rows=reject_rows, failed=tuple(failed))


def compact(store: Store, others: Sequence[PersonalRecords] = ()) -> bool:
    """Leave nothing of what was erased in any file. `False`: somebody else holds one open, and it still does."""
    return all([store.compact(), *(one.compact() for one in others)])


def count_due(
    store: Store, retention: RetentionSettings, *, now: datetime, others: Sequence[PersonalRecords] = ()
) -> dict[str, int]:
    """What `purge` would erase today, by kind; kinds with nothing due are absent. 0 days keep for good."""
    counts = {
        **{str(status): len(keys) for status, keys in _due_subscribers(store, retention, now).items()},
        "rejects": len(_due_rejects(store.folder, retention.rejects_days, now)),
    }
    if retention.ledger_days:
        before = timestamp(now - timedelta(days=retention.ledger_days))
        counts |= {one.name: one.count_due(before) for one in others}
        counts[FEEDBACK] = FeedbackRecords(store).count_due(before)
    return {name: count for name, count in counts.items() if count}


def purge(
    store: Store, retention: RetentionSettings, *, now: datetime, others: Sequence[PersonalRecords] = ()
) -> dict[str, int]:
    """Erase what has been kept long enough; how many, by kind. Whoever left stays on the suppression list.

    `compact` comes after.
    """
    counts = count_due(store, retention, now=now, others=others)
    subscribers, suppression = ManagedList(store), Suppression(store)
    with store.transaction():
        if retention.ledger_days:
            FeedbackRecords(store).purge(timestamp(now - timedelta(days=retention.ledger_days)))
        for status, keys in _due_subscribers(store, retention, now).items():
            if status is not SubscriberStatus.UNCONFIRMED:
                # A newer consent, given while the list was kept elsewhere, outweighs an older row here.
                left = [key for key in keys if not suppression.is_back_since(key, subscribers.left_at(key))]
                suppression.add(left, reason=str(status), now=timestamp(now))
            for key in keys:
                subscribers.remove(key)
    for path in _due_rejects(store.folder, retention.rejects_days, now):
        with database_errors(path.name):
            path.unlink(missing_ok=True)
    if retention.ledger_days:
        for one in others:
            one.purge(timestamp(now - timedelta(days=retention.ledger_days)))
    return counts


def _due_subscribers(store: Store, retention: RetentionSettings, now: datetime) -> dict[SubscriberStatus, list[str]]:
    days = {
        SubscriberStatus.UNCONFIRMED: retention.unconfirmed_days,
        SubscriberStatus.UNSUBSCRIBED: retention.left_days,
        SubscriberStatus.BOUNCED: retention.left_days,
        SubscriberStatus.COMPLAINED: retention.left_days,
    }
    subscribers = ManagedList(store)
    return {
        status: subscribers.keys_due(status, timestamp(now - timedelta(days=kept)))
        for status, kept in days.items()
        if kept
    }


def rejects_folder(state: Path) -> Path:
    """Where imports write the rows they refused."""
    return state / REJECTS


def _reject_files(state: Path) -> list[Path]:
    folder = rejects_folder(state)
    return sorted(folder.glob("*.csv")) if folder.is_dir() else []


def _due_rejects(state: Path, days: int, now: datetime) -> list[Path]:
    if not days:
        return []
    before = (now - timedelta(days=days)).timestamp()
    return [path for path in _reject_files(state) if path.stat().st_mtime < before]


def _count_rows(path: Path, key: str) -> int:
    return sum(_is_about(cells, key) for cells in _read_rows(path))


def erase_rows(path: Path, key: str, *, delimiter: str = ",") -> int:
    """Write a table of `nl`'s anew, without the rows about a person; how many those were. Raises `ListError`."""
    rows = _read_rows(path, delimiter)
    kept = [cells for cells in rows if not _is_about(cells, key)]
    if len(kept) < len(rows):
        # The cells were neutralised when they were written: as they are, they are written back.
        with private_file(path, name=path.name) as file:
            csv.writer(file, delimiter=delimiter, lineterminator="\r\n").writerows(kept)
    return len(rows) - len(kept)


def _read_rows(path: Path, delimiter: str = ",") -> list[list[str]]:
    with database_errors(path.name), path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        try:
            return list(csv.reader(file, delimiter=delimiter))
        except csv.Error as error:
            raise ListError(_("this is no table any more: {reason}").format(reason=error), file=path.name) from None


def _is_about(cells: Iterable[str], key: str) -> bool:
    return any("@" in cell and (_holds(cell, key) or key in cell.casefold()) for cell in cells)


def _holds(cell: str, key: str) -> bool:
    try:
        return any(one.address.key == key for one in parse_cell(unguarded(cell)))
    except AddressFault:
        return False
