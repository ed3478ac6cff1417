"""One row of a source → the candidates it names. Pure, and the innermost loop of a list of a million."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct, field

from newsletter_cli.audience.address import AddressFault, parse_cell
from newsletter_cli.audience.columns import Columns, unread_note
from newsletter_cli.audience.fault import MOST_FAULTS, ListFault
from newsletter_cli.audience.leaving import GONE_VALUES
from newsletter_cli.audience.leaving_watch import LeavingWatch
from newsletter_cli.audience.making import maker
from newsletter_cli.audience.nobodys_row import why_nobodys
from newsletter_cli.audience.says import CellFault, read_marks
from newsletter_cli.audience.words import is_header_safe, is_no_name, no_name_note, parse_groups
from newsletter_cli.base.i18n import _
from newsletter_cli.model.subscriber import GONE, NOTHING, Consent, SubscriberStatus

MAX_NAME = 300


class Row(NamedTuple):
    """A row as the source gives it. `number` counts as a spreadsheet does, header included.

    `fault` says why the row cannot be read at all; its `cells` are then what there is of it.
    """

    number: int
    cells: Sequence[str]
    fault: str = ""


class Candidate(NamedTuple):
    """An address that a row names. With a `fault`, `key` and `address` are empty.

    `is_status_said`: whether the source itself says where the person stands; else `status` is what is assumed.
    """

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
    is_status_said: bool = True


class Tally(Struct, kw_only=True):
    """What a reading has met so far, counted by the source itself: what a selection is checked against.

    `rows` leaves blank rows out; `notes` say what was assumed for the file as a whole. `faults` are what is wrong with
    the list itself, whole once it has been read to its end; `unread` names the columns that decide nothing.
    """

    rows: int = 0
    blank_rows: int = 0
    extra_addresses: int = 0
    notes: list[str] = field(default_factory=list)
    assumed: Counter[str] = field(default_factory=Counter)
    unread: tuple[str, ...] = ()
    faults: list[ListFault] = field(default_factory=list)
    more_faults: int = 0

    def note_columns(self, columns: Columns) -> None:
        """Keep what the names of the columns tell already."""
        self.unread = columns.unread
        for fault in columns.faults:
            self.note_fault(fault)

    def column_notes(self) -> Iterator[str]:
        """The columns that decide nothing, by their names: an editor sees a misread list at once."""
        if self.unread:
            yield unread_note(self.unread)

    def note_fault(self, fault: ListFault) -> None:
        """Keep a fault of the list, or count it where there are very many."""
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(fault)
        else:
            self.more_faults += 1

    @property
    def candidates(self) -> int:
        """How many candidates the rows must have given."""
        return self.rows + self.extra_addresses


def parse_rows(rows: Iterator[Row], columns: Columns, tally: Tally, default: SubscriberStatus) -> Iterator[Candidate]:
    """The candidates of `rows`; each row gives at least one, counted in `tally`."""
    tally.note_columns(columns)
    parse = row_parser(columns, default, tally.note_fault)
    assumed = tally.assumed
    for row in rows:
        candidates = parse(row)
        if len(candidates) > 1:
            tally.extra_addresses += len(candidates) - 1
        for candidate in candidates:
            if candidate.notes:
                assumed.update(candidate.notes)
            yield candidate


def row_parser(
    columns: Columns, default: SubscriberStatus, on_fault: Callable[[ListFault], None]
) -> Callable[[Row], list[Candidate]]:
    """What turns a row into its candidates, at least one. `on_fault` hears what is wrong with the list itself."""
    place, marks = columns.places, columns.marks
    at = place["address"]
    watch = LeavingWatch(columns, on_fault)
    name_places = _name_places(place)
    has_more = bool(columns.more_addresses)
    # A greeting may want them apart; the name alone does not say which of its words is the first name.
    parts = [(field, place[field]) for field in ("first_name", "last_name") if field in place]
    is_simple = not (marks or columns.attributes or set(place) - {"address", "name", "first_name", "last_name"})
    needed = max([*place.values(), *columns.more_addresses, *(mark.place for mark in marks)]) + 1
    shortest = max((mark.place for mark in marks), default=-1) + 1
    groups_at, has_consent = place.get("groups"), not {"consent_at", "consent_how"}.isdisjoint(place)
    candidate = maker(Candidate)

    def parse(row: Row) -> list[Candidate]:
        number, cells, fault = row
        if fault:
            return [_refused(number, default, fault)]
        assumed: tuple[str, ...] = ()
        if len(cells) < needed:
            if len(cells) < shortest:
                assumed = (_("the row ends before the column that says who left"),)
            cells = [*cells, *[""] * (needed - len(cells))]
        if not GONE_VALUES.isdisjoint(cells):
            watch.look_at(number, cells)
        try:
            text = cells[at]
            if has_more:
                text, others = _first_filled(cells, columns)
                assumed += others
            written = parse_cell(text if text[:1] != "'" else unguarded(text))
            name, is_named = _name(cells, name_places)
            said = read_marks(cells, marks) if marks else None
        except AddressFault as error:
            return [_refused(number, default, why_nobodys(cells, columns) or str(error))]
        except CellFault as error:
            return [_refused(number, default, str(error))]
        status, is_said = said or default, said is not None
        if watch.remarks and status not in GONE:
            watch.look_at_remarks(number, cells)
        groups: tuple[str, ...] = ()
        consent: Consent | None = None
        attributes = NOTHING
        if not is_simple:
            groups = parse_groups(cells[groups_at]) if groups_at is not None else ()
            consent = _consent(cells, place) if has_consent else None
            attributes = _attributes(cells, columns.attributes)
        if parts and len(written) == 1:
            attributes = {**_own_parts(cells, parts, is_named=is_named), **attributes} or NOTHING
        if not is_named:
            assumed += (no_name_note(),)
        # In the order of the fields: by their names, it takes three times as long, for everybody on the list.
        shared = status, groups, attributes, consent, ""
        if len(written) == 1:
            (address, key), own_name, notes = written[0]
            return [
                candidate(
                    (number, key, address, name or own_name, *shared, (*notes, *assumed) if assumed else notes, is_said)
                )
            ]
        # Whose name is the row's, when it has several addresses? Nobody's: only a name written beside one counts.
        return [
            candidate((number, key, address, own_name, *shared, notes, is_said))
            for (address, key), own_name, notes in written
        ]

    return parse


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


def _first_filled(cells: Sequence[str], columns: Columns) -> tuple[str, tuple[str, ...]]:
    """The first cell that holds an address, and what to say where a later one holds another."""
    found = [
        cells[place].strip() for place in (columns.places["address"], *columns.more_addresses) if cells[place].strip()
    ]
    # What is none (`-`, `pas d’adresse`) stands in for the next.
    found = [text for text in found if "@" in text] or found[:1]
    if not found:
        return "", ()
    is_other = any(one.casefold() != found[0].casefold() for one in found[1:])
    return found[0], ((_("a second address, in another column, is not used"),) if is_other else ())


def _name_places(place: Mapping[str, int]) -> tuple[int, ...]:
    """The columns a name is put together from: the whole name, or the first and the last."""
    fields = ("name",) if "name" in place else ("first_name", "last_name")
    return tuple(place[field] for field in fields if field in place)


def _name(cells: Sequence[str], places: tuple[int, ...]) -> tuple[str, bool]:
    """The row's name, and whether all of what stands there can be one."""
    named: list[str] = []
    is_named = True
    for place in places:
        part = cells[place].strip()
        if not part:
            continue
        if part[0] in _WRAPPED:
            part = _unwrapped(part)
            if not part:
                continue
        if not part.isprintable() and not is_header_safe(part):
            raise CellFault(_("the name holds a line break or control character"))
        if is_no_name(part):
            is_named = False
        else:
            named.append(part)
    name = named[0] if len(named) == 1 else " ".join(named)
    if len(name) > MAX_NAME:
        raise CellFault(_("the name is {count} characters long").format(count=len(name)))
    return name, is_named


