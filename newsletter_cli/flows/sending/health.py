"""What `nl doctor` says of sending: the transport, its secret, sends that are not complete."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from newsletter_cli.deliver.ledger.database import has_ledger
from newsletter_cli.deliver.ledger.reading import read_issues, read_report
from newsletter_cli.errors import NotTrusted
from newsletter_cli.flows.diagnosis import Diagnosis, Health
from newsletter_cli.flows.sending.ledger import open_ledger
from newsletter_cli.flows.sending.settings import choose_transport
from newsletter_cli.i18n import _
from newsletter_cli.model.delivery import DeliveryState
from newsletter_cli.workspace.folder import Workspace


def diagnose_transport(workspace: Workspace) -> Iterator[Diagnosis]:
    """Where messages would go; nothing is asked of a server. Raises `TransportError`."""
    chosen = choose_transport(workspace, None)
    if chosen.is_embedded:
        message = _("messages go into a folder, {transport}: nothing leaves this machine").format(
            transport=chosen.address
        )
        yield Diagnosis(
            subject="send",
            health=Health.WELL,
            message=message,
            hint=_('to mail them: [send] transport = "smtp://HOST"'),
        )
        return
    if chosen.options.login is not None:
        # Raises, and says what is missing; a command is not run here, and has a diagnosis of its own.
        with contextlib.suppress(NotTrusted):
            chosen.options.login.secret()
    message = _("messages go to {transport}; whether it takes them: nl send --dry-run --probe").format(
        transport=chosen.address
    )
    yield Diagnosis(subject="send", health=Health.WELL, message=message)


def count_sent(workspace: Workspace, number: int) -> tuple[int, int] | None:
    """How many have the issue, of how many recipients; `None` where it was never sent. Raises `LedgerError`."""
    if not has_ledger(workspace.root / "state"):
        return None
    with open_ledger(workspace) as connection:
        report = read_report(connection, number)
    return (report.counts[DeliveryState.SENT], report.deliveries) if report.waves else None


def diagnose_sends(workspace: Workspace) -> Iterator[Diagnosis]:
    """Sends that wait for somebody. Raises `LedgerError`."""
    if not has_ledger(workspace.root / "state"):
        return
    with open_ledger(workspace) as connection:
        open_issues = [number for number in read_issues(connection) if not read_report(connection, number).is_complete]
    for number in open_issues:
        yield Diagnosis(
            subject="send",
            health=Health.ATTENTION,
            message=_("the send of issue {number} is not complete").format(number=number),
            hint=f"nl report {number}",
        )
