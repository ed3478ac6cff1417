"""`[mailbox]`, the environment and options → what `mailbox/` is given: a source of received messages, a connection."""

from __future__ import annotations

from pathlib import Path

from newsletter_cli.base.errors import MailboxError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.secret import read_from_command, read_from_environment, read_from_keyring
from newsletter_cli.base.values import replace
from newsletter_cli.base.web.certificates import read_trust
from newsletter_cli.flows.secret_uses import mailbox_use
from newsletter_cli.mailbox.imap import ImapSource
from newsletter_cli.mailbox.imap_address import ImapAddress, is_imap_url, parse_imap_url
from newsletter_cli.mailbox.imap_connection import ImapConnection, ImapLogin
from newsletter_cli.mailbox.opening import open_files
from newsletter_cli.mailbox.source import Source
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.inside import configured_path

# In place of a source: the mailbox that the configuration names.
CONFIGURED = "mailbox"


def open_source(workspace: Workspace, said: str, *, folder: Path) -> Source:
    """The source that somebody names; paths begin at `folder`, where they are. Nothing is connected yet.

    `mailbox` is the one of the configuration. Raises `MailboxError`, `NotTrusted`.
    """
    if is_imap_url(said):
        address = parse_imap_url(said)
        return ImapSource(open_connection(workspace, address, is_own_word=True), address.folder)
    if said.strip().lower() == CONFIGURED and not (folder / said).exists():
        address = configured_mailbox(workspace)
        return ImapSource(open_connection(workspace, address, is_own_word=False), address.folder)
    return open_files(said, folder)


def configured_mailbox(workspace: Workspace) -> ImapAddress:
    """The mailbox of the configuration. Raises `MailboxError` where none is named."""
    url = workspace.config.mailbox.url
    if url is None:
        raise MailboxError(
            _("no mailbox is configured"),
            file="newsletter.toml",
            hint=_('name it under [mailbox]: url = "imaps://USER@HOST/INBOX"'),
        )
    return parse_imap_url(url)


def open_connection(workspace: Workspace, address: ImapAddress, *, is_own_word: bool) -> ImapConnection:
    """A connection to a mailbox, opened on entering. `is_own_word`: a person names it on the command line; what the
    configuration names wants trust before a secret goes there. Without a user, the configured one of the same server.

    Raises `MailboxError`; reading the secret then, `NotTrusted`.
    """
    settings = workspace.config.mailbox
    if not address.user and settings.url is not None and parse_imap_url(settings.url).server == address.server:
        address = replace(address, user=parse_imap_url(settings.url).user)

    def secret() -> str:
        return _password(workspace, address, is_own_word=is_own_word)

    ca_file = None
    if settings.ca_file is not None:
        ca_file = configured_path(workspace.root, settings.ca_file, MailboxError, key="mailbox.ca_file")
    needs_trust = address.is_tls_at_once or address.demands_starttls
    return ImapConnection(
        address,
        ImapLogin(user=address.user, secret=secret, auth=settings.auth),
        trust=read_trust(ca_file, key="mailbox.ca_file", error=MailboxError) if needs_trust else None,
        timeout_seconds=settings.timeout_seconds,
    )


def _password(workspace: Workspace, address: ImapAddress, *, is_own_word: bool) -> str:
    settings, what = workspace.config.mailbox, _("the mailbox’s password")
    command = workspace.permitted("mailbox.password_command", settings.password_command)
    if not is_own_word:
        workspace.permit_secret(mailbox_use(workspace, address))
    if command is not None:
        return read_from_command(what, command, MailboxError)
    if settings.password_keyring is not None:
        return read_from_keyring(what, settings.password_keyring, address.user, MailboxError)
    return read_from_environment(what, settings.password_env, MailboxError)
