"""A CSV file → the managed list: one transaction, nobody who left comes back, every refusal with its row."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple

from msgspec import Struct, field

from newsletter_cli.audience.csv_source import CsvSource
from newsletter_cli.audience.fault import refuse_faults
from newsletter_cli.audience.list_schema import database_errors
from newsletter_cli.audience.managed import ManagedList, Values, values_of
from newsletter_cli.audience.moves import Moves
from newsletter_cli.audience.row import Candidate, Row, Tally, row_parser
from newsletter_cli.audience.seen import SeenKeys
from newsletter_cli.audience.store import Store
from newsletter_cli.audience.suppression import Suppression
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.moments import timestamp
from newsletter_cli.model.subscriber import GONE, Consent, SubscriberStatus

BATCH_ROWS = 2_000
# Bumped when the same file would be read otherwise than before.
READER_VERSION = 3


class LeftOut(NamedTuple):
    """A row, or an address of it, that was not taken in. `kind` is `invalid`, `double` or `suppressed`."""

    row: int
    kind: str
    detail: str


class ImportedList(Struct, kw_only=True):
    """What an import did. `notes` say what was assumed for the file, `assumed` counts what was for single rows."""

    rows: int = 0
    blank_rows: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    assumed: Counter[str] = field(default_factory=Counter)
    is_repeated: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The result for scripts."""
        return {
            "rows": self.rows,
            "blank_rows": self.blank_rows,
            "added": self.added,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "left_out": dict(self.left_out),
            "assumed": self.notes,
            "assumed_in_rows": dict(self.assumed),
            "repeated": self.is_repeated,
        }


class Additions(Struct, frozen=True, kw_only=True):
    """What the editor says of everybody in the file: how they agreed, groups they are put in."""

    consent_how: str = ""
    consent_at: str = ""
    groups: tuple[str, ...] = ()


def import_list(
    store: Store,
    source: CsvSource,
    *,
    additions: Additions,
    now: datetime,
    reject: Callable[[Sequence[str], int, str], None],
    start_rejects: Callable[[Sequence[str]], None],
    on_left_out: Callable[[LeftOut], None],
    read_date: Callable[[str], str] = lambda text: text,
    finish_rejects: Callable[[], None] = lambda: None,
    is_read_again: bool = False,
    on_person: Callable[[str], None] = lambda key: None,
) -> ImportedList:
    """Take the file into the managed list: all of it, or, when anything stops the run, nothing.

    `start_rejects` is told the file's header, `reject` the cells, row and reason of each row that a person has to
    fix; `finish_rejects` is called once all of them are known, before the list is changed for good. `on_left_out`
    hears of everything left out, with its row. A file that was imported as it is into the list as it is changes
    nothing and is not read again, unless `is_read_again`. `read_date` gives a date of consent in its one form, or
    raises `UsageError`: a date that is none is no proof, and its row is refused. `on_person` hears of everybody who
    stands in the file, by their normalised address. Raises `ListError`; `ListFaulty` where the file itself has a
    fault.
    """
    fingerprint = _fingerprint(source, additions)
    repeated = _repeated(store, fingerprint)
    if repeated is not None and not is_read_again:
        return repeated
    run = _ImportRun(store, source, additions, now, reject, on_left_out, read_date, on_person)
    with store.transaction() as connection:
        done = run.take_in(start_rejects)
        finish_rejects()
        connection.execute(
            # The version is counted up when this transaction ends.
            "INSERT OR REPLACE INTO imported SELECT ?, ?, value + 1, ? FROM meta WHERE name = 'version'",
            (fingerprint, timestamp(now), json.dumps(done.as_dict())),
        )
    return done


