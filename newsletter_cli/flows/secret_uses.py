"""Where the configuration sends secrets of whoever runs `nl`: to Grist, to a database, to a mail server, to a mailbox.

An address in `newsletter.toml` may be anybody's, so each is trusted like a command: `Workspace.permit_secret`. What a
person says themselves, by an option or in the environment, is their word and wants no trust.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from newsletter_cli.base.domains import is_this_machine
from newsletter_cli.base.errors import ListError, TransportError
from newsletter_cli.base.i18n import _
from newsletter_cli.config.chat_settings import RemindSettings, usual_variable
from newsletter_cli.deliver.opening import TransportAddress, parse_transport_url
from newsletter_cli.flows.webhook import webhook_use
from newsletter_cli.mailbox.imap_address import ImapAddress, parse_imap_url
from newsletter_cli.workspace.folder import SecretUse, Workspace
from newsletter_cli.workspace.inside import is_inside

SQLITE = ("sqlite", "sqlite+pysqlite")
IN_MEMORY = ("", ":memory:")


def configured_uses(workspace: Workspace) -> Iterator[SecretUse]:
    """All that the configuration as it stands would need."""
    source = workspace.config.list.source
    if source == "grist":
        yield grist_use(workspace)
    if source == "sql" and (use := sql_use(workspace)) is not None:
        yield use
    if (read := languagetool_use(workspace)) is not None:
        yield read
    if (mailbox := workspace.config.mailbox.url) is not None:
        yield mailbox_use(workspace, parse_imap_url(mailbox))
    if (endpoint := endpoint_use(workspace)) is not None:
        yield endpoint
    if (ledger := ledger_use(workspace)) is not None:
        yield ledger
    yield from chat_uses(workspace)
    if workspace.config.site.folder is not None:
        # Nearly nobody else needs to know what a site is.
        from newsletter_cli.flows.publishing.where import site_use

        if (site := site_use(workspace)) is not None:
            yield site
    try:
        address = parse_transport_url(workspace.config.send.transport)
    except TransportError:
        # A send says what is wrong with it.
        return
    if (sent := mail_use(workspace, address)) is not None:
        yield sent


def grist_use(workspace: Workspace) -> SecretUse:
    """The key goes to the server."""
    settings = workspace.config.list.grist
    return SecretUse(
        key="list.grist.url", words=("key_command" if settings.key_command else settings.key_env, settings.url)
    )


def sql_use(workspace: Workspace) -> SecretUse | None:
    """The query is asked with all that this user may do there; `None` for SQLite, where a query only reads.

    A server of the configuration may get what the user's environment or settings keep for it (PGPASSWORD, `.pgpass`).
    """
    settings = workspace.config.list.sql
    if settings.url_command:
        where = "url_command"
    elif url := os.environ.get(settings.url_env, "").strip():
        where = settings.url_env
        if is_sqlite(url):
            return None
    elif settings.url is None or is_sqlite(settings.url):
        return None
    else:
        where = settings.url
    return SecretUse(key="list.sql.query", words=(where, settings.query or ""))


def ledger_use(workspace: Workspace) -> SecretUse | None:
    """The password that libpq finds goes to the server of the ledger, and so does the list; `None` on this machine, or
    where the ledger is a file.
    """
    url = workspace.config.send.ledger
    if url is None or is_this_machine(urlsplit(url).hostname or "localhost"):
        return None
    return SecretUse(key="send.ledger", words=("PGPASSWORD, .pgpass", url))


def languagetool_use(workspace: Workspace) -> SecretUse | None:
    """Texts that are not out yet go to the server; `None` where that is on this machine."""
    url = workspace.config.check.language.languagetool
    if url is None or is_this_machine(urlsplit(url).hostname or ""):
        return None
    return SecretUse(key="check.language.languagetool", words=("texts", url))


def mail_use(workspace: Workspace, address: TransportAddress) -> SecretUse | None:
    """The password, or the key, goes to the mail server or service; `None` where nobody logs in."""
    smtp, service = workspace.config.send.smtp, workspace.config.send.service
    if address.is_service:
        secret, command, command_key = service.key_env, service.key_command, "key_command"
        keyring, user, ca_file = service.key_keyring, service.mailbox, service.ca_file
    elif address.scheme != "maildir" and smtp.user is not None:
        secret, command, command_key = smtp.password_env, smtp.password_command, "password_command"
        keyring, user, ca_file = smtp.password_keyring, smtp.user, smtp.ca_file
    else:
        return None
    if command:
        secret = command_key
    elif keyring is not None:
        secret = f"{keyring} ({user})"
    # Whose word is taken for who the server is, and whether anybody on the way can listen, belongs to it.
    more = (f"ca_file={ca_file}",) if ca_file is not None else ()
    return SecretUse(key="send.transport", words=(secret, str(address), *more))


def mailbox_use(workspace: Workspace, address: ImapAddress) -> SecretUse:
    """The password goes to the server of the mailbox."""
    settings = workspace.config.mailbox
    secret = settings.password_env
    if settings.password_command:
        secret = "password_command"  # noqa: S105 - its key
    elif settings.password_keyring is not None:
        secret = f"{settings.password_keyring} ({address.user})"
    more = (f"ca_file={settings.ca_file}",) if settings.ca_file is not None else ()
    return SecretUse(key="mailbox.url", words=(secret, address.server, *more))


def endpoint_use(workspace: Workspace) -> SecretUse | None:
    """Who may fetch the log says so to the endpoint; `None` where that is on this machine, or there is none."""
    settings = workspace.config.endpoint
    if settings.url is None or is_this_machine(urlsplit(settings.url).hostname or ""):
        return None
    more = (f"ca_file={settings.ca_file}",) if settings.ca_file is not None else ()
    return SecretUse(key="endpoint.url", words=("nl sync --key", settings.url, *more))


def chat_uses(workspace: Workspace) -> Iterator[SecretUse]:
    """The addresses of chats, where this workspace's texts are posted."""
    uses = [webhook_use("remind", workspace.config.remind, RemindSettings().webhook_env)]
    for network, settings in workspace.config.announce.chats().items():
        uses.append(webhook_use(f"announce.{network}", settings, usual_variable(network)))
    yield from (use for use in uses if use is not None)


def is_sqlite(url: str) -> bool:
    """Whether it is a file here, or the memory, with the driver that Python brings."""
    return url.partition(":")[0].lower() in SQLITE


def own_sqlite_url(workspace: Workspace, url: str) -> str:
    """The `sqlite:` URL of the configuration, its file seen from the workspace, in which it must lie. Raises
    `ListError`.
    """
    import sqlalchemy

    try:
        parsed = sqlalchemy.make_url(url)
    except (sqlalchemy.exc.ArgumentError, ValueError):
        # Whoever opens it says so.
        return url
    name = parsed.database or ""
    if name in IN_MEMORY and not parsed.query:
        return url
    # With `file:` and options a path means something else to SQLite than it does here.
    path = Path(os.path.normpath(workspace.root / name))
    if parsed.query or name.startswith("file:") or not is_inside(workspace.root, workspace.root / name):
        raise ListError(
            _("[list.sql] url leads out of the workspace, and is not read: {url}").format(url=url),
            file="newsletter.toml",
            hint=_("name a file of the workspace, sqlite:///members.db; or say it yourself: {variable}").format(
                variable=workspace.config.list.sql.url_env
            ),
        )
    # SQLite would make an empty one, and say that there is no table.
    if not path.is_file():
        raise ListError(_("there is no such file"), file=workspace.name_of(path), hint=_("look at [list.sql] url"))
    return parsed.set(database=str(path)).render_as_string(hide_password=False)
