"""People come and go: `nl list add`, `unsubscribe`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from newsletter_cli.audience import membership, rights
from newsletter_cli.audience.moves import Moves
from newsletter_cli.audience.row import Tally
from newsletter_cli.audience.source import ListSource
from newsletter_cli.audience.store import Store
from newsletter_cli.base.errors import NoListYet, UsageError
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.flows.audience import (
    list_source,
    named_source,
    open_state,
    personal_records,
    write_back,
)
from newsletter_cli.flows.personal_places import ForeignRows, Unread, find_foreign_rows
from newsletter_cli.model.subscriber import Subscriber
from newsletter_cli.workspace.folder import Workspace


class Unsubscribed(Struct, frozen=True, kw_only=True):
    """How many people were asked for, are newly suppressed, and in how many rows of the source that was noted.

    `rows` are where they still stand in the CSV file that was named, `list_name`.
    `unknown` and `unknown_tokens` are the places, from 1, of those nobody has among what was given.
    """

    asked: int
    suppressed: int
    written_back: int | None
    list_name: str | None = None
    rows: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()
    unknown_tokens: tuple[int, ...] = ()
    unread: tuple[Unread, ...] = ()

    @property
    def is_complete(self) -> bool:
        """Whether everybody was found."""
        return not self.unknown and not self.unknown_tokens

    def as_dict(self) -> dict[str, Any]:
        """The result for scripts."""
        return {
            "asked": self.asked,
            "suppressed": self.suppressed,
            "written_back": self.written_back,
            "unknown": len(self.unknown) + len(self.unknown_tokens),
            "unread_sources": [one.name for one in self.unread],
            "rows_left_in_source": list(self.rows),
        }

    def told_rows(self) -> str:
        """Where they still stand, for people."""
        if not self.rows:
            return _("None of them stands in {list}").format(list=self.list_name)
        text = ngettext(
            "{list} still has them in row {rows}, which no send will use",
            "{list} still has them in rows {rows}, which no send will use",
            len(self.rows),
        )
        return text.format(list=self.list_name, rows=", ".join(map(str, self.rows)))


class Readmitted(Struct, frozen=True, kw_only=True):
    """Somebody taken off the suppression list by a new consent; their row stands in a list that `nl` does not write."""

    address: str
    list_name: str

    def as_dict(self) -> dict[str, Any]:
        """The result for scripts."""
        return {"address": self.address, "readmitted": True, "list": self.list_name}


def add_person(
    workspace: Workspace,
    address: str,
    *,
    name: str,
    groups: tuple[str, ...],
    attributes: Sequence[str],
    consent_how: str,
    consent_at: str,
    is_confirmed: bool,
) -> membership.Added | Readmitted:
    """Add somebody to the managed list; with a list kept elsewhere, a consent takes them off the suppression list.

    Raises `UsageError`, `ListError`.
    """
    parsed, own_name = membership.parse_one_address(address)
    now = datetime.now(UTC)
    with open_state(workspace) as store:
        source = _source_if_any(workspace, store, None)
        if source is not None and source.kind != "managed":
            given = {"--name": name, "--group": groups, "--set": attributes, "--unconfirmed": not is_confirmed}
            _refuse_unwritten(source, [option for option, value in given.items() if value])
            is_back = bool(consent_how) and membership.readmit(
                store, parsed, consent_how=consent_how, consent_at=consent_at, now=now
            )
            if not is_back:
                raise UsageError(
                    _("the list is {name}, which nl does not write").format(name=source.name),
                    hint=_('add them there — or keep the list in nl: [list] source = "managed"'),
                )
            return Readmitted(address=parsed.text, list_name=source.name)
        return membership.add_subscriber(
            store,
            parsed,
            name=name or own_name,
            groups=groups,
            attributes=dict(_parse_attribute(text) for text in attributes),
            consent_how=consent_how,
            consent_at=consent_at,
            is_confirmed=is_confirmed,
            now=now,
        )


def _refuse_unwritten(source: ListSource, options: Sequence[str]) -> None:
    if options:
        raise UsageError(
            _("{options}: the list is {name}, which nl does not write").format(
                options=", ".join(options), name=source.name
            ),
            hint=_('write it there — or keep the list in nl: [list] source = "managed"'),
        )


def set_person(
    workspace: Workspace,
    address: str,
    *,
    name: str | None,
    groups: Sequence[str],
    not_groups: Sequence[str],
    attributes: Sequence[str],
) -> Subscriber | None:
    """Change what the managed list knows of somebody; `None` where they are not on it. Raises `UsageError`."""
    key = membership.parse_one_address(address)[0].key
    given = dict(_parse_attribute(text) for text in attributes)
    changes = membership.Changes(name=name, groups=tuple(groups), not_groups=tuple(not_groups), attributes=given)
    if changes == membership.Changes():
        raise UsageError(_("say what to change"), hint="--name, --group, --not-group, --set ville=Paris, --set ville=")
    with open_state(workspace) as store:
        source = _source_if_any(workspace, store, None)
        if source is not None and source.kind != "managed":
            raise UsageError(
                _("the list is {name}, which nl does not write").format(name=source.name),
                hint=_('write it there — or keep the list in nl: [list] source = "managed"'),
            )
        return membership.change_subscriber(store, key, changes, now=datetime.now(UTC))


def unsubscribe_people(
    workspace: Workspace, addresses: Sequence[str], *, override: str | None, has_unknown: bool = False
) -> Unsubscribed:
    """Take people off: here first, so that it holds even where the source cannot be told.

    `has_unknown`: also whoever nobody has on any list; where a list cannot be read, nobody is unknown.
    `override` is a CSV file to look for them in, too; one that cannot be read stops it before. Raises `UsageError`,
    `ListError`.
    """
    from newsletter_cli.flows.sending.leaving import tell_senders

    meant = _currents(workspace, [_keys_of(workspace, text) for text in addresses])
    keys = list(dict.fromkeys(key for each in meant for key in each))
    others = personal_records(workspace)
    named = named_source(workspace, override)
    rows = () if named is None else _rows_of(named, frozenset(keys))
    with open_state(workspace) as store:
        strangers = [key for key in keys if not rights.is_known(store, key, others)]
        found = find_foreign_rows(workspace, strangers, override=override) if strangers else ForeignRows()
        is_lax = has_unknown or bool(found.unread)
        unknown = set() if is_lax else {key for key in strangers if not found.of(key)}
        wanted = [key for key in keys if key not in unknown]
        suppressed = membership.unsubscribe(store, wanted, now=datetime.now(UTC)) if wanted else 0
        tell_senders(workspace, wanted)
        written = write_back(workspace, store, wanted)
    return Unsubscribed(
        asked=len({each[0] for each in meant if each and not unknown.issuperset(each)}),
        suppressed=suppressed,
        written_back=written,
        list_name=None if named is None else named.name,
        rows=rows,
        unknown=tuple(place for place, each in enumerate(meant, 1) if each and unknown.issuperset(each)),
        unknown_tokens=tuple(place for place, each in enumerate(meant, 1) if not each),
        unread=tuple(found.unread),
    )


def _currents(workspace: Workspace, keys: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Before each normalised address the one that its person has now, where it is another."""
    with open_state(workspace) as store:
        current = Moves(store).current
        return [tuple(dict.fromkeys(one for key in each for one in (current(key), key))) for each in keys]


