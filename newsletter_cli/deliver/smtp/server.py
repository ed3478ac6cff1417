"""Which mail server, and how it is to be spoken to."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from msgspec import Struct

from newsletter_cli.base.errors import TransportError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.reasons import system_reason
from newsletter_cli.base.web.certificates import system_trust

if TYPE_CHECKING:
    import ssl

    from newsletter_cli.deliver.secrets import Secret

Auth = Literal["auto", "plain", "login", "xoauth2"]
StartTls = Literal["auto", "required", "never"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Login:
    """Who logs in, and how; `secret` is the password, or an OAuth token."""

    user: str
    secret: Secret = field(repr=False)
    auth: Auth = "auto"


class SmtpOptions(Protocol):
    """How a mail server is spoken to."""

    @property
    def starttls(self) -> StartTls:
        """`auto` demands STARTTLS unless the server is on a loopback address, where it is not used."""
        ...

    @property
    def hello(self) -> str | None:
        """The name given in EHLO; this machine's by default."""
        ...

    @property
    def messages_per_connection(self) -> int:
        """How many go over one connection, before a new one is opened."""
        ...

    @property
    def pipelining(self) -> bool:
        """Whether commands may be sent in one go where the server offers it (RFC 2920)."""
        ...

    @property
    def timeout_seconds(self) -> float:
        """How long one answer may take."""
        ...

    @property
    def final_timeout_seconds(self) -> float:
        """How long the answer to a whole message may take."""
        ...


class Server(Struct, frozen=True, kw_only=True):
    """A mail server; `is_tls_at_once` is `smtps://`. Without `login` nobody logs in. `ca_file` holds certificates (PEM)
    that are trusted besides the system's.
    """

    host: str
    port: int
    is_tls_at_once: bool
    options: SmtpOptions
    login: Login | None = None
    ca_file: Path | None = None

    @property
    def name(self) -> str:
        """As a URL: `smtp://mail.example.org:587`."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'smtps' if self.is_tls_at_once else 'smtp'}://{host}:{self.port}"

    @property
    def demands_starttls(self) -> bool:
        """Whether nothing is sent before STARTTLS."""
        if self.is_tls_at_once or self.options.starttls == "never":
            return False
        return self.options.starttls == "required" or not is_loopback(self.host)

    @property
    def may_see_secret(self) -> bool:
        """Whether a password is safe on the way: encrypted, or never leaving this machine."""
        return self.is_tls_at_once or self.demands_starttls or is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine by its very name."""
    if host.lower().rstrip(".") == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def read_trust(ca_file: Path | None) -> ssl.SSLContext:
    """Certificates and host names are verified, against the system's authorities and those in `ca_file`; where the
    system shows Python none (as python.org's installer leaves macOS), against Mozilla's.

    Raises `TransportError` where that file cannot be used.
    """
    import ssl

    context = system_trust()
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except OSError as error:
            reason = _("it holds no certificate") if isinstance(error, ssl.SSLError) else system_reason(error)
            raise TransportError(
                _("the certificates in send.smtp.ca_file cannot be read: {reason}").format(reason=reason),
                file=str(ca_file),
                hint=_("it must be a PEM file: -----BEGIN CERTIFICATE----- …"),
            ) from None
    return context
