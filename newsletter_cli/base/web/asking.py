"""Asking a server of the web for something small: within bounds of size and time, and never inside the local network.

A name is looked up once, and what was judged is what is connected to: a name that leads elsewhere a moment later (DNS
rebinding) changes nothing. Each address that a redirect names is judged as the first was.
"""

from __future__ import annotations

import threading
import time
import zlib
from collections.abc import Mapping
from enum import Enum
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from msgspec import Struct

from newsletter_cli.base.web.address import WebAddress, parse_address
from newsletter_cli.base.web.connecting import Connection, NotConnected, open_connection
from newsletter_cli.base.web.reach import Internet, Network

if TYPE_CHECKING:
    import ssl

# Says who asks.
USER_AGENT = "Mozilla/5.0 (compatible; newsletter-cli)"
# Packed, a text has another version (`ETag`) than as it is.
USUAL = {"User-Agent": USER_AGENT, "Accept-Encoding": "identity", "Connection": "close"}
MOST_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)
CHUNK_BYTES = 64 * 1024


class Limits(Struct, frozen=True, kw_only=True):
    """How much is read, unpacked, and how long an answer may take with all its redirects."""

    size_bytes: int
    seconds: float


class Cause(Enum):
    """Why there is no answer."""

    NOT_AN_ADDRESS = "not an address"
    PRIVATE = "private"
    NO_SUCH_HOST = "no such host"
    LOOKUP_FAILED = "lookup failed"
    NO_CONNECTION = "no connection"
    CERTIFICATE = "certificate"
    CUT_OFF = "cut off"
    TOO_SLOW = "too slow"
    TOO_LARGE = "too large"
    REDIRECTS = "redirects"
    NOT_HTTP = "not HTTP"
    PACKED = "packed"


class NotAnswered(Exception):
    """There is no answer, or none that is whole. `address` is the one that was asked last."""

    def __init__(self, cause: Cause, address: str, details: str = "") -> None:
        super().__init__(f"{cause.value}: {address} {details}".rstrip())
        self.cause = cause
        self.address = address
        self.details = details


class Sending(Struct, frozen=True, kw_only=True):
    """What is asked, beyond the address: `headers` besides the usual ones, and a `body` to send."""

    method: str = "GET"
    headers: Mapping[str, str]
    body: bytes | None = None


