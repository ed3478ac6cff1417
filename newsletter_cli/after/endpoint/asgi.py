"""The few things of ASGI that the endpoint speaks itself (https://asgi.readthedocs.io): its busiest way is short."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from starlette.responses import Response

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = tuple[tuple[bytes, bytes], ...]

# On every answer, whatever it is.
ALWAYS: Headers = (
    (b"cache-control", b"no-store"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-robots-tag", b"noindex, nofollow"),
    (b"cross-origin-resource-policy", b"same-origin"),
)
NOTHING_ALLOWED = (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'")
TEXT = (b"content-type", b"text/plain; charset=utf-8")


class TooLarge(Exception):
    """More was sent than anybody would."""


class Gone(Exception):
    """Whoever asked has left."""


async def answer(send: Send, status: int, body: bytes, headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Send a whole answer."""
    head = [*ALWAYS, *headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": body})


async def read_body(receive: Receive, most: int) -> bytes:
    """The body. Raises `TooLarge`, `Gone`."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        body: bytes = message.get("body", b"")
        if len(body) > most:
            raise TooLarge
        return body
    parts, length = [], 0
    while True:
        if message["type"] != "http.request":
            raise Gone
        parts.append(message.get("body", b""))
        length += len(parts[-1])
        if length > most:
            raise TooLarge
        if not message.get("more_body"):
            return b"".join(parts)
        message = await receive()


def response(status: int, body: bytes, *headers: tuple[bytes, bytes]) -> Response:
    """The same as an answer of Starlette's: a text that allows nothing, unless `headers` say otherwise."""
    from starlette.responses import Response

    given = {name for name, _value in headers}
    usual = [one for one in (TEXT, NOTHING_ALLOWED) if one[0] not in given]
    made = Response(body, status)
    made.raw_headers = [*ALWAYS, *usual, *headers, (b"content-length", str(len(body)).encode())]
    return made


def header(scope: Scope, name: bytes) -> bytes:
    """A header's value by its name in small letters; the first of several, empty for none."""
    for found, value in scope["headers"]:
        if found == name:
            return bytes(value)
    return b""
