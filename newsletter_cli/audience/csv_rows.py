"""Records of a CSV file → rows, and what shows that people were lost on the way.

A quotation mark that is never closed, bytes that are no text, a line broken in two, a file cut short: each hides
people, or what a row says of them, without the row being wrong by itself. Each is a fault of the list.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator

from newsletter_cli.audience.address import AddressFault, parse_cell
from newsletter_cli.audience.columns import Columns
from newsletter_cli.audience.csv_layout import is_address
from newsletter_cli.audience.csv_shape import DELIMITERS, Shape, unwrapped
from newsletter_cli.audience.csv_text import Record
from newsletter_cli.audience.fault import LOST_ROWS, ListFault
from newsletter_cli.audience.making import maker
from newsletter_cli.audience.row import Row, Tally
from newsletter_cli.base.i18n import _, ngettext


def read_rows(
    records: Iterator[Record], shape: Shape, columns: Columns, tally: Tally, *, first: int, has_nul: bool
) -> Iterator[Row]:
    """The rows of the records that follow the header, numbered from `first`, counted; faults of the list are noted.

    `has_nul`: there are NUL bytes somewhere in the file.
    """
    watch = _LossWatch(shape, columns, tally)
    width = shape.width
    number = first - 1
    record = None
    row = maker(Row)
    for record in records:
        number += 1
        cells, fault, lines, _first, _more, _is_open, end = record
        if fault or lines > 1:
            fault = watch.look_at_lines(number, record)
        if fault:
            tally.rows += 1
            yield Row(number, cells, fault)
            continue
        if not any(map(str.strip, cells)):
            tally.blank_rows += 1
            watch.end = ""
            continue
        tally.rows += 1
        if end != watch.end:
            watch.look_at_end_of_line(number, end)
        if has_nul and "\0" in "".join(cells):
            watch.note_nul(number)
        count = len(cells)
        if count < width or (width > 1 and not cells[1] and not any(cells[2:])):
            cells = watch.completed(number, cells)
            count = len(cells)
        if count > width and "".join(cells[width:]).strip():
            wide = _("it has {count} cells where the header has {width}").format(count=len(cells), width=width)
            yield Row(number, cells, wide)
        else:
            yield row((number, cells, ""))
    if record is not None:
        watch.look_at_end_of_file(number, record)


class _LossWatch:
    """What shows, over the whole file, that people were lost."""

    def __init__(self, shape: Shape, columns: Columns, tally: Tally):
        self._delimiter = shape.delimiter
        self._width = shape.width
        self._columns = columns
        self._place = columns.places["address"]
        self._quoted_address = _quoted_cell(self._place, shape.delimiter)
        self._tally = tally
        self._told: set[str] = set()
        self._short_rows: list[int] = []
        self._returns: list[int] = []
        self._newlines = 0
        # How the last record that was not blank ended.
        self.end = ""

    def look_at_lines(self, number: int, record: Record) -> str:
        """A record of several lines, or one that cannot be read: what is wrong with it, if anything."""
        if record.fault:
            self._lost(number, record.fault, _("close the quotation mark, or take it out"))
            return record.fault
        lines = record.more_lines
        if not record.is_open and self._quoted_address.match(record.first_line):
            # Whoever wrote this quotes everything: what stands in a note as a row would is none of this file.
            lines = tuple(filter(self._quoted_address.match, lines))
        swallowed = sum(self._is_row(line, is_strict=not record.is_open) for line in lines)
        if not swallowed or (self._width == 1 and _is_readable(record.cells[0])):
            return ""
        text = ngettext(
            "a quotation mark is not closed: it swallows {count} row that follows",
            "a quotation mark is not closed: it swallows {count} rows that follow",
            swallowed,
        ).format(count=swallowed)
        self._lost(
            number, text, _("close the quotation mark, or take it out; a note of several lines must hold no row")
        )
        return text

    def look_at_end_of_line(self, number: int, end: str) -> None:
        """Lines that end otherwise than the one before: a lone carriage return among them breaks a row in two."""
        if self.end == "\r":
            self._returns.append(number - 1)
            del self._returns[1:]
        if end == "\n":
            self._newlines += 1
        if self._returns and self._newlines:
            self._tell(
                "return",
                self._returns[0],
                _("a row is broken in two by a lone carriage return"),
                _("join the two lines, or save the file anew from a spreadsheet"),
            )
        self.end = end

    def note_nul(self, number: int) -> None:
        """A row with NUL bytes, as a crash leaves them where other rows stood."""
        self._tell(
            "nul",
            number,
            _("there are bytes here that are no text (NUL): the file is damaged"),
            _("take it from its source again: rows may be missing"),
        )

    def completed(self, number: int, cells: list[str]) -> list[str]:
        """A row with too few cells: unwrapped, where it was quoted whole."""
        if inner := unwrapped(cells, self._delimiter):
            self._tally.assumed[_("the row was quoted whole: its quotation marks were taken off")] += 1
            return inner
        if not any(cells[1:]) and "@" in cells[0]:
            for other, name in DELIMITERS.items():
                if other != self._delimiter and other in cells[0] and self._is_row(cells[0], delimiter=other):
                    message = _("from here on, “{other}” separates the columns, and “{delimiter}” before")
                    known = DELIMITERS.get(self._delimiter, self._delimiter)
                    self._tell(
                        "delimiter",
                        number,
                        message.format(other=name, delimiter=known),
                        _("use the same one in the whole file"),
                    )
        if len(cells) < self._width:
            self._short_rows.append(number)
            del self._short_rows[2:]
        return cells

    def look_at_end_of_file(self, number: int, record: Record) -> None:
        """The last record: a file that was cut short ends in the middle of one."""
        if record.fault or (self._tally.faults and self._tally.faults[-1].row == number):
            return
        fix = _("take the file from its source again: rows may be missing")
        if record.is_open and (record.lines > 1 or _is_unclosed(record.cells, self._delimiter)):
            self._tell("end", number, _("the file ends inside a quotation mark"), fix)
        elif not record.end and self._short_rows == [number]:
            missing = [mark.name for mark in self._columns.marks if mark.place >= len(record.cells)]
            if missing:
                message = _("the file ends in the middle of a row, before the column “{column}”")
                self._tell("end", number, message.format(column=missing[0]), fix)
            else:
                self._tally.notes.append(
                    _(
                        "row {row}, the last, is shorter than all others and does not end its line: is the file whole?"
                    ).format(row=number)
                )

    def _is_row(self, line: str, *, delimiter: str = "", is_strict: bool = True) -> bool:
        """Whether a line by itself is a row of this list; else, when not `is_strict`, whether it holds an address."""
        try:
            cells = next(csv.reader([line], delimiter=delimiter or self._delimiter), [])
        except csv.Error:
            return False
        if not is_strict:
            return any(map(is_address, cells))
        has_width = len(cells) == self._width or (bool(delimiter) and len(cells) > 1)
        return has_width and self._place < len(cells) and is_address(cells[self._place])

    def _lost(self, number: int, message: str, hint: str) -> None:
        self._tally.note_fault(ListFault(rule=LOST_ROWS, message=message, hint=hint, row=number))

    def _tell(self, kind: str, number: int, message: str, hint: str) -> None:
        """Once for the whole file: what begins somewhere is told of each row behind it otherwise."""
        if kind not in self._told:
            self._told.add(kind)
            self._lost(number, message, hint)


def _quoted_cell(place: int, delimiter: str) -> re.Pattern[str]:
    """A line whose cell at this place stands between quotation marks, though nothing in it needs them."""
    mark = re.escape(delimiter)
    # Nothing is tried twice: a line may be a megabyte of quotation marks.
    before = rf'(?:(?:"(?:[^"]|"")*+"|[^"{mark}]*+){mark}){{{place}}}+'
    return re.compile(rf'{before}"[^"{mark}]*+"(?:{mark}|[\r\n]|$)')


def _is_readable(cell: str) -> bool:
    """Whether everybody in the cell is found: several addresses in one cell are as many people."""
    try:
        return bool(parse_cell(cell))
    except AddressFault:
        return False


def _is_unclosed(cells: list[str], delimiter: str) -> bool:
    """Whether the last cell of a line with an odd number of quotation marks was opened by one."""
    # What is read from an opened cell may hold the delimiter; from one with a mark inside, the mark is kept.
    return '"' not in "".join(cells)