class Answer(Struct, frozen=True, kw_only=True):
    """What came. `address` is the one that answered in the end; `headers` by their names in small letters.

    `body` is unpacked, and read for the status 200 only.
    """

    address: WebAddress
    status: int
    headers: Mapping[str, str]
    body: bytes
    is_redirected: bool

    @property
    def media_type(self) -> str:
        """As the server says it, in small letters, without parameters; empty where it says none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Asker(Struct, frozen=True, kw_only=True):
    """Who asks: by which network, whether the local one may be asked, too, and whose certificates are believed (the
    system's).
    """

    limits: Limits
    allow_private: bool = False
    network: Network | None = None
    trust: ssl.SSLContext | None = None

    def ask(self, url: str, *, accept: str = "*/*", limits: Limits | None = None) -> Answer:
        """The answer at an address, whatever its status. Raises `NotAnswered`."""
        bounds = limits or self.limits
        deadline = time.monotonic() + bounds.seconds
        address = _parsed(url)
        sending = Sending(headers={"Accept": accept})
        for step in range(MOST_REDIRECTS + 1):
            answer, target = self._ask_once(address, sending, bounds, deadline, is_redirected=step > 0)
            if target is None:
                return answer
            address = _parsed(urljoin(address.page, target))
        raise NotAnswered(Cause.REDIRECTS, address.page)

    def ask_there(self, url: str, headers: Mapping[str, str]) -> Answer:
        """The answer of just this address: nothing of what is asked goes where it leads on to. Raises `NotAnswered`."""
        deadline = time.monotonic() + self.limits.seconds
        answer, _target = self._ask_once(
            _parsed(url), Sending(headers=headers), self.limits, deadline, is_redirected=False
        )
        return answer

    def put(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """What a server says of a body that it is to keep at an address; sent nowhere else. Raises `NotAnswered`."""
        deadline = time.monotonic() + self.limits.seconds
        sending = Sending(method="PUT", headers=headers, body=body)
        answer, _target = self._ask_once(_parsed(url), sending, self.limits, deadline, is_redirected=False)
        return answer

    def _ask_once(
        self, address: WebAddress, sending: Sending, limits: Limits, deadline: float, *, is_redirected: bool
    ) -> tuple[Answer, str | None]:
        """The answer, and where it sends those who ask."""
        try:
            opened = open_connection(
                address,
                self.network or Internet(),
                allow_private=self.allow_private,
                deadline=deadline,
                trust=self.trust,
            )
        except NotConnected as error:
            raise NotAnswered(Cause(error.cause), address.page, error.details) from None
        with opened, _Watch(opened, deadline) as watch:
            try:
                found = self._read(opened, address, sending, limits, is_redirected=is_redirected)
            except NotAnswered:
                if watch.is_over:
                    raise NotAnswered(Cause.TOO_SLOW, address.page) from None
                raise
            # What was cut off within its headers looks like a whole answer.
            if watch.is_over:
                raise NotAnswered(Cause.TOO_SLOW, address.page)
            return found

    def _read(
        self, opened: Connection, address: WebAddress, sending: Sending, limits: Limits, *, is_redirected: bool
    ) -> tuple[Answer, str | None]:
        from http.client import HTTPException

        try:
            response = opened.request({**USUAL, **sending.headers}, method=sending.method, body=sending.body)
            headers = {name.lower(): value for name, value in response.getheaders()}
            target = headers.get("location") if response.status in REDIRECTS else None
            body = b""
            if response.status == 200:
                body = _unpacked(response, headers.get("content-encoding", ""), limits.size_bytes, address)
        except TimeoutError:
            raise NotAnswered(Cause.TOO_SLOW, address.page) from None
        except OSError as error:
            raise NotAnswered(Cause.CUT_OFF, address.page, type(error).__name__) from None
        # What http.client makes of bytes that are no HTTP, and of a body that ends too soon.
        except (HTTPException, ValueError) as error:
            is_short = type(error).__name__ in ("IncompleteRead", "RemoteDisconnected")
            cause = Cause.CUT_OFF if is_short else Cause.NOT_HTTP
            raise NotAnswered(cause, address.page, type(error).__name__) from None
        answer = Answer(
            address=address, status=response.status, headers=headers, body=body, is_redirected=is_redirected
        )
        return answer, target


class _Watch:
    """Ends a connection at its hour, whatever it is at: a server that sends a byte a second keeps nobody."""

    def __init__(self, opened: Connection, deadline: float) -> None:
        self._opened = opened
        self._timer = threading.Timer(max(0.0, deadline - time.monotonic()), self._end)
        self._timer.daemon = True
        self.is_over = False

    def _end(self) -> None:
        self.is_over = True
        self._opened.interrupt()

    def __enter__(self) -> _Watch:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()


def _parsed(url: str) -> WebAddress:
    try:
        return parse_address(url)
    except ValueError:
        raise NotAnswered(Cause.NOT_AN_ADDRESS, url) from None


def _unpacked(response: object, encoding: str, most_bytes: int, address: WebAddress) -> bytes:
    """The body, unpacked, never more of it than `most_bytes`, whatever it claims to be. Raises `NotAnswered`."""
    from http.client import HTTPResponse

    assert isinstance(response, HTTPResponse)
    kind = encoding.strip().lower()
    if kind not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise NotAnswered(Cause.PACKED, address.page, encoding)
    if kind in ("", "identity") and (response.length or 0) > most_bytes:
        raise NotAnswered(Cause.TOO_LARGE, address.page)
    unpacker = zlib.decompressobj(wbits=47) if kind not in ("", "identity") else None
    body = bytearray()
    while chunk := response.read1(CHUNK_BYTES):
        try:
            body += chunk if unpacker is None else unpacker.decompress(chunk, most_bytes - len(body) + 1)
        except zlib.error:
            raise NotAnswered(Cause.PACKED, address.page, encoding) from None
        if len(body) > most_bytes:
            raise NotAnswered(Cause.TOO_LARGE, address.page)
    # `read1` ends quietly where the connection does.
    if response.length or (unpacker is not None and body and not unpacker.eof):
        raise NotAnswered(Cause.CUT_OFF, address.page)
    return bytes(body)
