"""The endpoint's key: worked out from the ledger's secrets, shown for the server, changed."""

from __future__ import annotations

from pathlib import Path

from newsletter_cli.audience.handover import refuse_handed_over
from newsletter_cli.base.endpoint_key import EndpointKey, format_key, make_key
from newsletter_cli.base.errors import AlreadyExists
from newsletter_cli.base.files import PRIVATE_FILE, write_new_file
from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.ledger.runs import add_secret, read_ledger_id, read_secrets
from newsletter_cli.deliver.ledger.transactions import Database
from newsletter_cli.flows.ledger_place import alone_with_ledger
from newsletter_cli.flows.sending.ledger import open_ledger
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace


def own_key(workspace: Workspace) -> EndpointKey:
    """The key of this newsletter; a ledger is made where there is none yet. Raises `LedgerError`."""
    with open_ledger(workspace) as connection:
        return key_of(workspace, connection)


def key_of(workspace: Workspace, connection: Database) -> EndpointKey:
    """The same, from an open ledger."""
    newsletter = workspace.config.newsletter
    return make_key(
        read_secrets(connection),
        newsletter=read_ledger_id(connection),
        name=newsletter.name,
        language=newsletter.language,
        contact=workspace.config.reply_address or "",
    )


def write_key(workspace: Workspace, key: EndpointKey, path: Path) -> None:
    """The key in a file that nobody else can read. Raises `AlreadyExists`, `StorageError`."""
    name = workspace.name_of(path)
    with storage_errors(name):
        try:
            write_new_file(path, f"{format_key(key)}\n".encode("ascii"), mode=PRIVATE_FILE)
        except FileExistsError:
            raise AlreadyExists(
                _("there is a file of this name"), file=name, hint=_("name another one, or delete it first")
            ) from None


def change_key(workspace: Workspace) -> EndpointKey:
    """Make a new secret, which the key begins with from now on; what was made with the others is still understood.

    Tokens are made with it once the endpoint is seen to know it. Raises `LedgerError`, `StateElsewhere`.
    """
    state = workspace.private_folder("")
    refuse_handed_over(state)
    with alone_with_ledger(workspace), open_ledger(workspace) as connection:
        add_secret(connection, state)
        return key_of(workspace, connection)
