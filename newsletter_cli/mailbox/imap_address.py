"""The address of a mailbox: `imaps://USER@HOST:PORT/FOLDER`, without a password."""

from __future__ import annotations

import ipaddress
import re
from typing import Literal, cast
from urllib.parse import unquote

from msgspec import Struct

from newsletter_cli.base.domains import is_loopback
from newsletter_cli.base.errors import MailboxError
from newsletter_cli.base.i18n import _

IMAPS_PORT = 993
IMAP_PORT = 143
SCHEMES = ("imap", "imaps")
INBOX = "INBOX"
HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?")
EXAMPLE = "imaps://lettre@imap.example.org/INBOX"


class ImapAddress(Struct, frozen=True, kw_only=True):
    """A mailbox over IMAP. `user` may be empty; `folder` is named as people write it, its parts with `/` between them,
    and empty where none is.
    """

    scheme: Literal["imap", "imaps"]
    user: str
    host: str
    port: int
    folder: str

    @property
    def server(self) -> str:
        """Scheme, host and port: nobody's name."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"

    def __str__(self) -> str:
        """As it may be shown: without the user, whose address it mostly is."""
        return f"{self.server}/{self.folder or INBOX}"

    @property
    def is_tls_at_once(self) -> bool:
        """`imaps://`."""
        return self.scheme == "imaps"

    @property
    def demands_starttls(self) -> bool:
        """Nothing is said before STARTTLS, but to this machine itself."""
        return not self.is_tls_at_once and not is_loopback(self.host)


def is_imap_url(text: str) -> bool:
    """Whether a text means to be the address of a mailbox."""
    return text.strip().partition(":")[0].lower() in SCHEMES


def parse_imap_url(text: str) -> ImapAddress:
    """The mailbox that a text means. Raises `MailboxError`, which does not show the text: it may hold a password.

    The user may be a whole address, with `@` or `%40`; `%20` and the like stand for what an address cannot hold.
    """
    scheme, _colon, rest = text.strip().partition(":")
    if scheme.lower() not in SCHEMES or not rest.startswith("//"):
        raise _faulty(_("this is no address of a mailbox"))
    before, slash, folder = rest[2:].partition("/")
    # A user's own address may hold the first @, a path never does.
    user, _at, server = before.rpartition("@")
    if ":" in user:
        raise MailboxError(
            _("a password does not belong in the address of a mailbox"),
            hint=_(
                "name who reads alone, {example}, and the password as mailbox.password_env says in newsletter.toml"
            ).format(example=EXAMPLE),
        )
    host, port = _parse_server(server)
    if port == 0:
        port = IMAPS_PORT if scheme.lower() == "imaps" else IMAP_PORT
    return ImapAddress(
        scheme=cast('Literal["imap", "imaps"]', scheme.lower()),
        user=_plain(user),
        host=host,
        port=port,
        folder=_plain(folder.rstrip("/")) if slash else "",
    )


def _parse_server(server: str) -> tuple[str, int]:
    """Host and port, 0 where none is named."""
    bracketed = re.fullmatch(r"\[([0-9A-Fa-f:.]+)\](?::(\d{1,5}))?", server)
    named = bracketed or re.fullmatch(r"([^:]*)(?::(\d{1,5}))?", server)
    if named is None:
        raise _faulty(_("the address of the mailbox has no right host and port"))
    host, port = named[1], int(named[2] or 0)
    if bracketed:
        try:
            ipaddress.IPv6Address(host)
        except ValueError:
            raise _faulty(_("the address of the mailbox has no right host and port")) from None
    elif not HOST.fullmatch(host):
        raise _faulty(_("the address of the mailbox has no right host and port"))
    if port > 65535 or (named[2] and not port):
        raise _faulty(_("the address of the mailbox has no right host and port"))
    return host, port


def _plain(text: str) -> str:
    plain = unquote(text)
    if not plain.isprintable():
        raise _faulty(_("the address of the mailbox holds signs that no name has"))
    return plain


def _faulty(message: str) -> MailboxError:
    return MailboxError(message, hint=_("for example {address}").format(address=EXAMPLE))
