"""`nl list import --sync`: who is on the managed list, and no more in the file that was imported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime

from newsletter_cli.audience import membership
from newsletter_cli.audience.managed import ManagedList
from newsletter_cli.audience.row import Tally
from newsletter_cli.audience.seen import NotedKeys
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.flows.audience import open_state
from newsletter_cli.flows.list_import import ListImport
from newsletter_cli.model.subscriber import GONE
from newsletter_cli.workspace.folder import Workspace

Person = tuple[str, str]


def people_of_file(is_wanted: bool) -> AbstractContextManager[NotedKeys | None]:
    """Where those who stand in the file are noted, where that is wanted; on disk, so that a million cost no memory."""
    return NotedKeys() if is_wanted else nullcontext()


def noting(seen: NotedKeys | None) -> Callable[[str], None]:
    """What notes a person of the file."""
    return (lambda key: None) if seen is None else (lambda key: seen.note(key, 0, ""))


def find_missing(workspace: Workspace, done: ListImport, seen: NotedKeys) -> tuple[list[Person], str]:
    """Key and address of those on the list who are not in the file; and why nobody is to be taken for missing.

    A row that cannot be read may be anybody's: then nobody is. Raises `ListError`.
    """
    if done.has_faults:
        return [], _("rows of the file were refused, and the people in them would count as gone: fix them first")
    if done.imported.rows == 0:
        return [], _("the file names nobody")
    with open_state(workspace) as store:
        missing = [
            (one.key, one.address)
            for one in ManagedList(store).read(Tally())
            if one.status not in GONE and seen.noted(one.key) is None
        ]
    return missing, ""


def take_off(workspace: Workspace, people: Sequence[Person]) -> int:
    """Take them off as whoever leaves: no file puts them back, a new consent does. How many. Raises `ListError`."""
    with open_state(workspace) as store:
        membership.unsubscribe(store, [key for key, _address in people], now=datetime.now(UTC))
    return len(people)


def told_missing(count: int) -> str:
    """How many are on the list and not in the file."""
    return ngettext(
        "{count} person is on the list and not in the file", "{count} people are on the list and not in the file", count
    ).format(count=count)