class _ImportRun:
    """One import on its way."""

    def __init__(
        self,
        store: Store,
        source: CsvSource,
        additions: Additions,
        now: datetime,
        reject: Callable[[Sequence[str], int, str], None],
        on_left_out: Callable[[LeftOut], None],
        read_date: Callable[[str], str],
        on_person: Callable[[str], None],
    ):
        self.store = store
        self.source = source
        self.additions = additions
        self.now = timestamp(now)
        self.reject = reject
        self.on_left_out = on_left_out
        self.read_date = read_date
        self.on_person = on_person
        self.subscribers = ManagedList(store)
        self.suppression = Suppression(store)
        self.moves = Moves(store)
        self.result = ImportedList()
        self.gone: dict[SubscriberStatus, list[str]] = {status: [] for status in GONE}
        self.taken = 0

    def take_in(self, start_rejects: Callable[[Sequence[str]], None]) -> ImportedList:
        tally = Tally()
        before = self._count()
        changed = 0
        with self.source.open(tally) as table:
            start_rejects(table.header)
            tally.note_columns(table.columns)
            refuse_faults(tally.faults, list_name=self.source.name)
            parse = row_parser(table.columns, self.source.default_status, tally.note_fault)
            values = self._values(table.rows, parse, SeenKeys())
            while batch := list(islice(values, BATCH_ROWS)):
                changed += self.subscribers.merge(batch)
                self._suppress()
            self._suppress()
        # What only shows at the end of the file: the transaction takes everything back.
        refuse_faults(tally.faults, list_name=self.source.name)
        result = self.result
        result.rows, result.blank_rows, result.notes = tally.rows, tally.blank_rows, tally.notes
        result.added = self._count() - before
        result.updated = changed - result.added
        result.unchanged = max(self.taken - self.result.left_out["double"] - result.added - result.updated, 0)
        return result

    def _suppress(self) -> None:
        """Have those who left on the suppression list, each as what they are; a row that is there says the same."""
        for status, keys in self.gone.items():
            if keys:
                self.subscribers.set_status(keys, status, now=self.now)
                self.suppression.add(keys, reason=str(status), now=self.now)
                keys.clear()

    def _values(
        self, rows: Iterator[Row], parse: Callable[[Row], list[Candidate]], seen: SeenKeys
    ) -> Iterator[tuple[str | bool, ...]]:
        consults, has_moves = self.suppression.has_any(), self.moves.has_any()
        plain_consent = Consent(
            at=self.additions.consent_at or self.now if self.additions.consent_how else "",
            how=self.additions.consent_how,
            source=self.source.name,
        )
        now, on_person, first_row, has_groups = self.now, self.on_person, seen.first_row, bool(self.additions.groups)
        for row in rows:
            for candidate in parse(row):
                if candidate.notes:
                    self.result.assumed.update(candidate.notes)
                consent = candidate.consent
                if consent is not None and consent.at and not candidate.fault:
                    candidate = self._with_date(candidate, consent)  # noqa: PLW2901
                if candidate.fault:
                    self.reject(row.cells, row.number, candidate.fault)
                    self._leave_out(row.number, "invalid", candidate.fault)
                    continue
                if has_moves:
                    candidate = self._as_they_are(candidate)  # noqa: PLW2901
                key, status = candidate.key, candidate.status
                on_person(key)
                if status in GONE:
                    self.gone[status].append(key)
                if consults and self.suppression.find(key):
                    # Whatever the row says: of whoever was erased, nothing may come back.
                    self._leave_out(row.number, "suppressed", _("on the suppression list"))
                    continue
                self.taken += 1
                if (first := first_row(key, row.number)) is not None:
                    self._leave_out(row.number, "double", _("duplicate of row {row}").format(row=first))
                if consent is not None or has_groups:
                    yield (*self._completed(candidate, plain_consent), candidate.is_status_said)
                else:
                    yield (*values_of(candidate, now=now, consent=plain_consent), candidate.is_status_said)

    def _as_they_are(self, candidate: Candidate) -> Candidate:
        moved = self.moves.as_they_are(candidate)
        self.result.assumed.update(moved.notes[len(candidate.notes) :])
        return moved

    def _with_date(self, candidate: Candidate, consent: Consent) -> Candidate:
        try:
            return candidate._replace(consent=consent._replace(at=self.read_date(consent.at)))
        except UsageError as error:
            return candidate._replace(fault=_("the date of consent: {reason}").format(reason=error.message))

    def _completed(self, candidate: Candidate, consent: Consent) -> Values:
        if candidate.consent is not None:
            consent = candidate.consent._replace(source=self.source.name)
        if self.additions.groups:
            candidate = candidate._replace(groups=(*candidate.groups, *self.additions.groups))
        return values_of(candidate, now=self.now, consent=consent)

    def _leave_out(self, row: int, kind: str, detail: str) -> None:
        self.result.left_out[kind] += 1
        self.on_left_out(LeftOut(row=row, kind=kind, detail=detail))

    def _count(self) -> int:
        return int(self.store.connection.execute("SELECT count(*) FROM subscriber").fetchone()[0])


def _fingerprint(source: CsvSource, additions: Additions) -> str:
    """The file's bytes and everything that changes how they are taken in."""
    options = [READER_VERSION, repr(source.columns), source.encoding, source.delimiter, source.default_status]
    digest = hashlib.sha256(json.dumps([*options, repr(additions)]).encode())
    digest.update(_digest_of_file(source.path, source.name))
    return digest.hexdigest()


def _digest_of_file(path: Path, name: str) -> bytes:
    if not path.is_file():
        return b""  # opening it will say what is wrong
    with database_errors(name), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _repeated(store: Store, fingerprint: str) -> ImportedList | None:
    """What the same import did, if nothing has changed the list since."""
    with database_errors(store.name):
        row = store.connection.execute(
            "SELECT counts FROM imported, meta WHERE fingerprint = ? AND meta.name = 'version' AND value = version",
            (fingerprint,),
        ).fetchone()
    if row is None:
        return None
    counts = json.loads(row[0])
    return ImportedList(
        rows=counts["rows"],
        blank_rows=counts["blank_rows"],
        unchanged=counts["added"] + counts["updated"] + counts["unchanged"],
        left_out=Counter(counts["left_out"]),
        notes=counts["assumed"],
        assumed=Counter(counts["assumed_in_rows"]),
        is_repeated=True,
    )
