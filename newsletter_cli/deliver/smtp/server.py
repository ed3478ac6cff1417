"""Which mail server, and how it is to be spoken to."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from msgspec import Struct

from newsletter_cli.base.domains import is_loopback
from newsletter_cli.base.errors import TransportError
from newsletter_cli.base.web.certificates import read_trust

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


def read_server_trust(ca_file: Path | None) -> ssl.SSLContext:
    """Whose certificates a mail server may have, `ca_file` besides the system's. Raises `TransportError`."""
    return read_trust(ca_file, key="send.smtp.ca_file", error=TransportError)
