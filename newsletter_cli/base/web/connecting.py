"""A connection to a server of the web: to an address that was judged, with its certificate verified."""

from __future__ import annotations

import contextlib
import socket
import time
from base64 import b64encode
from collections.abc import Mapping
from http.client import HTTPConnection, HTTPResponse
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from newsletter_cli.base.web.address import WebAddress
from newsletter_cli.base.web.certificates import system_trust
from newsletter_cli.base.web.reach import Lookup, Network, is_local_name, is_refused

if TYPE_CHECKING:
    import ssl
    from types import TracebackType

CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0


class NotConnected(Exception):
    """There is no connection; `cause` is a value of `asking.Cause`."""

    def __init__(self, cause: str, details: str = "") -> None:
        super().__init__(cause, details)
        self.cause = cause
        self.details = details


class Connection:
    """One request, one response. `interrupt` may be called by another thread."""

    def __init__(self, http: HTTPConnection, address: WebAddress, *, proxy_headers: Mapping[str, str] | None) -> None:
        self._http = http
        self._address = address
        # Of a proxy that is asked in the clear, with the whole address; else `None`.
        self._proxy_headers = proxy_headers

    def request(self, headers: Mapping[str, str], *, method: str = "GET", body: bytes | None = None) -> HTTPResponse:
        """Ask for the page, or send it. Raises `OSError`, `HTTPException`."""
        address = self._address
        target = address.path + (f"?{address.query}" if address.query else "")
        if self._proxy_headers is not None:
            target = f"{address.scheme}://{_host(address)}{target}"
        self._http.putrequest(method, target, skip_host=True, skip_accept_encoding=True)
        for name, value in ({"Host": _host(address)} | dict(headers) | dict(self._proxy_headers or {})).items():
            self._http.putheader(name, value)
        if body is not None:
            self._http.putheader("Content-Length", str(len(body)))
        self._http.endheaders(body)
        return self._http.getresponse()

    def interrupt(self) -> None:
        """Whatever waits for the server waits no longer."""
        sock = self._http.sock
        if sock is not None:
            with contextlib.suppress(OSError):
                # The plain one: that of TLS forgets its keys, and what follows would be read in the clear.
                socket.socket.shutdown(sock, socket.SHUT_RDWR)

    def __enter__(self) -> Connection:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._http.close()


def open_connection(
    address: WebAddress,
    network: Network,
    *,
    allow_private: bool,
    deadline: float,
    trust: ssl.SSLContext | None = None,
) -> Connection:
    """Connect, to the very address that was judged. `trust`: whose certificates are believed, the system's by default.

    Raises `NotConnected`.
    """
    proxy = network.proxy_for(address)
    lookup = network.look_up(address.host)
    if not allow_private and (is_local_name(address.host) or (lookup.addresses and is_refused(address.host, lookup))):
        raise NotConnected("private")
    if proxy is not None:
        return _by_proxy(address, proxy, deadline, trust)
    if not lookup.addresses:
        raise NotConnected("no such host" if lookup.is_definite else "lookup failed")
    sock = _connected(lookup, address.effective_port, deadline)
    http = HTTPConnection(address.host, address.effective_port)
    http.sock = _secured(sock, address, trust) if address.scheme == "https" else sock
    return Connection(http, address, proxy_headers=None)


def _host(address: WebAddress) -> str:
    """For the header: no password of the address goes along."""
    return address.netloc.removeprefix(address.user)


def _connected(lookup: Lookup, port: int, deadline: float) -> socket.socket:
    """A socket to the first of the addresses that opens."""
    reason = ""
    for one in lookup.addresses:
        left = deadline - time.monotonic()
        if left <= 0:
            raise NotConnected("too slow")
        try:
            sock = socket.create_connection((one, port), timeout=min(CONNECT_SECONDS, left))
        except OSError as error:
            reason = error.strerror or type(error).__name__
            continue
        sock.settimeout(READ_SECONDS)
        return sock
    raise NotConnected("no connection", reason)


def _secured(sock: socket.socket, address: WebAddress, trust: ssl.SSLContext | None) -> socket.socket:
    import ssl

    try:
        return (trust or system_trust()).wrap_socket(sock, server_hostname=address.host)
    except ssl.SSLCertVerificationError as error:
        sock.close()
        raise NotConnected("certificate", error.verify_message) from None
    except OSError as error:
        sock.close()
        raise NotConnected("no connection", type(error).__name__) from None


def _by_proxy(address: WebAddress, proxy: str, deadline: float, trust: ssl.SSLContext | None) -> Connection:
    """Through the proxy that the environment names, which alone knows the names beyond it."""
    parts = urlsplit(proxy if "://" in proxy else f"http://{proxy}")
    if parts.scheme != "http" or parts.hostname is None:
        raise NotConnected("no connection", f"proxy {parts.scheme}://")
    headers = {}
    if parts.username is not None:
        login = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Proxy-Authorization"] = f"Basic {b64encode(login.encode()).decode()}"
    left = max(0.1, deadline - time.monotonic())
    http = HTTPConnection(parts.hostname, parts.port or 80, timeout=min(CONNECT_SECONDS, left))
    is_tunnel = address.scheme == "https"
    if is_tunnel:
        http.set_tunnel(address.host, address.effective_port, headers=headers)
    try:
        http.connect()
    except OSError as error:
        http.close()
        raise NotConnected("no connection", type(error).__name__) from None
    assert http.sock is not None
    http.sock.settimeout(READ_SECONDS)
    if is_tunnel:
        http.sock = _secured(http.sock, address, trust)
    return Connection(http, address, proxy_headers=None if is_tunnel else headers)
