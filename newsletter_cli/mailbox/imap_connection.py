"""One connection to a mailbox over IMAP (RFC 9051, RFC 3501): opened safely, and what is done there.

On imapclient. A password goes nowhere before the way is encrypted and the server's certificate verified, but to this
machine itself.
"""

from __future__ import annotations

import contextlib
import ssl
from collections.abc import Callable, Iterator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Self

from msgspec import Struct

from newsletter_cli.base.errors import MailboxError
from newsletter_cli.base.i18n import _
from newsletter_cli.mailbox.imap_address import INBOX, ImapAddress
from newsletter_cli.mailbox.imap_failures import refused_login, told_failures

if TYPE_CHECKING:
    from imapclient import IMAPClient

# A machine that is there answers a SYN sooner.
CONNECT_SECONDS = 30.0
NEAR_FOLDERS = 12
# How mail readers call a folder where the server does not say what it is for (RFC 6154).
SPECIAL_NAMES = {
    "drafts": ("drafts", "brouillons", "draft", "entwürfe", "borradores", "bozze"),
    "junk": ("junk", "spam", "indésirables", "courrier indésirable", "junk e-mail", "pourriel"),
}


class ImapLogin(Struct, frozen=True, kw_only=True):
    """Who reads, and how; `secret` gives the password or an OAuth token when it is needed, and may raise."""

    user: str
    secret: Callable[[], str]
    auth: Literal["auto", "xoauth2"] = "auto"


class Folder(Struct, frozen=True, kw_only=True):
    """A folder as the server has it; `uses` are what it is for, in lower case without the backslash: `drafts`."""

    name: str
    delimiter: str
    uses: frozenset[str]


