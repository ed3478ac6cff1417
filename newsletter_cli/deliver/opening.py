"""From the text of a transport (`maildir:PATH`, `smtp://HOST:PORT`, `smtps://HOST`) to the transport itself."""

from __future__ import annotations

import ipaddress
import re
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast
from urllib.parse import urlsplit

from msgspec import Struct

from newsletter_cli.base.domains import is_loopback
from newsletter_cli.base.errors import TransportError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.strict import nearest
from newsletter_cli.deliver.smtp.server import Login, Server, SmtpOptions, read_server_trust

if TYPE_CHECKING:
    from newsletter_cli.deliver.smtp.connecting import Seen
    from newsletter_cli.deliver.transport import Transport

SUBMISSION_PORT = 587
SUBMISSIONS_PORT = 465
SMTP_PORT = 25
SCHEMES = ("maildir", "smtp", "smtps")
HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?")


class TransportAddress(Struct, frozen=True, kw_only=True):
    """Where messages go: a Maildir's `path`, as it was written, or a mail server's `host` and `port`."""

    scheme: Literal["maildir", "smtp", "smtps"]
    path: str = ""
    host: str = ""
    port: int = 0

    def __str__(self) -> str:
        if self.scheme == "maildir":
            return f"maildir:{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


def parse_transport_url(text: str) -> TransportAddress:
    """The address a text means. Raises `TransportError`.

    Without a port: 465 for `smtps`; for `smtp` 587, or 25 on this machine, where a mail server of its own listens.
    """
    scheme, colon, rest = text.strip().partition(":")
    scheme = scheme.lower()
    if not colon or scheme not in SCHEMES:
        raise _unknown_scheme(text.strip(), scheme, rest)
    return _parse_maildir(rest) if scheme == "maildir" else _parse_server(scheme, rest)


def open_transport(
    address: TransportAddress,
    options: SmtpOptions,
    *,
    root: Path,
    login: Login | None = None,
    ca_file: Path | None = None,
) -> Transport:
    """The transport at an address. A relative path of a folder begins at `root`.

    `login` and `ca_file` as for a `Server`. Nothing is connected yet and no folder is made. Raises `TransportError`.
    """
    if address.scheme == "maildir":
        from newsletter_cli.deliver.maildir import MaildirTransport

        return MaildirTransport(root / Path(address.path).expanduser(), str(address))
    from newsletter_cli.deliver.smtp.transport import SmtpTransport

    return SmtpTransport(_server(address, options, login, ca_file))


def probe_transport(
    address: TransportAddress, options: SmtpOptions, *, login: Login | None = None, ca_file: Path | None = None
) -> Seen | None:
    """What a mail server shows of itself when it is connected to, without sending; `None` for a Maildir.

    Raises `TransportError`.
    """
    if address.scheme == "maildir":
        return None
    from newsletter_cli.deliver.smtp.connecting import probe

    return probe(_server(address, options, login, ca_file), read_server_trust(ca_file))


def _server(address: TransportAddress, options: SmtpOptions, login: Login | None, ca_file: Path | None) -> Server:
    return Server(
        host=address.host,
        port=address.port,
        is_tls_at_once=address.scheme == "smtps",
        options=options,
        login=login,
        ca_file=ca_file,
    )


def _parse_maildir(rest: str) -> TransportAddress:
    # maildir:///srv/outbox is as good as maildir:/srv/outbox.
    path = rest[2:] if rest.startswith("///") else rest
    if not path or path.startswith("//"):
        raise TransportError(_("maildir: wants the path of a folder"), hint=_("for example maildir:state/outbox"))
    return TransportAddress(scheme="maildir", path=path)


def _parse_server(scheme: str, rest: str) -> TransportAddress:
    example = _("for example {scheme}://mail.example.org:{port}").format(
        scheme=scheme, port=SUBMISSIONS_PORT if scheme == "smtps" else SUBMISSION_PORT
    )
    if "@" in rest:
        # Not shown again: it may well hold the password.
        raise TransportError(
            _("a user or a password does not belong in the address of a mail server"),
            hint=_("set send.smtp.user in newsletter.toml, and the password as send.smtp.password_env says"),
        )
    try:
        parts = urlsplit(f"{scheme}:{rest}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise TransportError(
            _("{scheme}:{rest} has no right host and port").format(scheme=scheme, rest=rest), hint=example
        ) from None
    if not rest.startswith("//") or not _is_host(host) or port == 0 or parts.path.strip("/") or parts.query:
        raise TransportError(_("{scheme}:{rest} names no mail server").format(scheme=scheme, rest=rest), hint=example)
    if port is None:
        port = SUBMISSIONS_PORT if scheme == "smtps" else SMTP_PORT if is_loopback(host) else SUBMISSION_PORT
    return TransportAddress(scheme=cast('Literal["smtp", "smtps"]', scheme), host=host, port=port)


def _is_host(host: str) -> bool:
    if HOST.fullmatch(host):
        return True
    try:
        ipaddress.IPv6Address(host)
    except ValueError:
        return False
    return True


def _unknown_scheme(text: str, scheme: str, rest: str) -> TransportError:
    known = ", ".join(("maildir:PATH", "smtp://HOST:PORT", "smtps://HOST:PORT"))
    close = nearest(scheme, SCHEMES)
    if "@" in text:
        text = "…" + text.rpartition("@")[2]
    if close is not None:
        # Not the rest of a text that may hold a password.
        hint = _("did you mean {address}?").format(address=f"{close}:" + ("" if "@" in rest else rest))
    elif rest.isdigit():
        hint = _("did you mean {address}?").format(address=f"smtp://{text}")
    else:
        hint = _("it is one of: {known}").format(known=known)
    return TransportError(_("“{text}” is no transport that nl knows").format(text=text), hint=hint)
