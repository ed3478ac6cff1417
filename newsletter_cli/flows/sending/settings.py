"""`[send]`, the environment and options → what `deliver/` is given."""

from __future__ import annotations

import os
from dataclasses import dataclass

from newsletter_cli.deliver.opening import Address, open_transport, parse_transport_url
from newsletter_cli.deliver.pacing.rules import DEFAULT_RULES, PaceBook, PaceRule
from newsletter_cli.deliver.secrets import Secret, read_send_secret
from newsletter_cli.deliver.smtp.server import Login, SmtpOptions
from newsletter_cli.deliver.transport import Transport
from newsletter_cli.i18n import _
from newsletter_cli.workspace.folder import Workspace

TRANSPORT_VARIABLE = "NL_TRANSPORT"


@dataclass(frozen=True, slots=True)
class ChosenTransport:
    """Where messages go, and how that is opened."""

    address: Address
    options: SmtpOptions
    connections: int
    workspace: Workspace

    @property
    def is_embedded(self) -> bool:
        """Whether messages go into a folder, and nothing leaves the machine."""
        return self.address.scheme == "maildir"

    def open(self) -> Transport:
        """The transport; nothing is asked of a server yet. Raises `TransportError`."""
        return open_transport(self.address, self.options, root=self.workspace.root)


def choose_transport(workspace: Workspace, override: str | None) -> ChosenTransport:
    """The transport that the option, the environment or the configuration names. Raises `TransportError`."""
    settings = workspace.config.send
    text = override or os.environ.get(TRANSPORT_VARIABLE) or settings.transport
    return ChosenTransport(parse_transport_url(text), smtp_options(workspace), settings.smtp.connections, workspace)


def smtp_options(workspace: Workspace) -> SmtpOptions:
    """How a mail server is spoken to; the password is read when it is needed."""
    smtp = workspace.config.send.smtp
    login = (
        None
        if smtp.user is None
        else Login(user=smtp.user, auth=smtp.auth, secret=Secret(lambda: _password(workspace)))
    )
    return SmtpOptions(
        login=login,
        starttls=smtp.starttls,
        ca_file=None if smtp.ca_file is None else workspace.root / smtp.ca_file,
        hello=smtp.hello,
        messages_per_connection=smtp.messages_per_connection,
        timeout_seconds=smtp.timeout_seconds,
        final_timeout_seconds=smtp.final_timeout_seconds,
        may_pipeline=smtp.pipelining,
    )


def _password(workspace: Workspace) -> str:
    smtp = workspace.config.send.smtp
    return read_send_secret(
        _("the mail server’s password"),
        variable=smtp.password_env,
        command=workspace.permitted("send.smtp.password_command", smtp.password_command),
        keyring_service=smtp.password_keyring,
        user=smtp.user or "",
    )


def pace_book(workspace: Workspace) -> PaceBook:
    """The pacing rules: those of the configuration, else the shipped ones."""
    rules = tuple(
        PaceRule(name=one.name, domains=one.domains, connections=one.connections, per_minute=one.per_minute)
        for one in workspace.config.send.pace
    )
    return PaceBook(rules or DEFAULT_RULES)
