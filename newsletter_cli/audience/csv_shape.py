"""The shape of a CSV file from its first records: delimiter, header, the column of addresses.

`csv.Sniffer` decides by the regularity of characters and takes `e` or `@` for a delimiter; here the only
candidates are those in use, and the one that makes regular records with one address each wins.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from newsletter_cli.audience.columns import KNOWN
from newsletter_cli.audience.csv_layout import ADDRESS, find_layout, is_address
from newsletter_cli.audience.leaving import MARKS
from newsletter_cli.audience.words import plain
from newsletter_cli.base.i18n import _, ngettext

DELIMITERS = {";": ";", ",": ",", "\t": "tab", "|": "|"}
RARE_DELIMITERS = "^~:¦§"
SAMPLE_CHARACTERS = 65_536
SAMPLE_RECORDS = 300
BETWEEN = re.compile(r"[\s,;/]+")
SEPARATOR_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?\r?\n?", re.IGNORECASE)
ADDRESS_ALIASES = frozenset(KNOWN["address"])
# A title, a date, a blank line: the header stands within so many records.
MOST_ABOVE = 10
ALIASES = frozenset(alias for names in (KNOWN.values(), MARKS.values()) for aliases in names for alias in aliases)


class Shape(NamedTuple):
    """How a file is read. `address_place` is the column that holds addresses by its content, if one does.

    `skipped` counts the lines before the first record (Excel's `sep=;`), `titles` the filled records above the header.
    `layout` names a file that is no table (see `csv_layout`), whose columns are then called as in `header`. `filled`
    are the places that hold something.
    """

    delimiter: str
    has_header: bool
    address_place: int | None
    width: int
    skipped: int
    notes: tuple[str, ...]
    titles: int = 0
    filled: frozenset[int] = frozenset()
    layout: str = ""
    header: tuple[str, ...] = ()


def detect_shape(sample: str, *, delimiter: str | None = None, address_name: str | None = None) -> Shape:
    """The shape of the file whose first `SAMPLE_CHARACTERS` are `sample`.

    `address_name` is what the configuration calls the column of addresses.
    """
    skipped = 0
    if announced := SEPARATOR_LINE.match(sample):
        skipped = 1
        delimiter = delimiter or announced.group(1)
        sample = sample[announced.end() :]
    is_cut = len(sample) >= SAMPLE_CHARACTERS
    if delimiter is None and (found := find_layout(sample, is_cut=is_cut)):
        return Shape(
            delimiter="\0",
            has_header=False,
            address_place=0,
            width=len(found.header),
            skipped=skipped,
            notes=(found.note,),
            layout=found.name,
            header=found.header,
        )
    if is_cut:
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    candidates = [delimiter] if delimiter else list(DELIMITERS)
    chosen = max(candidates, key=lambda one: _score(_records(sample, one)))
    if not delimiter and not _score(_records(sample, chosen))[1]:
        # No column has a name that is known: perhaps something rarer separates them.
        chosen = max([chosen, *RARE_DELIMITERS], key=lambda one: _score(_records(sample, one)))
    records = _records(sample, chosen)
    titles, has_header = _find_header(records, address_name)
    records = records[titles:]
    width = max(len(_without_empty_end(record)) for record in records) if records and not has_header else 0
    if has_header:
        width = len(records[0])
    body = records[has_header:]
    return Shape(
        delimiter=chosen,
        has_header=has_header,
        address_place=_address_place(body),
        width=width,
        skipped=skipped,
        notes=tuple(_notes(records, chosen, titles, has_header=has_header, is_said=width > 1 and delimiter is None)),
        titles=titles,
        filled=frozenset(place for record in body for place, cell in enumerate(record) if cell.strip()),
    )


def _notes(
    records: Sequence[Sequence[str]], delimiter: str, titles: int, *, has_header: bool, is_said: bool
) -> Iterator[str]:
    if is_said:
        yield _("columns separated by “{delimiter}”").format(delimiter=DELIMITERS.get(delimiter, delimiter))
    if titles:
        yield ngettext(
            "{count} line above the header left out", "{count} lines above the header left out", titles
        ).format(count=titles)
    if records and not has_header:
        yield _("no header: the first row is somebody’s")


def _find_header(records: Sequence[Sequence[str]], address_name: str | None) -> tuple[int, bool]:
    """How many records stand above the header, or above the first row, and whether there is a header."""
    first = next((at for at, record in enumerate(records) if any(map(_has_addresses, record))), len(records))
    above = records[: min(first, MOST_ABOVE)]
    if not above:
        return 0, False
    names = ADDRESS_ALIASES | ({plain(address_name)} if address_name else set())
    known = [at for at, record in enumerate(above) if any(plain(cell) in names for cell in record)]
    if known:
        return known[0], True
    counts = [sum(bool(cell.strip()) for cell in record) for record in above]
    at = counts.index(max(counts))
    # One lonely cell above rows of several is a title, and no header.
    is_title = counts[at] == 1 and first < len(records) and sum(bool(cell.strip()) for cell in records[first]) > 1
    return (first, False) if is_title else (at, True)


def unwrapped(record: Sequence[str], delimiter: str) -> list[str] | None:
    """The cells of a record that was quoted whole, as Excel does to lines with quotation marks; `None`: it was not."""
    if (
        not record
        or delimiter not in record[0]
        or any(cell.strip() for cell in record[1:])
        or _has_addresses(record[0])
    ):
        return None
    try:
        lines = list(csv.reader(io.StringIO(record[0], newline=""), delimiter=delimiter))
    except csv.Error:
        return None
    is_row = len(lines) == 1 and any(is_address(cell) or plain(cell) in ADDRESS_ALIASES for cell in lines[0])
    return lines[0] if is_row and len(lines[0]) > 1 else None


def _records(sample: str, delimiter: str) -> list[list[str]]:
    records: list[list[str]] = []
    reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)
    while len(records) < SAMPLE_RECORDS:
        try:
            record = next(reader)
        except StopIteration:
            break
        except csv.Error:
            continue
        if any(cell.strip() for cell in record):
            records.append(unwrapped(record, delimiter) or record)
    return records


def _score(records: Sequence[Sequence[str]]) -> tuple[float, int, float, int]:
    """Greater is likelier: addresses in cells of their own, known column names, regular width, more than one column."""
    if not records:
        return (0.0, 0, 0.0, 0)
    widths = Counter(len(record) for record in records)
    usual, count = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
    addressed = sum(any(map(_has_addresses, record)) for record in records) / len(records)
    known = sum(plain(cell) in ALIASES for cell in records[0])
    # Cells that are left out at the end of a row make it less regular, and no less a row.
    regular = (count + 0.5 * sum(number for width, number in widths.items() if width < usual)) / len(records)
    if len(records[0]) != usual:
        regular *= 0.5
    return (round(addressed * regular, 1), known, regular, int(usual > 1))


def _has_addresses(cell: str) -> bool:
    return "@" in cell and (is_address(cell) or all(map(ADDRESS.fullmatch, BETWEEN.split(cell.strip()))))


def _address_place(records: Sequence[Sequence[str]]) -> int | None:
    counts: Counter[int] = Counter()
    for record in records:
        counts.update(place for place, cell in enumerate(record) if is_address(cell))
    if not counts:
        return None
    (place, count), *others = counts.most_common(2)
    # Two columns full of addresses: which is the subscriber's is for a person to say.
    if count * 2 < len(records) or (others and others[0][1] == count):
        return None
    return place


def _without_empty_end(record: Sequence[str]) -> Sequence[str]:
    end = len(record)
    while end and not record[end - 1].strip():
        end -= 1
    return record[:end]
