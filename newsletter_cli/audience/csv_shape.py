"""The shape of a CSV file from its first records: delimiter, header, the column of addresses.

`csv.Sniffer` decides by the regularity of characters and takes `e` or `@` for a delimiter; here the only
candidates are those in use, and the one that makes regular records with one address each wins.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from newsletter_cli.audience.columns import KNOWN
from newsletter_cli.audience.words import plain
from newsletter_cli.i18n import _

DELIMITERS = {";": ";", ",": ",", "\t": "tab", "|": "|"}
SAMPLE_CHARACTERS = 65_536
SAMPLE_RECORDS = 300
ADDRESS = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+")
BETWEEN = re.compile(r"[\s,;/]+")
NAMED_ADDRESS = re.compile(r"[^@<>]*<[^\s@<>]+@[^\s@<>]+>")
SEPARATOR_LINE = re.compile(r"\ufeff?\"?sep=(.)\"?\r?\n?", re.IGNORECASE)
ALIASES = frozenset(alias for aliases in KNOWN.values() for alias in aliases)


class Shape(NamedTuple):
    """How a file is read. `address_place` is the column that holds addresses by its content, if one does;
    `skipped` counts the lines before the first record (Excel's `sep=;`)."""

    delimiter: str
    has_header: bool
    address_place: int | None
    width: int
    skipped: int
    notes: tuple[str, ...]


def detect_shape(sample: str, *, delimiter: str | None = None) -> Shape:
    """The shape of the file whose first `SAMPLE_CHARACTERS` are `sample`."""
    skipped = 0
    if announced := SEPARATOR_LINE.match(sample):
        skipped = 1
        delimiter = delimiter or announced.group(1)
        sample = sample[announced.end() :]
    if len(sample) >= SAMPLE_CHARACTERS:
        sample = sample[: max(sample.rfind("\n"), sample.rfind("\r")) + 1] or sample
    candidates = [delimiter] if delimiter else list(DELIMITERS)
    chosen = max(candidates, key=lambda one: _score(_records(sample, one)))
    records = _records(sample, chosen)
    has_header = bool(records) and not any(is_address(cell) for cell in records[0])
    width = max(len(_without_empty_end(record)) for record in records) if records and not has_header else 0
    if has_header:
        width = len(records[0])
    notes = []
    if width > 1 and delimiter is None:
        notes.append(_("columns separated by “{delimiter}”").format(delimiter=DELIMITERS.get(chosen, chosen)))
    if records and not has_header:
        notes.append(_("no header: the first row is somebody’s"))
    return Shape(
        delimiter=chosen,
        has_header=has_header,
        address_place=_address_place(records[has_header:]),
        width=width,
        skipped=skipped,
        notes=tuple(notes),
    )


def is_address(cell: str) -> bool:
    """Whether a cell looks like one address, plain or `Name <addr>`."""
    bare = cell.strip()
    return bool(ADDRESS.fullmatch(bare) or NAMED_ADDRESS.fullmatch(bare))


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
            records.append(record)
    return records


def _score(records: Sequence[Sequence[str]]) -> tuple[float, int, float, int]:
    """Greater is likelier: addresses in cells of their own, known column names, regular width, more than one column."""
    if not records:
        return (0.0, 0, 0.0, 0)
    widths = Counter(len(record) for record in records)
    usual, count = widths.most_common(1)[0]
    addressed = sum(any(map(_has_addresses, record)) for record in records) / len(records)
    known = sum(plain(cell) in ALIASES for cell in records[0])
    regular = count / len(records)
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


def address_at_line(line: str, delimiter: str, place: int, width: int) -> bool:
    """Whether a single line is a row of the list on its own: how a quotation mark that was never closed shows."""
    try:
        cells = next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return False
    return len(cells) == width and place < len(cells) and is_address(cells[place])
