"""One row of a source → the candidates it names. Pure, and the innermost loop of a list of a million."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from newsletter_cli.audience.address import AddressFault
from newsletter_cli.audience.cell import parse_cell
from newsletter_cli.audience.columns import Columns
from newsletter_cli.audience.words import is_header_safe, parse_boolean, parse_groups, parse_status
from newsletter_cli.i18n import _
from newsletter_cli.model.subscriber import NOTHING, Consent, SubscriberStatus

MAX_NAME = 300


class Row(NamedTuple):
    """A row as the source gives it. `number` counts as a spreadsheet does, header included.

    `fault` says why the row cannot be read at all; its `cells` are then what there is of it.
    """

    number: int
    cells: Sequence[str]
    fault: str = ""


class Candidate(NamedTuple):
    """An address that a row names. With a `fault`, `key` and `address` are empty."""

    row: int
    key: str
    address: str
    name: str
    status: SubscriberStatus
    groups: tuple[str, ...]
    attributes: Mapping[str, str]
    consent: Consent | None
    fault: str
    notes: tuple[str, ...]


@dataclass(slots=True, kw_only=True)
class Tally:
    """What a reading has met so far, counted by the source itself: what a selection is checked against.

    `rows` leaves blank rows out; `notes` say what was assumed for the file as a whole.
    """

    rows: int = 0
    blank_rows: int = 0
    extra_addresses: int = 0
    notes: list[str] = field(default_factory=list)
    assumed: Counter[str] = field(default_factory=Counter)

    @property
    def candidates(self) -> int:
        """How many candidates the rows must have given."""
        return self.rows + self.extra_addresses


def parse_rows(rows: Iterator[Row], columns: Columns, tally: Tally, default: SubscriberStatus) -> Iterator[Candidate]:
    """The candidates of `rows`; each row gives at least one, counted in `tally`."""
    parse = row_parser(columns, default)
    assumed = tally.assumed
    for row in rows:
        candidates = parse(row)
        if len(candidates) > 1:
            tally.extra_addresses += len(candidates) - 1
        for candidate in candidates:
            if candidate.notes:
                assumed.update(candidate.notes)
            yield candidate


def row_parser(columns: Columns, default: SubscriberStatus) -> Callable[[Row], list[Candidate]]:
    """What turns a row into its candidates, always at least one."""
    place = columns.places
    at = place["address"]
    # A greeting may want them apart; the name alone does not say which of its words is the first name.
    parts = {field: place[field] for field in ("first_name", "last_name") if field in place}
    is_simple = set(place) <= {"address", "name", "first_name", "last_name"} and not columns.attributes
    needed = max(place.values()) + 1

    def parse(row: Row) -> list[Candidate]:
        number, cells, fault = row
        if fault:
            return [_refused(number, default, fault)]
        if len(cells) < needed:
            cells = [*cells, *[""] * (needed - len(cells))]
        try:
            written = parse_cell(unguarded(cells[at]))
            name = _name(cells, place)
            status = default if is_simple else _status(cells, place, default)
        except (AddressFault, CellFault) as error:
            return [_refused(number, default, str(error))]
        groups: tuple[str, ...] = ()
        consent: Consent | None = None
        attributes = NOTHING
        if not is_simple:
            groups = parse_groups(cells[place["groups"]]) if "groups" in place else ()
            consent = _consent(cells, place)
            attributes = _attributes(cells, columns.attributes)
        if parts and len(written) == 1:
            own = {field: unguarded(cells[column].strip()) for field, column in parts.items() if cells[column].strip()}
            attributes = {**own, **attributes} if own else attributes
        if len(written) == 1:
            (address, key), own_name, notes = written[0]
            return [
                Candidate(
                    row=number,
                    key=key,
                    address=address,
                    name=name or own_name,
                    status=status,
                    groups=groups,
                    attributes=attributes,
                    consent=consent,
                    fault="",
                    notes=notes,
                )
            ]
        # Whose name is the row's, when it has several addresses? Nobody's: only a name written beside one counts.
        return [
            Candidate(
                row=number,
                key=key,
                address=address,
                name=own_name,
                status=status,
                groups=groups,
                attributes=attributes,
                consent=consent,
                fault="",
                notes=notes,
            )
            for (address, key), own_name, notes in written
        ]

    return parse


class CellFault(ValueError):
    """A cell other than the address that makes its row unusable; the message names no address."""


def _refused(number: int, status: SubscriberStatus, fault: str) -> Candidate:
    return Candidate(
        row=number,
        key="",
        address="",
        name="",
        status=status,
        groups=(),
        attributes=NOTHING,
        consent=None,
        fault=fault,
        notes=(),
    )


def _name(cells: Sequence[str], place: Mapping[str, int]) -> str:
    if "name" in place:
        name = unguarded(cells[place["name"]].strip())
    else:
        parts = (cells[place[field]].strip() for field in ("first_name", "last_name") if field in place)
        name = unguarded(" ".join(part for part in parts if part))
    if len(name) > MAX_NAME:
        raise CellFault(_("the name is {count} characters long").format(count=len(name)))
    if not is_header_safe(name):
        raise CellFault(_("the name holds a line break or control character"))
    return name


def _status(cells: Sequence[str], place: Mapping[str, int], default: SubscriberStatus) -> SubscriberStatus:
    """The row's status. Either column can take somebody off; an unreadable one makes the row unusable."""
    status = default
    if "status" in place and (text := cells[place["status"]].strip()):
        found = parse_status(text)
        if found is None:
            raise CellFault(_("the status “{text}” means nothing here").format(text=_shown(text)))
        status = found
    if "unsubscribed" in place:
        text = cells[place["unsubscribed"]]
        answer = parse_boolean(text)
        if answer is None:
            raise CellFault(_("“{text}” is neither yes nor no (unsubscribed?)").format(text=_shown(text)))
        if answer:
            return SubscriberStatus.UNSUBSCRIBED
    return status


def _consent(cells: Sequence[str], place: Mapping[str, int]) -> Consent | None:
    at = cells[place["consent_at"]].strip() if "consent_at" in place else ""
    how = cells[place["consent_how"]].strip() if "consent_how" in place else ""
    return Consent(at=at[:100], how=how[:500]) if at or how else None


def _attributes(cells: Sequence[str], names: Mapping[int, str]) -> Mapping[str, str]:
    found = {
        name: unguarded(cells[place].strip()) for place, name in names.items() if place < len(cells) and cells[place]
    }
    return found or NOTHING


def _shown(text: str) -> str:
    # In an error: short, on one line, and no address.
    return "…" if "@" in text else " ".join(text.split())[:30]


FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """The text as a spreadsheet shows it instead of running it (OWASP, CSV injection): an apostrophe before `=+-@`."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text


def unguarded(text: str) -> str:
    """The text without the apostrophe that `guarded` put before it."""
    return text[1:] if text[:1] == "'" and text.lstrip("'").startswith(FORMULA) else text
