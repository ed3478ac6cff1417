"""Who may ask the preview for what. It stands on the editor's machine, where every web page they visit can reach it.

- Bound to 127.0.0.1, and the `Host` must say so: a name that was led to 127.0.0.1 (DNS rebinding) is refused.
- Every path begins with a token that only the printed address has; whatever else is asked for does not exist.
- What another site's page asks for is refused, should it know the token (Fetch Metadata, W3C; `Origin`, RFC 6454).
- GET and HEAD change nothing. The few paths of `ACTS` do, and are open to POST alone, from the page itself: its
  `Origin` must be there, and JSON, which another site's form cannot send. They are told which of the proposals that
  `nl` itself made is chosen, never a text to write or a file to write it to.
- Paths are taken apart before they are decoded, so that an encoded slash or dot is never more than a strange name.
"""

from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from typing import Any
from urllib.parse import unquote_to_bytes

HOST = "127.0.0.1"
HOSTS = (HOST, "localhost")
METHODS = ("GET", "HEAD")
# What the page may have done, by the name behind the token.
ACTS = frozenset(("accept", "undo", "words"))
ACT_METHOD = "POST"
# The name of a finding and the number of a proposal: far more than they take.
ACT_BYTES = 2_000
TOKEN_BYTES = 32
HTTP_PORT = 80
# RFC 3986, 3.3, and what browsers leave as it is.
PATH = re.compile(rb"(?:/[A-Za-z0-9._~!$&'()*+,;=:@%|^\[\]-]*)+")
CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# https://www.w3.org/TR/fetch-metadata/; browsers that do not send it send nothing.
OWN_SITES = ("same-origin", "none")

NOTHING_ALLOWED = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# On every answer, whatever it is, unless the answer has its own.
HEADERS = {
    "content-security-policy": NOTHING_ALLOWED,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    # Else a browser looks the names of all links up while they are merely shown.
    "x-dns-prefetch-control": "off",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]


def new_token() -> str:
    """43 characters that nobody guesses, fit for an address."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def view_policy(files: str, *, has_images: bool = True, has_remote: bool = False) -> str:
    """The content policy of a rendering. `files` is the address (with host) under which the issue's files are served.

    Scripts, forms, plug-ins, frames, fonts and style sheets from anywhere: none. `allow-same-origin` without
    `allow-scripts`: nothing in the rendering ever runs, so it gains nothing by the page's origin, and the page may
    look into its frame, to keep the scroll place and lead to a finding.
    """
    images = "'none'" if not has_images else f"{files} https: http:" if has_remote else files
    return (
        f"default-src 'none'; img-src {images}; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'; sandbox allow-same-origin"
    )


# A file may hold a script (SVG) or be a page: alone in a tab it may do nothing either.
FILE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


def split_path(raw: bytes) -> list[str] | None:
    """The segments of a path as sent, each decoded once; `None` for a path that nobody here would ask for.

    The last is empty where the path ends in a slash.
    """
    if not PATH.fullmatch(raw):
        return None
    encoded = raw.split(b"/")[1:]
    try:
        segments = [unquote_to_bytes(one).decode() for one in encoded]
    except UnicodeDecodeError:
        return None
    return segments if all(map(_is_name, segments[:-1])) and (segments[-1] == "" or _is_name(segments[-1])) else None


def _is_name(segment: str) -> bool:
    return segment not in ("", ".", "..") and not CONTROL.search(segment) and "/" not in segment and "\\" not in segment


def is_own_host(hosts: Iterable[str], port: int) -> bool:
    """Whether the one `Host` that was sent names this server, by its number or as localhost."""
    own = {f"{name}:{port}" for name in HOSTS} | (set(HOSTS) if port == HTTP_PORT else set())
    found = [host.lower() for host in hosts]
    return len(found) == 1 and found[0] in own


def is_foreign(headers: Mapping[str, str], port: int, *, is_page: bool) -> bool:
    """Whether another site's page asks. It may lead somebody to the page itself, as a link in a chat does."""
    origin = headers.get("origin")
    if origin is not None and not (origin.startswith("http://") and is_own_host([origin[len("http://") :]], port)):
        return True
    if headers.get("sec-fetch-site", "none") in OWN_SITES:
        return False
    is_visit = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return not (is_page and is_visit)


