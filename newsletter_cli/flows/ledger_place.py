"""Where a workspace's ledger is: in its `state/`, or in the PostgreSQL that `[send] ledger` names."""

from __future__ import annotations

from contextlib import AbstractContextManager

from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.ledger.lock import only_writer
from newsletter_cli.deliver.ledger.place import LedgerPlace, SharedLedger
from newsletter_cli.flows.secret_uses import ledger_use
from newsletter_cli.workspace.folder import Workspace


def ledger_of(workspace: Workspace) -> LedgerPlace:
    """The place of the ledger. Raises `NotTrusted` for a server that this user has not trusted with their password, as
    libpq finds it.
    """
    url = workspace.config.send.ledger
    state = workspace.root / "state"
    if url is None:
        return state
    workspace.permit_secret(ledger_use(workspace))
    return SharedLedger(url=url, state=state)


def alone_with_ledger(workspace: Workspace) -> AbstractContextManager[None]:
    """Nobody else sends or decides meanwhile, on any machine that has this ledger. Raises `LedgerBusy`."""
    workspace.private_folder("")
    return only_writer(ledger_of(workspace))


def shared_ledger_of(workspace: Workspace) -> SharedLedger:
    """The ledger that several machines share. Raises `UsageError` where it is a file of this one."""
    place = ledger_of(workspace)
    if not isinstance(place, SharedLedger):
        raise UsageError(
            _("the ledger is a file of this machine: no other process can send from it"),
            file="newsletter.toml",
            hint=_("name a PostgreSQL in [send] ledger; see nl help sending-with-workers"),
        )
    return place