def _own_parts(cells: Sequence[str], parts: Sequence[tuple[str, int]], *, is_named: bool) -> dict[str, str]:
    """The first and the last name, each by itself; where one of them is none, what can be one."""
    own = {}
    for name, column in parts:
        part = cells[column].strip()
        if part and part[0] in _WRAPPED:
            part = _unwrapped(part)
        if part and (is_named or not is_no_name(part)):
            own[name] = part
    return own


# Quotation marks around the whole, and the formula that Excel writes for “text, and nothing else”.
_WRAPPED = {"'": "'", '"': '"', "“": "”", "«": "»", "=": '"'}


def _unwrapped(name: str) -> str:
    name = unguarded(name)
    if name[:2] == '="' and name[-1] == '"' and len(name) > 3:
        return name[2:-1].strip()
    if len(name) > 2 and name[0] in _WRAPPED and name[-1] == _WRAPPED[name[0]] and name[0] != "=":
        return name[1:-1].strip()
    return name


def _consent(cells: Sequence[str], place: Mapping[str, int]) -> Consent | None:
    at = cells[place["consent_at"]].strip() if "consent_at" in place else ""
    how = cells[place["consent_how"]].strip() if "consent_how" in place else ""
    return Consent(at=at[:100], how=how[:500]) if at or how else None


def _attributes(cells: Sequence[str], names: Mapping[int, str]) -> Mapping[str, str]:
    found = {}
    for place, name in names.items():
        if place < len(cells) and cells[place]:
            text = cells[place].strip()
            found[name] = unguarded(text) if text[:1] == "'" else text
    return found or NOTHING


FORMULA = ("=", "+", "-", "@", "\t", "\r")


def guarded(text: str) -> str:
    """The text as a spreadsheet shows it instead of running it (OWASP, CSV injection): an apostrophe before `=+-@`."""
    return f"'{text}" if text.lstrip("'").startswith(FORMULA) else text


def unguarded(text: str) -> str:
    """The text without the apostrophe that `guarded` put before it."""
    return text[1:] if text[:1] == "'" and text.lstrip("'").startswith(FORMULA) else text
