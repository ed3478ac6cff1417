"""`GET /log?after=N`: the newsletter's laptop fetches what happened. Nobody else may."""

from __future__ import annotations

import asyncio
import contextlib
import math
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from newsletter_cli.after.endpoint.asgi import header, response
from newsletter_cli.after.endpoint.entries import PAGE_ENTRIES, LogEnd, LogHead, LogPage, render_page
from newsletter_cli.after.endpoint.house import House
from newsletter_cli.after.endpoint.log import LogUnavailable
from newsletter_cli.base.endpoint_key import EndpointKey
from newsletter_cli.base.moments import timestamp

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

LINES = (b"content-type", b"application/x-ndjson")
UNAUTHORISED = (b"www-authenticate", b'Bearer realm="nl"')
MOST_DIGITS = 18
RETRY_SECONDS = 60


async def serve_log(house: House, request: Request) -> Response:
    """A page of the log: 401 for a wrong secret (429 for many), 400 for a strange number, 503 for a log that cannot be
    read.
    """
    scheme, _blank, secret = header(request.scope, b"authorization").decode("latin-1").partition(" ")
    key = house.newsletters.of_fetching(secret.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        wait = house.wrong(request.scope)
        if wait:
            return response(429, b"", (b"retry-after", str(math.ceil(wait)).encode()))
        return response(401, b"", UNAUTHORISED)
    after = parse_after(request.scope["query_string"])
    if after is None:
        return response(400, b"after=N is wanted\n")
    try:
        page = await asyncio.get_running_loop().run_in_executor(None, _read, house, key, after)
    except LogUnavailable:
        return response(503, b"", (b"retry-after", str(RETRY_SECONDS).encode()))
    if after and request.method == "GET":
        # A full disk keeps nobody from fetching: it is noted next time.
        with contextlib.suppress(LogUnavailable):
            await house.recorder.in_turn(house.recorder.log.note_fetched, key.newsletter, after)
    return response(200, render_page(page), LINES)


def parse_after(query: bytes) -> int | None:
    """The number of `after=N`; 0 for an empty query, `None` for anything else."""
    if not query:
        return 0
    name, _sign, digits = query.partition(b"=")
    return int(digits) if name == b"after" and digits.isdigit() and len(digits) <= MOST_DIGITS else None


def _read(house: House, key: EndpointKey, after: int) -> LogPage:
    log = house.recorder.log
    # One more than is told, to know whether there are more.
    found = log.read_after(key.newsletter, after, PAGE_ENTRIES + 1)
    told, extent = tuple(found[:PAGE_ENTRIES]), log.extent(key.newsletter)
    head = LogHead(
        log=log.id,
        newsletter=key.newsletter,
        keys=tuple(part.id for part in key.parts),
        last=extent.last,
        pruned=extent.pruned,
        now=timestamp(datetime.now(UTC)),
    )
    end = LogEnd(after=told[-1].n if told else after, more=len(found) > len(told))
    return LogPage(head=head, entries=told, end=end)