class ImapConnection:
    """A context manager: logged in on entering, logged out on leaving. Everything raises `MailboxError`."""

    def __init__(
        self, address: ImapAddress, login: ImapLogin, *, trust: ssl.SSLContext | None, timeout_seconds: float = 60.0
    ):
        self.address = address
        self._login = login
        self._trust = trust
        self._timeout_seconds = timeout_seconds
        self._connected: IMAPClient | None = None

    def __enter__(self) -> Self:
        try:
            with told_failures(self.address):
                self._connected = self._connect()
                self._encrypt()
            self._log_in()
        except BaseException:
            self._drop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        client, self._connected = self._connected, None
        if client is None:
            return
        # Whatever becomes of the farewell, the work is done; after a fault nobody may be listening.
        with contextlib.suppress(Exception):
            if error is None:
                client.logout()
                return
        with contextlib.suppress(Exception):
            client.shutdown()

    @property
    def client(self) -> IMAPClient:
        """imapclient's own connection."""
        assert self._connected is not None, "used inside its `with`"
        return self._connected

    def folders(self) -> list[Folder]:
        """All that may be opened."""
        with told_failures(self.address):
            listed: Sequence[Any] = self.client.list_folders()
        found = []
        for flags, delimiter, name in listed:
            marks = frozenset(mark.decode("ascii", "replace").lstrip("\\").lower() for mark in flags)
            if not marks & {"noselect", "nonexistent"}:
                found.append(
                    Folder(name=name, delimiter=delimiter.decode("ascii", "replace") if delimiter else "", uses=marks)
                )
        return found

    def special_folder(self, use: Literal["drafts", "junk", "sent", "all"]) -> str | None:
        """The folder for that: the one of which the server says so (RFC 6154), else the one that is called so."""
        folders = self.folders()
        for folder in folders:
            if use in folder.uses:
                return folder.name
        names = SPECIAL_NAMES.get(use, (use,))
        for folder in folders:
            last = folder.name.rpartition(folder.delimiter)[2] if folder.delimiter else folder.name
            if last.casefold() in names:
                return folder.name
        return None

    def find_folder(self, wanted: str) -> str:
        """The server's name of the folder that people call `wanted`, with `/` whatever its own delimiter is."""
        if not wanted or wanted.upper() == INBOX:
            return INBOX
        folders = self.folders()
        if any(folder.name == wanted for folder in folders):
            return wanted
        asked = wanted.casefold().removeprefix("inbox/")
        for folder in folders:
            name = folder.name.replace(folder.delimiter, "/") if folder.delimiter else folder.name
            if name.casefold().removeprefix("inbox/") == asked:
                return folder.name
        near = ", ".join(folder.name for folder in folders[:NEAR_FOLDERS]) + (
            "…" if len(folders) > NEAR_FOLDERS else ""
        )
        raise MailboxError(
            _("there is no folder “{folder}” in the mailbox").format(folder=wanted),
            hint=_("there are: {folders}").format(folders=near) if near else None,
        )

    def examine(self, folder: str) -> tuple[int, int]:
        """Open a folder by the server's name, to look only: no flag changes. How many messages, and UIDVALIDITY."""
        with told_failures(self.address):
            answer: Any = self.client.select_folder(folder, readonly=True)
            return int(answer[b"EXISTS"]), int(answer.get(b"UIDVALIDITY", 0))

    def append(self, folder: str, octets: bytes, *, flags: Sequence[bytes] = ()) -> None:
        """Put a message into a folder, by the server's name; lines end in CRLF there."""
        with told_failures(self.address):
            self.client.append(folder, octets, flags=flags)

    def _connect(self) -> IMAPClient:
        from imapclient import IMAPClient, SocketTimeout

        if self._login.user == "":
            raise MailboxError(
                _("it is not said who reads the mailbox"),
                hint=_("name the user in its address: {address}").format(address="imaps://USER@HOST/INBOX"),
            )
        seconds = self._timeout_seconds
        return IMAPClient(
            self.address.host,
            port=self.address.port,
            ssl=self.address.is_tls_at_once,
            ssl_context=self._trust,
            timeout=SocketTimeout(min(CONNECT_SECONDS, seconds), seconds),
        )

    def _encrypt(self) -> None:
        if not self.address.demands_starttls:
            return
        # A server that counts us as logged in already would have us speak in clear (PREAUTH, RFC 9051 §11.3).
        if self.client._imap.state != "NONAUTH" or not self.client.has_capability("STARTTLS"):
            raise MailboxError(
                _("{server} does not offer STARTTLS, so that no password can be sent to it safely").format(
                    server=self.address.server
                ),
                hint=_("somebody on the way may have taken it out; most servers have imaps:// on port 993"),
            )
        assert self._trust is not None
        self.client.starttls(self._trust)

    def _log_in(self) -> None:
        from imapclient.exceptions import LoginError

        with told_failures(self.address):
            capabilities = {one.decode("ascii", "replace").upper() for one in self.client.capabilities()}
        way = self._way_in(capabilities)
        secret = self._login.secret()
        with told_failures(self.address):
            try:
                way(self._login.user, secret)
            except LoginError as error:
                raise refused_login(error, self.address) from None

    def _way_in(self, capabilities: set[str]) -> Callable[[str, str], object]:
        if self._login.auth == "xoauth2":
            return self._offered("AUTH=XOAUTH2" in capabilities, self.client.oauth2_login, "XOAUTH2")
        # Its passwords may hold any letter; LOGIN's are ASCII.
        if "AUTH=PLAIN" in capabilities:
            way: Callable[[str, str], object] = self.client.plain_login
            return way
        return self._offered("LOGINDISABLED" not in capabilities, self.client.login, "PLAIN / LOGIN")

    def _offered(self, is_offered: bool, way: Callable[[str, str], object], name: str) -> Callable[[str, str], object]:
        if is_offered:
            return way
        raise MailboxError(
            _("{server} does not offer to log in with {way}").format(server=self.address.server, way=name),
            hint=_("look at mailbox.auth in newsletter.toml, and at the port"),
        )

    def _drop(self) -> None:
        client, self._connected = self._connected, None
        if client is not None:
            with contextlib.suppress(Exception):
                client.shutdown()


def windows(count: int, size: int) -> Iterator[tuple[int, int]]:
    """Numbers from `count` down to 1, `size` at a time, as (first, last)."""
    last = count
    while last > 0:
        first = max(1, last - size + 1)
        yield first, last
        last = first - 1