class Guard:
    """Lets through to `app` what may be asked, its path without the token; puts the headers on every answer.

    `port` is asked each time: it is known only once the server listens. An error of `app` is an empty answer for the
    browser, and goes to `on_unexpected`.
    """

    def __init__(
        self, app: App, *, token: str, port: Callable[[], int], on_unexpected: Callable[[BaseException], None]
    ) -> None:
        self._app = app
        self._token = token.encode()
        self._port = port
        self._on_unexpected = on_unexpected

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        if scope["type"] != "http":
            return
        has_begun = False

        async def send_guarded(message: Message) -> None:
            nonlocal has_begun
            if message["type"] == "http.response.start":
                has_begun = True
                message = {**message, "headers": _with_headers(message.get("headers", ()))}
            await send(message)

        try:
            status, extra = self._refusal(scope)
            if status:
                await _answer(send_guarded, status, extra)
            else:
                await self._app(self._inner(scope), receive, send_guarded)
        except Exception as error:  # nothing of it may reach the browser, nor end the server
            self._on_unexpected(error)
            if not has_begun:
                await _answer(send_guarded, 500)

    def _refusal(self, scope: Scope) -> tuple[int, dict[str, str]]:
        """The status of what is refused, and headers with it; 0 for what is not."""
        named = [(name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in scope["headers"]]
        if not is_own_host([value for name, value in named if name == "host"], self._port()):
            return 421, {}
        segments = split_path(scope["raw_path"])
        is_act = segments is not None and len(segments) == 2 and segments[1] in ACTS
        method = scope["method"]
        if method not in METHODS and not (is_act and method == ACT_METHOD):
            return 405, {"allow": ", ".join(METHODS)}
        if segments is None or not hmac.compare_digest(segments[0].encode(), self._token):
            return 404, {}
        headers = dict(named)
        if is_foreign(headers, self._port(), is_page=segments[1:] in ([], [""])):
            return 403, {}
        if is_act:
            return _refused_act(method, headers)
        # Relative addresses of the page want the slash.
        return (307, {"location": f"/{segments[0]}/"}) if len(segments) == 1 else (0, {})

    def _inner(self, scope: Scope) -> Scope:
        segments = split_path(scope["raw_path"]) or []
        path = "/" + "/".join(segments[1:])
        return {**scope, "path": path, "raw_path": path.encode(), "root_path": ""}


def _refused_act(method: str, headers: Mapping[str, str]) -> tuple[int, dict[str, str]]:
    """The same for what changes something, once it is known that no other site asks."""
    if method != ACT_METHOD:
        return 405, {"allow": ACT_METHOD}
    # Every browser names the page that posts, and where it comes from.
    if "origin" not in headers or headers.get("sec-fetch-site", "same-origin") != "same-origin":
        return 403, {}
    if headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        return 415, {}
    length = headers.get("content-length", "")
    return (0, {}) if length.isascii() and length.isdigit() and int(length) <= ACT_BYTES else (413, {})


def _with_headers(given: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    headers = [(name.lower(), value) for name, value in given]
    there = {name for name, _value in headers}
    return headers + [(name.encode(), value.encode()) for name, value in HEADERS.items() if name.encode() not in there]


async def _answer(send: Send, status: int, headers: Mapping[str, str] = {}) -> None:
    named = [(name.encode(), value.encode()) for name, value in {"content-length": "0", **headers}.items()]
    await send({"type": "http.response.start", "status": status, "headers": named})
    await send({"type": "http.response.body", "body": b""})
