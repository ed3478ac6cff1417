"""Where a service is, and how its door is opened: TLS that is verified, through the proxy that the system names."""

from __future__ import annotations

import base64
import http.client
import socket
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from newsletter_cli.base.errors import TransportError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.reasons import system_reason
from newsletter_cli.base.web.certificates import read_trust, untrusted
from newsletter_cli.deliver.secrets import Secret

HTTPS_PORT = 443
KEYS = {"address_key": "send.transport", "ca_key": "send.service.ca_file"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A service's host and port; `secret` is its key or token. `ca_file` holds certificates (PEM) that are trusted
    besides the system's. `timeout_seconds`: how long an answer may take.
    """

    scheme: str
    host: str
    port: int
    secret: Secret = field(repr=False)
    ca_file: Path | None
    timeout_seconds: float

    @property
    def name(self) -> str:
        """As in `send.transport`, without a secret."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + (f":{self.port}" if self.port != HTTPS_PORT else "")


class CannotReach(Exception):
    """The service was not spoken to. `is_for_good`: trying again would change nothing; `hint`: what may."""

    def __init__(self, reason: str, *, hint: str | None = None, is_for_good: bool = False):
        super().__init__(reason)
        self.hint = hint
        self.is_for_good = is_for_good


def read_service_trust(ca_file: Path | None) -> ssl.SSLContext:
    """Whose certificates the service may have, `ca_file` besides the system's. Raises `TransportError`."""
    return read_trust(ca_file, key="send.service.ca_file", error=TransportError)


def reach(place: Place, trust: ssl.SSLContext) -> http.client.HTTPSConnection:
    """A connection to the service, verified, before anything is asked. Raises `CannotReach`."""
    proxy = _proxy(place.host)
    host, port = (place.host, place.port) if proxy is None else (proxy.hostname or "", proxy.port or 8080)
    connection = http.client.HTTPSConnection(host, port, timeout=place.timeout_seconds, context=trust)
    if proxy is not None:
        connection.set_tunnel(place.host, place.port, headers=_proxy_login(proxy.username, proxy.password))
    try:
        connection.connect()
    except ssl.SSLCertVerificationError as error:
        connection.close()
        reason, hint = untrusted(error, **KEYS)
        text = _("its certificate is not trusted: {reason}").format(reason=reason)
        raise CannotReach(text, hint=hint, is_for_good=True) from None
    except TimeoutError:
        connection.close()
        raise CannotReach(_("it does not answer in time")) from None
    except (OSError, http.client.HTTPException) as error:
        connection.close()
        through = _("{reason} (through the proxy {host})").format(reason=reason_of(error), host=host)
        raise CannotReach(reason_of(error) if proxy is None else through) from None
    connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def reason_of(error: OSError | http.client.HTTPException) -> str:
    """What went wrong on the way, in words."""
    if isinstance(error, http.client.RemoteDisconnected):
        return _("the connection is closed")
    return (
        system_reason(error)
        if isinstance(error, OSError)
        else _("its answer is no HTTP: {reason}").format(reason=type(error).__name__)
    )


def _proxy(host: str) -> SplitResult | None:
    """The proxy that the environment or the system names for this host; `None` where it is reached directly."""
    said = getproxies().get("https")
    return None if not said or proxy_bypass(host) else urlsplit(said if "://" in said else f"http://{said}")


def _proxy_login(user: str | None, password: str | None) -> dict[str, str]:
    if not user:
        return {}
    known = f"{unquote(user)}:{unquote(password or '')}".encode()
    return {"Proxy-Authorization": f"Basic {base64.b64encode(known).decode('ascii')}"}
