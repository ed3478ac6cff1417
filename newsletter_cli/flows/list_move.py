"""`nl list move`: somebody has another address. The list first, then the ledger of deliveries follows."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from newsletter_cli.audience import membership
from newsletter_cli.audience.moves import Moves
from newsletter_cli.audience.store import Store
from newsletter_cli.base.errors import AddressNotMoved, NoListYet, UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.ledger.database import has_ledger
from newsletter_cli.deliver.ledger.people import LedgerPeople
from newsletter_cli.flows.audience import list_source, open_state
from newsletter_cli.flows.ledger_place import alone_with_ledger, ledger_of
from newsletter_cli.model.subscriber import Subscriber
from newsletter_cli.workspace.folder import Workspace


class Moved(Struct, frozen=True, kw_only=True):
    """The subscriber at the new address; how many deliveries they have, and how many of these wait to be sent."""

    subscriber: Subscriber
    deliveries: int
    waiting: int

    def as_dict(self) -> dict[str, Any]:
        """The result for scripts."""
        return {**self.subscriber.as_dict(), "deliveries": self.deliveries, "waiting": self.waiting}


def move_person(workspace: Workspace, old: str, new: str) -> Moved:
    """Change somebody's address on the managed list, and in the ledger: no issue goes to them twice for it.

    Raises `AddressNotMoved`, `UsageError`, `ListError`; `LedgerBusy` while a send is under way.
    """
    before, after = membership.parse_one_address(old)[0], membership.parse_one_address(new)[0]
    with alone_with_ledger(workspace), open_state(workspace) as store:
        _refuse_foreign(workspace, store)
        finish_move(workspace, store)
        if before.key != after.key and has_ledger(ledger_of(workspace)):
            _refuse_shared(LedgerPeople(ledger_of(workspace)).shared_issues(before.key, after.key))
        moved = membership.change_address(store, before.key, after, now=datetime.now(UTC))
        deliveries, waiting = finish_move(workspace, store)
    return Moved(subscriber=moved, deliveries=deliveries, waiting=waiting)


def finish_move(workspace: Workspace, store: Store) -> tuple[int, int]:
    """Have the ledger follow a change of address, also one that a killed `nl` left half done; what it did.

    How many deliveries the person has, and how many of them wait. Raises `ListError`, `LedgerError`.
    """
    moves = Moves(store)
    move, place = moves.unfinished(), ledger_of(workspace)
    if move is None:
        return 0, 0
    counts = LedgerPeople(place).move_person(*move) if has_ledger(place) else (0, 0)
    moves.finish()
    return counts


def _refuse_foreign(workspace: Workspace, store: Store) -> None:
    try:
        source = list_source(workspace, store)
    except NoListYet:
        return
    if source.kind != "managed":
        raise UsageError(
            _("the list is {name}, which nl does not write").format(name=source.name),
            hint=_(
                "change the address there; for issues sent before, nl takes the new one for a new person, to whom "
                "--newcomers would send them again"
            ),
        )


def _refuse_shared(issues: list[int]) -> None:
    if issues:
        raise AddressNotMoved(
            _(
                "both addresses are recipients of issue {number}: two people, as far as nl knows; nothing changed"
            ).format(number=issues[0]),
            hint=_("if both are one person: nl list add NEW, then nl list unsubscribe OLD"),
        )
