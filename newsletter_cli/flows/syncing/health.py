"""What `nl doctor` says of the endpoint: whether it answers, has the newest key, and how old what is known of it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from newsletter_cli.base.called import called
from newsletter_cli.base.errors import NotSynced, NotTrusted
from newsletter_cli.base.i18n import _, shown_moment
from newsletter_cli.deliver.ledger.database import has_ledger
from newsletter_cli.flows.audience import open_state
from newsletter_cli.flows.diagnosis import Diagnosis, Health
from newsletter_cli.flows.ledger_place import ledger_of
from newsletter_cli.flows.sending.ledger import look_into_ledger
from newsletter_cli.flows.syncing.before_send import is_too_old
from newsletter_cli.flows.syncing.key import key_of
from newsletter_cli.flows.syncing.position import read_position
from newsletter_cli.flows.syncing.reaching import open_client
from newsletter_cli.workspace.folder import Workspace

SUBJECT = "endpoint"


def diagnose_endpoint(workspace: Workspace) -> Iterator[Diagnosis]:
    """What is to be said where one is configured; nothing is recorded. Raises `ListError`, `LedgerError`."""
    if not has_ledger(ledger_of(workspace)):
        message = _("the endpoint has no key of this newsletter yet")
        hint = _("make it, and give it to the server: {command}").format(command=f"{called()} sync --key")
        yield Diagnosis(subject=SUBJECT, health=Health.ATTENTION, message=message, hint=hint)
        return
    yield from _ask(workspace)
    with open_state(workspace, is_aside=True) as store:
        position = read_position(store)
    if not position.wishes_at:
        message = _("who left by the endpoint was never fetched")
    else:
        message = _("who left by the endpoint is known up to {moment}").format(moment=shown_moment(position.wishes_at))
    is_old = is_too_old(workspace.config, position, datetime.now(UTC))
    health = Health.ATTENTION if is_old else Health.WELL
    hint = _("a send fetches it first; you may, too: {command}").format(command=f"{called()} sync")
    yield Diagnosis(subject=SUBJECT, health=health, message=message, hint=hint)


def _ask(workspace: Workspace) -> Iterator[Diagnosis]:
    with look_into_ledger(workspace, is_aside=True) as connection:
        key = key_of(workspace, connection)
    try:
        head = open_client(workspace, key).page(0).head
    except NotTrusted:
        return  # told of with the commands
    except NotSynced as error:
        yield Diagnosis(subject=SUBJECT, health=Health.WRONG, message=str(error), hint=error.hint)
        return
    if key.parts[0].id in head.keys:
        message = _("the endpoint answers, and has this newsletter’s key")
        yield Diagnosis(subject=SUBJECT, health=Health.WELL, message=message)
    else:
        message = _("the endpoint has the key before the last change")
        hint = _("give the server the new one: {command}").format(command=f"{called()} sync --key")
        yield Diagnosis(subject=SUBJECT, health=Health.ATTENTION, message=message, hint=hint)