def _rows_of(source: ListSource, keys: frozenset[str]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(one.row for one in source.read(Tally()) if one.key in keys))


def _keys_of(workspace: Workspace, text: str) -> tuple[str, ...]:
    """Whom an address means, or the token that a mail asking to leave has in its subject; none for an unknown one.

    Raises `UsageError`.
    """
    from newsletter_cli.flows.clearance.proof_people import is_token_of_proof
    from newsletter_cli.flows.sending.ledger import is_token, keys_of_token

    if is_token(text):
        keys = keys_of_token(workspace, text)
        if not keys and is_token_of_proof(workspace, text.strip()):
            raise UsageError(
                _("this stood in a proof, whose links unsubscribe nobody"),
                hint=_("if the reviewer wants no more issues either: nl list unsubscribe ADDRESS"),
            )
        return keys
    return (membership.parse_one_address(text)[0].key,)


def _source_if_any(workspace: Workspace, store: Store, override: str | None) -> ListSource | None:
    """The list's source; `None` where there is no list yet: a person's rights hold all the same."""
    try:
        return list_source(workspace, store, override=override)
    except NoListYet:
        return None


def _parse_attribute(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise UsageError(_("“{text}” is no NAME=VALUE").format(text=text), hint=_("for instance: --set ville=Paris"))
    return name.strip(), value.strip()
