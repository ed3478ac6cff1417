"""What the law gives each person: `nl list export ADDR`, `nl list show ADDR`, `nl list forget`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from newsletter_cli.audience import rights
from newsletter_cli.audience.membership import parse_one_address
from newsletter_cli.audience.moves import Moves
from newsletter_cli.audience.store import Store
from newsletter_cli.base.errors import ListError
from newsletter_cli.flows.audience import open_state, personal_records
from newsletter_cli.flows.list_move import finish_move
from newsletter_cli.flows.people_erasing import erase_from_files
from newsletter_cli.flows.personal_places import Unread, find_foreign_rows, find_given_rows
from newsletter_cli.workspace.folder import Workspace


class KnownPerson(Struct, frozen=True, kw_only=True):
    """All that is known of one person, as plain data; `unread` lists may know more."""

    data: dict[str, Any]
    is_known: bool
    unread: tuple[Unread, ...]


class Erased(Struct, frozen=True, kw_only=True):
    """What an erasure did. `unknown` are the places, from 1, of addresses that nobody has among those given.

    `left_in`: where they still stand, in lists that `nl` does not write. `is_gone`: of what was erased from the
    databases, no octet is left in them; else another program holds one open. `failed`: files in which they may still
    stand, with why they could not be changed.
    """

    people: int
    unknown: tuple[int, ...]
    was_subscriber: bool
    records: int
    reject_rows: int
    left_in: dict[str, list[int]]
    unread: tuple[Unread, ...]
    is_gone: bool
    messages: int
    file_rows: int
    files: tuple[str, ...]
    failed: tuple[tuple[str, str], ...]

    @property
    def is_complete(self) -> bool:
        """Whether all that was asked for is done."""
        return self.is_gone and not self.failed and not self.unknown and not self.unread

    def as_dict(self) -> dict[str, Any]:
        """The result for scripts; it names nobody."""
        return {
            "erased": self.people,
            "unknown": len(self.unknown),
            "was_subscriber": self.was_subscriber,
            "records_made_anonymous": self.records,
            "rejects_erased": self.reject_rows,
            "rows_left_in_source": sorted(row for rows in self.left_in.values() for row in rows),
            "left_in": self.left_in,
            "unread_sources": [one.name for one in self.unread],
            "gone_from_files": self.is_gone and not self.failed,
            "not_erased_in": [name for name, _reason in self.failed],
            "messages_erased": self.messages,
            "rows_erased_from_files": self.file_rows,
            "files_changed": list(self.files),
        }


def export_person(workspace: Workspace, address: str, *, override: str | None) -> KnownPerson:
    """All that is known of one person, here and in every list there is. Raises `UsageError`, `ListError`."""
    given = parse_one_address(address)[0].key
    key = _current_keys(workspace, [given])[given]
    found = find_foreign_rows(workspace, {given, key}, override=override)
    others = personal_records(workspace)
    # An address that they had, and that was asked for, may still stand in a list that others write.
    rows = [{"name": name, "rows": rows} for one in dict.fromkeys((key, given)) for name, rows in found.of(one).items()]
    with open_state(workspace) as store:
        known = rights.export_person(store, key, others)
        is_known = bool(rows) or rights.is_known(store, key, others)
    unread = [{"name": one.name, "reason": one.reason} for one in found.unread]
    data = {"address": key, **known, "sources": rows, "unread_sources": unread}
    return KnownPerson(data=data, is_known=is_known, unread=tuple(found.unread))


def forget_people(
    workspace: Workspace, addresses: Sequence[str], *, override: str | None, has_unknown: bool = False
) -> Erased:
    """Erase people wherever `nl` writes. Raises `UsageError`, `ListError`, `LedgerError`.

    `has_unknown`: also whoever nobody knows is put on the suppression list; where a list cannot be read, nobody is
    unknown.
    """
    keys = list(dict.fromkeys(parse_one_address(address)[0].key for address in addresses))
    current = _current_keys(workspace, keys)
    asked = {*keys, *current.values()}
    found = find_foreign_rows(workspace, asked, override=override)
    others = personal_records(workspace)
    files = erase_from_files(workspace, asked)
    given = find_given_rows(workspace, asked)
    now = datetime.now(UTC)
    with open_state(workspace) as store:
        is_lax = has_unknown or bool(found.unread)
        elsewhere = {key for key in asked if key in files.keys or found.of(key) or given.of(key)}
        wanted = [
            key
            for key in keys
            if is_lax or not elsewhere.isdisjoint((key, current[key])) or _is_known(store, current[key], others)
        ]
        # Also under the address that was asked for, where they have another one by now.
        people = dict.fromkeys(current[key] for key in wanted)
        every = list(people | dict.fromkeys(wanted))
        done = [rights.forget_person(store, key, now=now, others=others) for key in every]
        is_gone = rights.compact(store, others) if wanted else True
    left_in: dict[str, list[int]] = {}
    for key in every:
        for name, rows in {**given.of(key), **found.of(key)}.items():
            left_in.setdefault(name, []).extend(row["row"] for row in rows)
    return Erased(
        people=len(people),
        unknown=tuple(place for place, key in enumerate(keys, 1) if key not in wanted),
        was_subscriber=any(one.was_subscriber for one in done),
        records=sum(one.records for one in done),
        reject_rows=sum(one.reject_rows for one in done),
        left_in={name: sorted(set(rows)) for name, rows in left_in.items()},
        unread=(*found.unread, *given.unread),
        is_gone=is_gone,
        messages=files.messages,
        file_rows=files.rows,
        files=tuple(dict.fromkeys(files.files)),
        failed=tuple(dict.fromkeys([*files.failed, *(failure for one in done for failure in one.failed)])),
    )


def _is_known(store: Store, key: str, others: Sequence[rights.PersonalRecords]) -> bool:
    """Also where a table of refused rows cannot be read, which may be about them: that is told when it is erased."""
    try:
        return rights.is_known(store, key, others)
    except ListError:
        return True


def _current_keys(workspace: Workspace, keys: Sequence[str]) -> dict[str, str]:
    """With each normalised address, the one that its person has now."""
    with open_state(workspace) as store:
        finish_move(workspace, store)
        current = Moves(store).current
        return {key: current(key) for key in keys}
