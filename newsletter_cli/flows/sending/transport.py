"""`[send]`, the environment and options → what `deliver/` is given: the transport, its password, the pacing rules, the
signer of messages.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from newsletter_cli.base.errors import TransportError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.secret import read_from_command, read_from_environment
from newsletter_cli.config.shipped_pace import SHIPPED_PACE
from newsletter_cli.deliver.opening import (
    TransportAddress,
    open_service,
    open_transport,
    parse_transport_url,
    probe_transport,
)
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
    from newsletter_cli.deliver.https.place import Place
    from newsletter_cli.deliver.https.service import Service
    from newsletter_cli.deliver.smtp.connecting import Seen

TRANSPORT_VARIABLE = "NL_TRANSPORT"
ACCOUNT_DIGITS = 12


class SecretSource(Struct, frozen=True, kw_only=True):
    """Where a password or key comes from. `what` names it in errors, `command_key` the option with its command, `user`
    whose it is in the keyring, `user_key` the option that says so.
    """

    what: str
    env: str
    command: tuple[str, ...]
    command_key: str
    keyring: str | None
    user: str | None
    user_key: str

    @property
    def may_ask_somebody(self) -> bool:
        """Whether reading it may ask a person: a password manager does."""
        return bool(self.command or self.keyring)

    @property
    def is_there(self) -> bool:
        """Whether there is one to be read, as far as can be told without asking."""
        return self.may_ask_somebody or bool(os.environ.get(self.env, "").strip())

    def read(self, workspace: Workspace) -> str:
        """The secret. Raises `TransportError`, `NotTrusted`."""
        return read_send_secret(
            self.what,
            variable=self.env,
            command=workspace.permitted(self.command_key, self.command),
            keyring_service=self.keyring,
            user=self.user or "",
            user_key=self.user_key,
        )


class ChosenTransport(Struct, frozen=True, kw_only=True):
    """Where messages go, and how that is opened. `is_own_word`: an option or the environment names it.

    `source`: where the password or key comes from, `None` where nobody logs in; `secret` reads it once. `ca_file`: the
    certificates that are trusted besides the system's.
    """

    address: TransportAddress
    source: SecretSource | None
    secret: Secret
    ca_file: Path | None
    workspace: Workspace
    is_own_word: bool

    @property
    def is_embedded(self) -> bool:
        """Whether messages go into a folder, and nothing leaves the machine."""
        return self.address.scheme == "maildir"

    @property
    def connections(self) -> int:
        """How many messages may be under way at the same time."""
        send = self.workspace.config.send
        return send.service.connections if self.address.is_service else send.smtp.connections

    @property
    def folder(self) -> Path | None:
        """The folder that messages go into; `None` for a mail server."""
        return self.workspace.root / Path(self.address.path).expanduser() if self.is_embedded else None

    @property
    def most_bytes(self) -> int | None:
        """How large a message may be, where that is known without asking. Raises `TransportError`."""
        return None if self.service is None else self.service.most_bytes

    @property
    def service(self) -> Service | None:
        """The mail service; `None` for a mail server or a folder. Raises `TransportError`."""
        return self._service()[1] if self.address.is_service else None

    @property
    def way(self) -> str:
        """The service with the account, as far as its key tells, where requests are known by a key of their own; else
        empty. The key cannot be worked out from it. Raises `TransportError`, `NotTrusted`.
        """
        if self.service is None or not self.service.key_seconds:
            return ""
        account = hashlib.sha256(f"{self.address}\0{self.secret()}".encode()).hexdigest()
        return f"{self.address} {account[:ACCOUNT_DIGITS]}"

    def notes(self) -> tuple[str, ...]:
        """What somebody who sends by a mail service should know of it."""
        if not self.address.is_service:
            return ()
        is_brevo = self.address.scheme == "brevo"
        back = _("the service writes the envelope itself: what comes back comes to the mailbox that writes")
        to_brevo = _("Brevo writes the envelope itself, and keeps what comes back: a webhook of nl serve is told of it")
        told = [to_brevo if is_brevo else back]
        if self.workspace.config.send.bounces is not None:
            told.append(_("send.bounces does nothing with {transport}").format(transport=self.address))
        if self.address.scheme == "graph":
            told.append(_("each message stays in the Sent Items of the mailbox"))
        if self.address.scheme == "brevo":
            told += self._brevo_notes()
        return tuple(told)

    def _brevo_notes(self) -> list[str]:
        told = [
            _(
                "Brevo counts who opens and who clicks, by a picture and by links of its own, and no message can "
                "forbid it: have it switched off, or made anonymous, in the Brevo account, and look at a proof that "
                "has arrived"
            ),
            _(
                "Brevo writes each message anew: text, HTML, subject, sender, Reply-To and the fields of a list are "
                "those you see here; Date, Message-ID and the signature are Brevo’s"
            ),
        ]
        if self.workspace.config.send.dkim.selector is not None:
            told.append(_("send.dkim does nothing with {transport}").format(transport=self.address))
        return told

    def permit_secrets(self) -> None:
        """May the password go there, may a command be asked for it? None is read. Raises `NotTrusted`."""
        if self.source is not None and not self.is_embedded:
            self.workspace.permitted(self.source.command_key, self.source.command)
            if not self.is_own_word and self.source.is_there:
                self.workspace.permit_secret(mail_use(self.workspace, self.address))

    def open(self) -> Transport:
        """The transport; nothing is asked of a server yet. Raises `TransportError`."""
        if self.address.is_service:
            from newsletter_cli.deliver.https.transport import HttpsTransport

            return HttpsTransport(*self._service())
        options, root = self.workspace.config.send.smtp, self.workspace.root
        return open_transport(self.address, options, root=root, login=self._login, ca_file=self.ca_file)

    def probe(self) -> Seen | None:
        """What the mail server shows of itself, without sending; `None` for a folder. Raises `TransportError`."""
        if self.address.is_service:
            from newsletter_cli.deliver.https.transport import probe

            return probe(*self._service())
        return probe_transport(self.address, self.workspace.config.send.smtp, login=self._login, ca_file=self.ca_file)

    @property
    def _login(self) -> Login | None:
        smtp = self.workspace.config.send.smtp
        return None if smtp.user is None else Login(user=smtp.user, auth=smtp.auth, secret=self.secret)

    def _service(self) -> tuple[Place, Service]:
        options = self.workspace.config.send.service
        return open_service(self.address, options, secret=self.secret, ca_file=self.ca_file)


def choose_transport(workspace: Workspace, override: str | None) -> ChosenTransport:
    """The transport that the option, the environment or the configuration names. Raises `TransportError`."""
    said = override or os.environ.get(TRANSPORT_VARIABLE)
    address = parse_transport_url(said or workspace.config.send.transport)

    def secret() -> str:
        assert chosen.source is not None
        chosen.permit_secrets()
        return chosen.source.read(workspace)

    chosen = ChosenTransport(
        address=address,
        source=secret_source(workspace, address),
        secret=Secret(secret),
        ca_file=_trusted(workspace, address),
        workspace=workspace,
        is_own_word=bool(said),
    )
    return chosen


def secret_source(workspace: Workspace, address: TransportAddress) -> SecretSource | None:
    """Where the password or key for this transport comes from; `None` where nobody logs in."""
    send = workspace.config.send
    if address.is_service:
        service = send.service
        return SecretSource(
            what=_("the mail service’s key"),
            env=service.key_env,
            command=service.key_command,
            command_key="send.service.key_command",
            keyring=service.key_keyring,
            user=service.mailbox,
            user_key="send.service.mailbox",
        )
    if send.smtp.user is None:
        return None
    return SecretSource(
        what=_("the mail server’s password"),
        env=send.smtp.password_env,
        command=send.smtp.password_command,
        command_key="send.smtp.password_command",
        keyring=send.smtp.password_keyring,
        user=send.smtp.user,
        user_key="send.smtp.user",
    )


def _trusted(workspace: Workspace, address: TransportAddress) -> Path | None:
    send = workspace.config.send
    key = "send.service.ca_file" if address.is_service else "send.smtp.ca_file"
    name = send.service.ca_file if address.is_service else send.smtp.ca_file
    return None if name is None else configured_path(workspace.root, name, TransportError, key=key)


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
