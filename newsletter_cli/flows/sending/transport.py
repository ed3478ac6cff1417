"""`[send]`, the environment and options → what `deliver/` is given: the transport, its password, the pacing rules, the
signer of messages.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from newsletter_cli.base.errors import TransportError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.secret import read_from_command, read_from_environment
from newsletter_cli.base.trust import PermittedCommand
from newsletter_cli.config.shipped_pace import SHIPPED_PACE
from newsletter_cli.deliver.opening import TransportAddress, open_transport, parse_transport_url, probe_transport
from newsletter_cli.deliver.pacing.rules import PaceBook
from newsletter_cli.deliver.secrets import Secret, read_send_secret
from newsletter_cli.deliver.smtp.server import Login
from newsletter_cli.deliver.transport import Transport
from newsletter_cli.flows.secret_uses import mail_use
from newsletter_cli.workspace.files import read_text
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.inside import configured_path

if TYPE_CHECKING:
    from newsletter_cli.deliver.building import Signs
    from newsletter_cli.deliver.smtp.connecting import Seen

TRANSPORT_VARIABLE = "NL_TRANSPORT"


class ChosenTransport(Struct, frozen=True, kw_only=True):
    """Where messages go, and how that is opened. `is_own_word`: an option or the environment names it.

    `login` and `ca_file`: who logs in, and the certificates that are trusted besides the system's.
    """

    address: TransportAddress
    login: Login | None
    ca_file: Path | None
    workspace: Workspace
    is_own_word: bool

    @property
    def is_embedded(self) -> bool:
        """Whether messages go into a folder, and nothing leaves the machine."""
        return self.address.scheme == "maildir"

    @property
    def folder(self) -> Path | None:
        """The folder that messages go into; `None` for a mail server."""
        return self.workspace.root / Path(self.address.path).expanduser() if self.is_embedded else None

    def permit_secrets(self) -> None:
        """May the password go there, may a command be asked for it? None is read. Raises `NotTrusted`."""
        smtp = self.workspace.config.send.smtp
        if self.login is not None and not self.is_embedded:
            _permitted_command(self.workspace)
            if not self.is_own_word and (
                smtp.password_command or smtp.password_keyring or os.environ.get(smtp.password_env, "").strip()
            ):
                self.workspace.permit_secret(mail_use(self.workspace, self.address))

    def open(self) -> Transport:
        """The transport; nothing is asked of a server yet. Raises `TransportError`."""
        options, root = self.workspace.config.send.smtp, self.workspace.root
        return open_transport(self.address, options, root=root, login=self.login, ca_file=self.ca_file)

    def probe(self) -> Seen | None:
        """What the mail server shows of itself, without sending; `None` for a folder. Raises `TransportError`."""
        return probe_transport(self.address, self.workspace.config.send.smtp, login=self.login, ca_file=self.ca_file)


def choose_transport(workspace: Workspace, override: str | None) -> ChosenTransport:
    """The transport that the option, the environment or the configuration names. Raises `TransportError`."""
    settings = workspace.config.send
    said = override or os.environ.get(TRANSPORT_VARIABLE)
    address = parse_transport_url(said or settings.transport)

    def password() -> str:
        chosen.permit_secrets()
        return _password(workspace)

    smtp = settings.smtp
    chosen = ChosenTransport(
        address=address,
        login=None if smtp.user is None else Login(user=smtp.user, auth=smtp.auth, secret=Secret(password)),
        ca_file=_trusted(workspace),
        workspace=workspace,
        is_own_word=bool(said),
    )
    return chosen


def _trusted(workspace: Workspace) -> Path | None:
    name = workspace.config.send.smtp.ca_file
    return None if name is None else configured_path(workspace.root, name, TransportError, key="send.smtp.ca_file")


def _password(workspace: Workspace) -> str:
    smtp = workspace.config.send.smtp
    return read_send_secret(
        _("the mail server’s password"),
        variable=smtp.password_env,
        command=_permitted_command(workspace),
        keyring_service=smtp.password_keyring,
        user=smtp.user or "",
    )


def _permitted_command(workspace: Workspace) -> PermittedCommand | None:
    return workspace.permitted("send.smtp.password_command", workspace.config.send.smtp.password_command)


def pace_book(workspace: Workspace) -> PaceBook:
    """The pacing rules: those of the configuration, else the shipped ones."""
    return PaceBook(workspace.config.send.pace or SHIPPED_PACE)


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
