"""Signing each message here (DKIM), where the configuration says so."""

from __future__ import annotations

from newsletter_cli.base.errors import TransportError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.secret import read_from_command, read_from_environment
from newsletter_cli.deliver.building import Signs
from newsletter_cli.workspace.files import read_text
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.inside import configured_path


def open_signer(workspace: Workspace) -> Signs | None:
    """What signs messages; `None` where the mail server does. Raises `TransportError`, `StorageError`."""
    settings = workspace.config.send.dkim
    if settings.selector is None:
        return None
    from newsletter_cli.deliver.message.dkim import Signer

    address = workspace.config.sender.address or workspace.config.sender.reply_to or ""
    return Signer(settings.selector, settings.domain or address.rpartition("@")[2], read_dkim_key(workspace))


def read_dkim_key(workspace: Workspace) -> str:
    """The key (PEM): from the file, else the command, else the environment. Raises `TransportError`, `StorageError`."""
    settings, what = workspace.config.send.dkim, _("the DKIM key")
    if settings.key_file is not None:
        path = configured_path(workspace.root, settings.key_file, TransportError, key="send.dkim.key_file")
        return read_text(path, name=settings.key_file)
    command = workspace.permitted("send.dkim.key_command", settings.key_command)
    if command is not None:
        return read_from_command(what, command, TransportError, has_lines=True)
    return read_from_environment(what, settings.key_env, TransportError)
