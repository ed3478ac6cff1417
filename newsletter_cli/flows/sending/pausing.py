"""`nl pause N`: a send stopped, wherever it is under way."""

from __future__ import annotations

from newsletter_cli.base.called import called
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.ledger.handing import pause
from newsletter_cli.deliver.ledger.reading import read_report
from newsletter_cli.flows.sending.ledger import open_existing_ledger
from newsletter_cli.model.delivery import DeliveryState
from newsletter_cli.workspace.folder import Workspace

UNDER_WAY = (DeliveryState.PENDING, DeliveryState.CLAIMED, DeliveryState.ATTEMPTING, DeliveryState.DEFERRED)


def pause_issue(workspace: Workspace, number: int) -> int:
    """Have whoever sends the issue stop; how many have still to be written to. Raises `UsageError`, `LedgerError`."""
    with open_existing_ledger(workspace, number) as connection:
        report = read_report(connection, number)
        waiting = sum(report.counts[state] for state in UNDER_WAY)
        if not waiting:
            raise UsageError(
                _("nobody waits for issue {number}: there is nothing to pause").format(number=number),
                hint=_("see what became of it: {command}").format(command=f"{called()} report {number}"),
            )
        pause(connection, number)
    return waiting
