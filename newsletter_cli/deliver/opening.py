"""From the text of a transport (`maildir:PATH`, `smtp://HOST:PORT`, `lasuite://HOST`…) to the transport itself."""

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
    from newsletter_cli.deliver.https.place import Place
    from newsletter_cli.deliver.https.service import Service, ServiceOptions
    from newsletter_cli.deliver.secrets import Secret
    from newsletter_cli.deliver.smtp.connecting import Seen
    from newsletter_cli.deliver.transport import Transport

SUBMISSION_PORT = 587
SUBMISSIONS_PORT = 465
SMTP_PORT = 25
HTTPS_PORT = 443
SERVICES = ("lasuite", "graph", "brevo")
SCHEMES = ("maildir", "smtp", "smtps", *SERVICES)
EXAMPLES = {
    "smtp": f"smtp://mail.example.org:{SUBMISSION_PORT}",
    "smtps": f"smtps://mail.example.org:{SUBMISSIONS_PORT}",
    "lasuite": "lasuite://messages.example.org",
    "graph": "graph://graph.microsoft.com",
    "brevo": "brevo://api.brevo.com",
}
HOST = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_.])?")


class TransportAddress(Struct, frozen=True, kw_only=True):
    """Where messages go: a Maildir's `path`, as it was written, or a server's `host` and `port`."""

    scheme: Literal["maildir", "smtp", "smtps", "lasuite", "graph", "brevo"]
    path: str = ""
    host: str = ""
    port: int = 0

    def __str__(self) -> str:
        if self.scheme == "maildir":
            return f"maildir:{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        is_usual = self.is_service and self.port == HTTPS_PORT
        return f"{self.scheme}://{host}" + ("" if is_usual else f":{self.port}")

    @property
    def is_service(self) -> bool:
        """Whether it is a mail service that is spoken to over HTTPS."""
        return self.scheme in SERVICES


def parse_transport_url(text: str) -> TransportAddress:
    """The address a text means. Raises `TransportError`.

    Without a port: 465 for `smtps`; for `smtp` 587, or 25 on this machine, where a mail server of its own listens.
    """
    scheme, colon, rest = text.strip().partition(":")
    scheme = scheme.lower()
    if not colon or scheme not in SCHEMES:
        raise _unknown_scheme(text.strip(), scheme, rest)
    return _parse_maildir(rest) if scheme == "maildir" else _parse_server(scheme, rest)


def open_service(
    address: TransportAddress, options: ServiceOptions, *, secret: Secret, ca_file: Path | None
) -> tuple[Place, Service]:
    """Where a mail service is, and how it is spoken to. Raises `TransportError` where an option that it needs lacks."""
    from newsletter_cli.deliver.https.place import Place

    place = Place(
        scheme=address.scheme,
        host=address.host,
        port=address.port,
        secret=secret,
        ca_file=ca_file,
        timeout_seconds=options.timeout_seconds,
    )
    if address.scheme == "graph":
        from newsletter_cli.deliver.https.services.graph import Graph

        return place, Graph(mailbox=_needed(options.mailbox, "mailbox", address))
    if address.scheme == "brevo":
        from newsletter_cli.deliver.https.services.brevo import Brevo

        return place, Brevo()
    from newsletter_cli.deliver.https.services.lasuite import LaSuite

    channel, mailbox = _needed(options.channel, "channel", address), _needed(options.mailbox, "mailbox", address)
    return place, LaSuite(mailbox=mailbox, channel=channel)


def _needed(value: str | None, key: str, address: TransportAddress) -> str:
    if value is None:
        raise TransportError(
            _("{transport} needs send.service.{key}, and it is not set").format(transport=address, key=key),
            file="newsletter.toml",
            hint=f'[send.service]\n{key} = "…"',
        )
    return value


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
    example = _("for example {address}").format(address=EXAMPLES[scheme])
    if "@" in rest:
        # Not shown again: it may well hold the password.
        raise TransportError(
            _("a user or a password does not belong in the address of a mail server"),
            hint=_("set send.smtp.user in newsletter.toml, and the password as send.smtp.password_env says")
            if scheme not in SERVICES
            else _("the key goes where send.service.key_env says"),
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
        port = HTTPS_PORT if scheme in SERVICES else SUBMISSIONS_PORT if scheme == "smtps" else 0
        port = port or (SMTP_PORT if is_loopback(host) else SUBMISSION_PORT)
    return TransportAddress(
        scheme=cast('Literal["smtp", "smtps", "lasuite", "graph", "brevo"]', scheme), host=host, port=port
    )


def _is_host(host: str) -> bool:
    if HOST.fullmatch(host):
        return True
    try:
        ipaddress.IPv6Address(host)
    except ValueError:
        return False
    return True


def _unknown_scheme(text: str, scheme: str, rest: str) -> TransportError:
    known = ", ".join(("maildir:PATH", "smtp://HOST:PORT", "smtps://HOST:PORT", *(f"{one}://HOST" for one in SERVICES)))
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
