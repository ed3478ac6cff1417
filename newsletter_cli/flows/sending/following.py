"""`nl report N --follow`: a send as it goes, wherever it is under way."""

from __future__ import annotations

from msgspec import Struct

from newsletter_cli.deliver.ledger.handing import is_paused
from newsletter_cli.deliver.ledger.reading import Report, read_report
from newsletter_cli.deliver.ledger.transactions import as_shared
from newsletter_cli.flows.sending.ledger import open_existing_ledger
from newsletter_cli.model.delivery import DeliveryState
from newsletter_cli.workspace.folder import Workspace

GOING = (DeliveryState.PENDING, DeliveryState.CLAIMED, DeliveryState.ATTEMPTING)


class SenderSeen(Struct, frozen=True, kw_only=True):
    """A process that sends the issue: where it is, and how many messages it has had taken."""

    owner: str
    sent: int


class Progress(Struct, frozen=True, kw_only=True):
    """A send at one moment. `senders` are those that are alive, where the ledger is shared."""

    report: Report
    senders: tuple[SenderSeen, ...]
    is_paused: bool

    @property
    def waiting(self) -> int:
        """How many have still to be written to, for all that is known."""
        return sum(self.report.counts[state] for state in GOING)

    @property
    def is_over(self) -> bool:
        """Whether nothing moves any more."""
        return not self.waiting or (self.is_paused and not self.senders)


def see_progress(workspace: Workspace, number: int) -> Progress:
    """How the issue's send stands. Raises `UsageError` for one that was never sent, `LedgerError`."""
    with open_existing_ledger(workspace, number, is_looking=True) as connection:
        senders: tuple[SenderSeen, ...] = ()
        shared = as_shared(connection)
        if shared is not None:
            from newsletter_cli.deliver.ledger.leases import read_senders

            senders = tuple(
                SenderSeen(owner=one.owner, sent=one.sent) for one in read_senders(shared, number) if one.is_alive
            )
        return Progress(
            report=read_report(connection, number), senders=senders, is_paused=is_paused(connection, number)
        )
