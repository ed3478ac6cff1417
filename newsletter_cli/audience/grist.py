"""A table of a Grist document.

Read page by page through `POST …/sql` (rows after the last id seen: stable while others edit). A key that may
not query, under access rules, gets 400 or 403 there: the records are then read in one answer, parsed as it comes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from msgspec import Struct, field

from newsletter_cli.audience.address import AddressFault, parse_cell
from newsletter_cli.audience.columns import USUAL_NAMES, Columns
from newsletter_cli.audience.grist_api import GristDoc
from newsletter_cli.audience.row import Candidate, Tally, parse_rows
from newsletter_cli.audience.table import cell_text, table_columns, table_rows
from newsletter_cli.base.errors import ListError
from newsletter_cli.base.i18n import _
from newsletter_cli.config.list_settings import ListColumnSettings
from newsletter_cli.model.subscriber import GONE, SubscriberStatus

if TYPE_CHECKING:
    import requests

Record = Mapping[str, Any]
PAGE_ROWS = 2_000
WRITE_ROWS = 500
# What a server answers whose key, or version, does not allow SQL.
NO_SQL = frozenset({400, 403, 404, 405, 501})
# Columns Grist adds for itself.
INTERNAL = ("id", "manualSort", "gristHelper_")


class GristSource(Struct, frozen=True, kw_only=True):
    """The source `grist`: the table (by its id) of a document."""

    doc: GristDoc
    table: str
    columns: ListColumnSettings = USUAL_NAMES
    unused_columns: tuple[str, ...] = ()
    page_rows: int = PAGE_ROWS
    default_status: SubscriberStatus = SubscriberStatus.CONFIRMED
    kind: str = "grist"
    has_doubles: bool = True
    # Who left is noted here, too, when the configuration asks for it.
    is_written_back: bool = field(default=False)

    @property
    def name(self) -> str:
        """The table as the editor knows it."""
        return self.doc.name

    def read(self, tally: Tally) -> Iterator[Candidate]:
        """Every candidate of the table, in the order of Grist's row ids. Raises `ListError`."""
        with self.doc.session() as session:
            columns, names, records = self._open(session)
            tally.notes += columns.notes if columns else [_("the table is empty")]
            if columns:
                rows = table_rows(([record.get(name) for name in names] for record in records), tally)
                yield from parse_rows(rows, columns, tally, self.default_status)

    def read_gone(self) -> Iterator[Candidate]:
        """The candidates whose row says that they left."""
        with self.doc.session() as session:
            columns, names, records = self._open(session)
            if columns and columns.has_status:
                tally = Tally()
                rows = table_rows(([record.get(name) for name in names] for record in records), tally)
                for candidate in parse_rows(rows, columns, tally, self.default_status):
                    if candidate.status in GONE and not candidate.fault:
                        yield candidate

    def mark_unsubscribed(self, keys: frozenset[str]) -> int:
        """Tick the `unsubscribed` column of these people's rows; how many rows changed. Raises `ListError`."""
        with self.doc.session() as session:
            columns, names, records = self._open(session)
            if columns is None:
                return 0
            if "unsubscribed" not in columns.places:
                raise ListError(
                    _("there is no column to note an unsubscription in"),
                    file=self.name,
                    hint=_('name one: [list.columns] unsubscribed = "…"'),
                )
            column = names[columns.places["unsubscribed"]]
            at = names[columns.places["address"]]
            ids = [record["id"] for record in records if not record.get(column) and _is_one_of(record.get(at), keys)]
            for start in range(0, len(ids), WRITE_ROWS):
                changed = [{"id": row, "fields": {column: True}} for row in ids[start : start + WRITE_ROWS]]
                self.doc.ask(session, "PATCH", self._records_path, json={"records": changed}).close()
            return len(ids)

    @property
    def _records_path(self) -> str:
        return f"tables/{quote(self.table, safe='')}/records"

    def _open(self, session: requests.Session) -> tuple[Columns | None, list[str], Iterator[Record]]:
        """What the columns hold (`None` for an empty table), their names, and the records."""
        records = self._records(session)
        first = next(records, None)
        if first is None:
            return None, [], records
        names = [name for name in first if not name.startswith(INTERNAL[1:]) and name != INTERNAL[0]]
        return (
            table_columns(names, self.columns, unused=self.unused_columns, source=self.name),
            names,
            chain([first], records),
        )

    def _records(self, session: requests.Session) -> Iterator[Record]:
        last = 0
        quoted = self.table.replace('"', '""')
        query = f'SELECT * FROM "{quoted}" WHERE id > ? ORDER BY id LIMIT ?'  # noqa: S608 - no way to bind a table
        while True:
            body = {"sql": query, "args": [last, self.page_rows]}
            response = self.doc.ask(session, "POST", "sql", json=body, accepted=NO_SQL if last == 0 else ())
            if response.status_code != 200:
                response.close()
                whole = self.doc.ask(session, "GET", self._records_path, params={"sort": "id"})
                yield from self.doc.stream_records(whole)
                return
            page = self.doc.read_records(response)
            yield from page
            if len(page) < self.page_rows:
                return
            last = page[-1]["id"]


def _is_one_of(cell: Any, keys: frozenset[str]) -> bool:
    try:
        return any(one.address.key in keys for one in parse_cell(cell_text(cell)))
    except AddressFault:
        return False
