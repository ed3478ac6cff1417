"""`nl resolve N`: what a person decides of rows in doubt, and of refused ones."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from msgspec import Struct

from newsletter_cli.audience.handover import refuse_handed_over
from newsletter_cli.audience.membership import parse_one_address
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.deliver.ledger.deciding import Decision, NotAmongThem, decide, resend_rehearsed
from newsletter_cli.deliver.ledger.reading import DeliveryRow, read_deliveries, read_report
from newsletter_cli.deliver.ledger.repeats import Repeats
from newsletter_cli.deliver.ledger.sharing import recover
from newsletter_cli.deliver.ledger.transactions import Database, transaction
from newsletter_cli.flows.ledger_place import alone_with_ledger
from newsletter_cli.flows.sending.ledger import open_existing_ledger
from newsletter_cli.model.delivery import DeliveryState
from newsletter_cli.workspace.folder import Workspace


class Resolved(Struct, frozen=True, kw_only=True):
    """What was decided for how many, and whether the issue is complete now. `repeats`: who waits for an answer to their
    request, and is not to be decided about yet.
    """

    issue: int
    count: int
    decision: Decision
    is_complete: bool
    repeats: Repeats = Repeats()

    def as_dict(self) -> dict[str, Any]:
        """The result for scripts."""
        return {
            "issue": self.issue,
            "resolved": self.count,
            "decision": self.decision.value,
            "complete": self.is_complete,
        }


def resolve_deliveries(
    workspace: Workspace,
    number: int,
    state: DeliveryState,
    decision: Decision,
    *,
    addresses: Sequence[str] = (),
    confirm: Callable[[int], None],
) -> Resolved:
    """Settle what is in doubt or refused: all of it, or the deliveries to `addresses`.

    `confirm` is asked with their number, and raises where the answer is no. Raises `UsageError`, `LedgerError`.
    """
    keys = _keys_of(addresses)
    if decision is Decision.SENT and state is DeliveryState.REFUSED:
        raise UsageError(
            _("a server that refuses a message does not have it"), hint=_("choose: --refused resend, --refused skip")
        )
    refuse_handed_over(workspace.root / "state")
    with alone_with_ledger(workspace), open_existing_ledger(workspace, number) as connection:
        # The lock is ours: whatever is still called attempted was left by a process that is gone.
        recover(connection, number)
        with _asking_inside(connection, number):
            count = decide(connection, number, state, decision, keys=keys, now=int(time.time()))
            if count:
                confirm(count)
        report = read_report(connection, number)
        return Resolved(
            issue=number,
            count=count,
            decision=decision,
            is_complete=report.is_complete,
            repeats=report.repeats,
        )


def resolve_rehearsal(
    workspace: Workspace, number: int, *, addresses: Sequence[str] = (), confirm: Callable[[int], None]
) -> Resolved:
    """Whoever has the issue in a folder only waits for it again, as if nothing had been tried: all, or `addresses`.

    `confirm` is asked with their number, and raises where the answer is no. Raises `UsageError`, `LedgerError`.
    """
    keys = _keys_of(addresses)
    refuse_handed_over(workspace.root / "state")
    with alone_with_ledger(workspace), open_existing_ledger(workspace, number) as connection:
        with _asking_inside(connection, number):
            count = resend_rehearsed(connection, number, keys=keys, now=int(time.time()))
            if count:
                confirm(count)
        return Resolved(
            issue=number, count=count, decision=Decision.RESEND, is_complete=read_report(connection, number).is_complete
        )


def _keys_of(addresses: Sequence[str]) -> list[str] | None:
    return list(dict.fromkeys(parse_one_address(address)[0].key for address in addresses)) or None


@contextlib.contextmanager
def _asking_inside(connection: Database, number: int) -> Iterator[None]:
    """Asked inside the transaction: a no undoes it, and a question about somebody who is not there is none."""
    try:
        with transaction(connection):
            yield
    except NotAmongThem as missing:
        raise UsageError(
            ngettext(
                "{count} of these addresses does not wait for this decision; nothing was decided",
                "{count} of these addresses do not wait for this decision; nothing was decided",
                missing.count,
            ).format(count=missing.count),
            hint=_(
                "see who waits: nl resolve {number} --show; whoever left meanwhile and is back on the list: "
                "nl send {number} --newcomers"
            ).format(number=number),
        ) from None


def unresolved(workspace: Workspace, number: int) -> list[DeliveryRow]:
    """The deliveries that wait for a decision. Raises `UsageError`, `LedgerError`."""
    with open_existing_ledger(workspace, number, is_looking=True) as connection:
        states = (DeliveryState.IN_DOUBT, DeliveryState.REFUSED)
        return list(read_deliveries(connection, number, states, is_unsettled=True))
