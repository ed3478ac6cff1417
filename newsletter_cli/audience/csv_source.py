"""A list in a CSV file, kept by hand or exported from somewhere."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, TextIO

from msgspec import Struct

from newsletter_cli.audience.columns import USUAL_NAMES, ColumnFault, Columns, match_columns
from newsletter_cli.audience.csv_layout import HAS_ADDRESS, foreign_kind, open_layout
from newsletter_cli.audience.csv_rows import read_rows
from newsletter_cli.audience.csv_shape import SAMPLE_CHARACTERS, Shape, detect_shape, unwrapped
from newsletter_cli.audience.csv_text import Encoding, NotText, detect_encoding, open_text, read_records
from newsletter_cli.audience.fault import LOST_ROWS, ListFault
from newsletter_cli.audience.row import Candidate, Row, Tally, parse_rows
from newsletter_cli.base.conflicts import first_conflict
from newsletter_cli.base.errors import ListError, ListFaulty
from newsletter_cli.base.i18n import _
from newsletter_cli.base.reasons import system_reason
from newsletter_cli.base.text_encoding import is_text_encoding
from newsletter_cli.config.list_settings import ListColumnSettings
from newsletter_cli.model.subscriber import GONE, SubscriberStatus


class OpenCsv(Struct, frozen=True):
    """An open file: its header (empty without one), what its columns hold, and its rows as a stream."""

    header: tuple[str, ...]
    columns: Columns
    rows: Iterator[Row]


class CsvSource(Struct, frozen=True, kw_only=True):
    """The source `csv`. `name` is the file as the editor knows it; `encoding` and `delimiter` overrule detection."""

    path: Path
    name: str
    columns: ListColumnSettings = USUAL_NAMES
    unused_columns: tuple[str, ...] = ()
    encoding: str | None = None
    delimiter: str | None = None
    default_status: SubscriberStatus = SubscriberStatus.CONFIRMED
    kind: str = "csv"
    has_doubles: bool = True

    def read(self, tally: Tally) -> Iterator[Candidate]:
        """Every candidate of the file. Raises `ListError`."""
        with self.open(tally) as table:
            yield from parse_rows(table.rows, table.columns, tally, self.default_status)

    def read_gone(self) -> Iterator[Candidate]:
        """The candidates whose row says that they left."""
        tally = Tally()
        with self.open(tally) as table:
            if table.columns.has_status:
                candidates = parse_rows(table.rows, table.columns, tally, self.default_status)
                yield from (candidate for candidate in candidates if candidate.status in GONE and not candidate.fault)

    @contextlib.contextmanager
    def open(self, tally: Tally) -> Iterator[OpenCsv]:
        """The file's header, columns and rows. Raises `ListError` for a file that is no list."""
        try:
            with self.path.open("rb") as file:
                encoding = self._encoding(file)
                self._refuse_conflicts(file, encoding)
                sample = self._sample(encoding)
                with open_text(file, encoding) as text:
                    yield self._open(text, sample, encoding, tally)
        except FileNotFoundError:
            raise ListError(
                _("there is no such file"),
                file=self.name,
                hint=_("name the list: --list FILE.csv, or [list] file in newsletter.toml"),
            ) from None
        # UTF-16 without its mark, and the like: no other sign stands in for a whole file.
        except UnicodeEncodeError:
            raise
        except UnicodeError:
            raise ListError(
                _("this is not {encoding} text").format(encoding=(self.encoding or "").upper()),
                file=self.name,
                hint=_("leave --encoding out, and nl finds it itself; or save the file as CSV (UTF-8)"),
            ) from None
        except OSError as error:
            raise ListError(
                _("the system refused: {reason}").format(reason=system_reason(error)), file=self.name
            ) from None

    def _refuse_conflicts(self, file: BinaryIO, encoding: Encoding) -> None:
        """What two people changed at once, half of it wrong: nobody knows who is on the list."""
        if not encoding.codec.startswith("utf-16") and (found := first_conflict(file)) is not None:
            raise ListFaulty(
                _("Git left a conflict here: two people changed the same lines"),
                file=self.name,
                line=found.line,
                hint=_(
                    "delete the marks that Git left (<<<<<<<, =======, >>>>>>>), and look over the lines around them"
                ),
            )
        file.seek(0)

    def _sample(self, encoding: Encoding) -> str:
        # Through a handle of its own: a TextIOWrapper reads ahead, and UTF-16 cannot be wound back.
        with self.path.open("rb") as file, open_text(file, encoding) as text:
            return text.read(SAMPLE_CHARACTERS)

    def _open(self, text: TextIO, sample: str, encoding: Encoding, tally: Tally) -> OpenCsv:
        shape = detect_shape(sample, delimiter=self.delimiter, address_name=self.columns.address)
        for _line in range(shape.skipped):
            text.readline()
        records = open_layout(text, shape.layout) or read_records(text, shape.delimiter)
        number, titles = shape.skipped, shape.titles
        header = list(shape.header)
        while (shape.has_header or titles) and (record := next(records, None)) is not None:
            number += 1
            if any(cell.strip() for cell in record.cells):
                if not titles:
                    header = unwrapped(record.cells, shape.delimiter) or record.cells
                    break
                titles -= 1
                if not titles and not shape.has_header:
                    break
        columns = self._columns(header, shape, sample)
        if shape.has_header and any(map(HAS_ADDRESS.search, header)):
            tally.note_fault(
                ListFault(
                    rule=LOST_ROWS,
                    message=_("the row that names the columns holds an address: is it somebody’s row?"),
                    hint=_("put a row above it that names the columns: email;name"),
                    row=number,
                )
            )
        tally.notes += [note for note in (encoding.note, *shape.notes, *columns.notes) if note]
        rows = read_rows(records, shape, columns, tally, first=number + 1, has_nul=encoding.has_nul)
        return OpenCsv(tuple(header), columns, rows)

    def _encoding(self, file: BinaryIO) -> Encoding:
        try:
            found = detect_encoding(file)
        except NotText as error:
            raise ListError(str(error), file=self.name, hint=_("save it as CSV (UTF-8) first")) from None
        if self.encoding is None:
            return found
        if not is_text_encoding(self.encoding):
            raise ListError(
                _("there is no encoding “{encoding}”").format(encoding=self.encoding),
                file=self.name,
                hint=_("for instance: utf-8, cp1252"),
            )
        return found._replace(codec=self.encoding, errors="replace", note="")

    def _columns(self, header: list[str], shape: Shape, sample: str) -> Columns:
        if kind := foreign_kind(sample):
            raise ListError(
                _("this is no table but {kind}").format(kind=kind),
                file=self.name,
                hint=_("export it as CSV (UTF-8): a first row email;name, then a row for each person"),
            )
        if not sample.strip():
            raise ListError(
                _("the file is empty"), file=self.name, hint=_("the first row names the columns: email;name")
            )
        try:
            return match_columns(
                header or [""] * shape.width,
                self.columns,
                unused=self.unused_columns,
                address_place=shape.address_place,
                filled=shape.filled,
            )
        except ColumnFault as fault:
            raise ListError(
                str(fault),
                file=self.name,
                line=shape.skipped + 1,
                hint=_('say which column holds the address: [list.columns] address = "…" in newsletter.toml'),
            ) from None
