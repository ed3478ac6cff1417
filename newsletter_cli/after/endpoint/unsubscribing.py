"""The address that one-click posts to (RFC 8058): POST takes somebody off the list, GET and HEAD show a page.

The answer to a POST leaves once the entry is on the disk. No cookie, no login, no redirect; nothing is asked.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from urllib.parse import unquote

from newsletter_cli.after.endpoint import pages
from newsletter_cli.after.endpoint.asgi import (
    Gone,
    Headers,
    Receive,
    Scope,
    Send,
    TooLarge,
    answer,
    header,
    read_body,
)
from newsletter_cli.after.endpoint.entries import ONE_CLICK, PAGE, NewEntry
from newsletter_cli.after.endpoint.forms import EXACT, MOST_BYTES, is_one_click, parse_form
from newsletter_cli.after.endpoint.house import House
from newsletter_cli.after.endpoint.log import LogUnavailable
from newsletter_cli.after.endpoint.pages import Face
from newsletter_cli.after.endpoint.words import choose_language
from newsletter_cli.base.endpoint_key import EndpointKey, KeyPart
from newsletter_cli.base.moments import timestamp
from newsletter_cli.base.tokens import TOKEN_LENGTH
from newsletter_cli.model.feedback import FeedbackKind

PARAMETER = b"u="
RETRY_SECONDS = 120
HTML = (b"content-type", b"text/html; charset=utf-8")
PLAIN = (b"content-type", b"text/plain; charset=utf-8")
DONE = b"unsubscribed\n"
METHODS = (b"allow", b"GET, HEAD, POST")
# Links are wrapped by programs, and copied with what stands around them.
AROUND = re.compile(r"[\s<>\"'.,;:!?)\]}»”’=]+")


class Unsubscribing:
    """The route of `house`."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._page_headers: Headers = (
            HTML,
            (b"content-security-policy", pages.policy()),
            (b"cross-origin-opener-policy", b"same-origin"),
            (b"vary", b"accept-language"),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI, for this one address."""
        method = scope["method"]
        if method not in ("GET", "HEAD", "POST"):
            return await answer(send, 405, b"", (PLAIN, METHODS))
        token = parse_token(scope["query_string"])
        found = self._house.newsletters.of_token(token)
        if found is None:
            return await self._refuse(scope, send)
        if method != "POST":
            return await self._show(send, 200, pages.question_page(self._face(found[0], scope)))
        try:
            body = await read_body(receive, MOST_BYTES)
        except TooLarge:
            return await answer(send, 413, b"", (PLAIN,))
        except Gone:
            return None
        return await self._take_off(scope, send, token, found, body)

    async def _take_off(
        self, scope: Scope, send: Send, token: str, found: tuple[EndpointKey, KeyPart], body: bytes
    ) -> None:
        fields = {} if body == EXACT else parse_form(header(scope, b"content-type"), body)
        if body != EXACT and not is_one_click(fields):
            # Not what a mail reader sends, nor our own page: nothing is taken for a wish.
            return await self._show(send, 400, pages.question_page(self._face(found[0], scope)))
        source = PAGE if fields.get("from") == PAGE else ONE_CLICK
        try:
            await self._house.recorder.record(unsubscription(token, *found, source=source, now=time.time()))
        except LogUnavailable:
            retry = (b"retry-after", str(RETRY_SECONDS).encode())
            return await self._show(send, 503, pages.later_page(self._face(found[0], scope)), (retry,))
        if source == ONE_CLICK:
            return await answer(send, 200, DONE, (PLAIN,))
        return await self._show(send, 200, pages.done_page(self._face(found[0], scope)))

    async def _refuse(self, scope: Scope, send: Send) -> None:
        wait = self._house.wrong(scope)
        face = self._somebody(scope)
        if wait:
            retry = (b"retry-after", str(math.ceil(wait)).encode())
            return await self._show(send, 429, pages.often_page(face), (retry,))
        return await self._show(send, 404, pages.wrong_page(face))

    async def _show(self, send: Send, status: int, page: bytes, more: Iterable[tuple[bytes, bytes]] = ()) -> None:
        await answer(send, status, page, (*self._page_headers, *more))

    def _face(self, key: EndpointKey, scope: Scope) -> Face:
        language = choose_language(key.language, header(scope, b"accept-language"))
        return Face(language=language, name=key.name, contact=key.contact)

    def _somebody(self, scope: Scope) -> Face:
        """Of whom nobody knows which newsletter they mean, if there are several."""
        keys = self._house.newsletters.keys
        if len(keys) == 1:
            return self._face(keys[0], scope)
        return Face(language=choose_language("", header(scope, b"accept-language")))


@lru_cache(maxsize=4)
def _moment(seconds: int) -> str:
    return timestamp(datetime.fromtimestamp(seconds, UTC))


def parse_token(query: bytes) -> str:
    """The token of an address, in small letters, freed of what copying put around it; empty where there is none."""
    if query.startswith(PARAMETER) and len(query) == len(PARAMETER) + TOKEN_LENGTH:
        return query[len(PARAMETER) :].decode("latin-1").lower()
    values = [part[len(PARAMETER) :] for part in query[:4_000].split(b"&") if part.startswith(PARAMETER)]
    return AROUND.sub("", unquote(values[-1].decode("latin-1"))).lower() if values else ""


def unsubscription(token: str, key: EndpointKey, part: KeyPart, *, source: str, now: float) -> NewEntry:
    """The entry. What is told again within a minute is the same; later it may be a new wish, after a return."""
    reference = sha256(f"unsubscribe {key.newsletter} {token} {int(now // 60)}".encode()).hexdigest()
    return NewEntry(
        at=_moment(int(now)),
        newsletter=key.newsletter,
        key=part.id,
        kind=FeedbackKind.UNSUBSCRIBE,
        token=token,
        source=source,
        reference=reference,
    )
