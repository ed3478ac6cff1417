"""Who a proof goes to: addresses that were typed, and groups of the mailing list.

Whoever is on the list gets their own message, with their name and fields; of others nothing is known. Nobody who left
is written to: who was typed in is refused, who is in a group is left out, and both are said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from msgspec import Struct

from newsletter_cli.audience.address import Address, AddressFault, parse_cell
from newsletter_cli.audience.row import Tally
from newsletter_cli.audience.select import Segment, parse_segment
from newsletter_cli.base.errors import ListError, NotReady, UsageError
from newsletter_cli.base.i18n import _, ngettext, shown_count
from newsletter_cli.deliver.message.fields import values_of_nobody
from newsletter_cli.flows.audience import Audience, open_audience, open_state, suppression_of
from newsletter_cli.flows.sending.personal import read_fields
from newsletter_cli.flows.sending.words import reason_names
from newsletter_cli.model.subscriber import NOTHING, Exclusion, Reason, Recipient
from newsletter_cli.workspace.folder import Workspace

# More than that are readers, not reviewers.
MOST_REVIEWERS = 100
GROUP = re.compile(r"\s*(?:group|groupe)\s*:", re.IGNORECASE)
LEFT = frozenset({Reason.UNSUBSCRIBED, Reason.BOUNCED, Reason.COMPLAINED, Reason.SUPPRESSED})


class Typed(Struct, frozen=True, kw_only=True):
    """An address as somebody typed it, and the name beside it."""

    address: Address
    name: str = ""


class Wanted(Struct, frozen=True, kw_only=True):
    """Who is asked for; nobody: whoever is to be asked by default."""

    people: tuple[Typed, ...] = ()
    segments: tuple[Segment, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.people or self.segments)


class Reviewers(Struct, frozen=True, kw_only=True):
    """Who gets the proof, in the order in which they were asked for, and what is to be said of it. `list_name` is empty
    where no list was read; `fields_of` gives the values of their fields.
    """

    recipients: tuple[Recipient, ...]
    notes: tuple[str, ...]
    list_name: str
    fields_of: Callable[[Recipient], Mapping[str, str]] | None


def parse_reviewers(texts: Iterable[str]) -> Wanted:
    """Addresses (`lea@example.org`, `Léa <lea@example.org>`) and parts of the list (`group:proof`), one or several in
    each text, with commas between them. Raises `UsageError`, which names nobody.
    """
    people: list[Typed] = []
    segments: list[Segment] = []
    for text in texts:
        pieces = text.split(",")
        parts = [one for one in pieces if "@" not in one and (GROUP.match(one) or "=" in one)]
        segments += map(parse_segment, parts)
        rest = ",".join(one for one in pieces if one not in parts)
        if not rest.strip(" ,") and parts:
            continue
        try:
            people += (Typed(address=one.address, name=one.name) for one in parse_cell(rest.strip(" ,")))
        except AddressFault as fault:
            raise UsageError(
                _("--to: this is no e-mail address: {reason}").format(reason=fault),
                hint=_("for instance: --to lea@example.org,group:proof"),
            ) from None
    first = {one.address.key: one for one in reversed(people)}
    return Wanted(people=tuple(dict(reversed(first.items())).values()), segments=tuple(dict.fromkeys(segments)))


def choose_reviewers(workspace: Workspace, wanted: Wanted, *, list_file: str | None = None) -> Reviewers:
    """The people who are asked for, as the list has them.

    Raises `ListError` where a group is asked for and there is no list, `NotReady` where nobody is in it, `UsageError`
    for people who must not be written to, and for so many that a proof is not what is meant.
    """
    found: dict[str, Recipient] = {}
    left_out: list[Exclusion] = []
    notes: list[str] = []
    name = ""
    try:
        with open_audience(workspace, override=list_file, is_looking=True) as audience:
            name = audience.source.name
            found, left_out, notes = _look_up(audience, wanted)
    except ListError as error:
        if wanted.segments:
            raise
        if workspace.config.personal.fields:
            notes.append(
                _("no list was read, so the personal words are those of nobody: {reason}").format(reason=error)
            )
    notes += _empty_notes(wanted, found.values())
    _refuse_gone(workspace, wanted, {one.key: one.reason for one in left_out})
    keys = {one.address.key for one in wanted.people}
    notes += _left_out_notes([one for one in left_out if one.key not in keys])
    asked = {one.address.key: found.get(one.address.key) or _stranger(one) for one in wanted.people}
    recipients = tuple((asked | {key: one for key, one in found.items() if key not in asked}).values())
    if not recipients:
        raise NotReady(
            _("nobody on the list is in {part}").format(part=", ".join(map(str, wanted.segments))),
            file=name,
            hint=_("who is in which group: nl list show; or name somebody: --to lea@example.org"),
        )
    _refuse_many(len(recipients))
    return Reviewers(recipients=recipients, notes=tuple(notes), list_name=name, fields_of=_fields_of(workspace))


def _look_up(audience: Audience, wanted: Wanted) -> tuple[dict[str, Recipient], list[Exclusion], list[str]]:
    """Those who are asked for and on the list, those who are left out, and what is wrong with the list."""

    def is_in(groups: tuple[str, ...], attributes: Mapping[str, str]) -> bool:
        return any(one.has(groups, attributes) for one in wanted.segments)

    rows: set[int] = set()
    if wanted.segments:
        # Of whom a selection leaves out, it does not say in which groups they are.
        rows.update(one.row for one in audience.source.read(Tally()) if is_in(one.groups, one.attributes))
    keys = {one.address.key for one in wanted.people}
    found: dict[str, Recipient] = {}
    left_out: list[Exclusion] = []
    selection = audience.select()
    for one in selection:
        if one.key not in keys and one.row not in rows:
            continue
        if isinstance(one, Recipient):
            found[one.key] = one
        elif one.reason is not Reason.DOUBLE:
            left_out.append(one)
    notes = [_("the list has a fault: {fault}").format(fault=fault.message) for fault in selection.faults[:3]]
    return found, left_out, notes


def _stranger(one: Typed) -> Recipient:
    """Somebody of whom the list knows nothing; no row of a list is row 0."""
    return Recipient(key=one.address.key, address=one.address.text, name=one.name, groups=(), attributes=NOTHING, row=0)


def _fields_of(workspace: Workspace) -> Callable[[Recipient], Mapping[str, str]] | None:
    config = workspace.config
    known = read_fields(config)
    if known is None:
        return None
    nobody = values_of_nobody({one.name: one.fallback for one in config.personal.fields})
    return lambda one: known(one) if one.row else nobody


def _refuse_gone(workspace: Workspace, wanted: Wanted, reasons: Mapping[str, Reason]) -> None:
    """Raises `UsageError` for addresses that were typed and must not be written to, each by its place."""
    with open_state(workspace, is_looking=True) as store:
        is_suppressed = suppression_of(store) or (lambda key: False)
        gone = [
            (place, one, Reason.SUPPRESSED if is_suppressed(one.address.key) else reasons.get(one.address.key))
            for place, one in enumerate(wanted.people, 1)
        ]
    names = reason_names()
    said = [
        _("address {place} ({address}): {reason}").format(
            place=place, address=masked(one.address.text), reason=names[reason]
        )
        for place, one, reason in gone
        if reason in LEFT
    ]
    if said:
        raise UsageError(
            _("they must not be written to, not even with a proof: {people}").format(people="; ".join(said)),
            hint=_("name somebody else; or, if they agreed to it anew: nl list add ADDRESS --consent …"),
        )


def masked(address: str) -> str:
    """An address that whoever typed it knows again, and nobody else: `l…@example.org`."""
    local, _at, domain = address.rpartition("@")
    return f"{local[:1]}…@{domain}"


def _empty_notes(wanted: Wanted, found: Collection[Recipient]) -> list[str]:
    """The groups that nobody is in: where others are named besides, nothing else would tell."""
    empty = [part for part in wanted.segments if not any(part.has(one.groups, one.attributes) for one in found)]
    return [_("nobody on the list is in {part}").format(part=part) for part in empty]


def _left_out_notes(left_out: Sequence[Exclusion]) -> list[str]:
    names = reason_names()
    return [
        _("row {row} of the list is in the group and gets no proof: {reason}").format(
            row=one.row, reason=one.detail or names[one.reason]
        )
        for one in left_out
    ]


def _refuse_many(count: int) -> None:
    if count > MOST_REVIEWERS:
        raise UsageError(
            ngettext("{count} reviewer is asked for", "{count} reviewers are asked for", count).format(
                count=shown_count(count)
            ),
            hint=_("a proof goes to {most} at most; a part of the list gets the issue by: nl send --to PART").format(
                most=MOST_REVIEWERS
            ),
        )
