"""The endpoint as an ASGI application: `newsletter_cli.after.endpoint.app:app`, set up by the environment.

| path | who asks | what happens |
|---|---|---|
| `/unsubscribe?u=TOKEN` | mail readers, readers | POST takes them off the list, GET shows a page with one button |
| `/log?after=N` | the newsletter's laptop | what happened since |
| `/hook/SERVICE/SECRET` | a mail service | bounces and complaints |
| `/healthz` | whoever watches the server | 200 where the log can be written, else 503 |

Starlette has the rest; the address that one-click posts to is answered before it.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from newsletter_cli.after.endpoint.asgi import NOTHING_ALLOWED, TEXT, App, Message, Receive, Scope, Send, answer
from newsletter_cli.after.endpoint.house import House, Settings
from newsletter_cli.after.endpoint.log import Log, LogUnavailable
from newsletter_cli.after.endpoint.opening import open_log
from newsletter_cli.after.endpoint.recorder import Recorder
from newsletter_cli.after.endpoint.rest import make_rest
from newsletter_cli.after.endpoint.settings import read_settings
from newsletter_cli.after.endpoint.unsubscribing import Unsubscribing
from newsletter_cli.base.endpoint_key import UNSUBSCRIBE_PATH
from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.base.moments import timestamp

LOGGER = logging.getLogger("nl.endpoint")
PRUNE_SECONDS = 3_600


class EndpointApp:
    """The application. `settings` are read, and the log is opened, when it starts: with ASGI's lifespan, or with the
    first request where the server knows none. A `log` that is given is used instead of the settings' own.
    """

    def __init__(self, settings: Callable[[], Settings], log: Log | None = None) -> None:
        self._settings = settings
        self._log = log
        self._opened: Opened | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """ASGI."""
        kind = scope["type"]
        if kind == "lifespan":
            return await self._live(receive, send)
        if kind != "http":
            return None
        opened = self._opened or self._open()
        has_begun, is_head = False, scope["method"] == "HEAD"

        async def send_noting(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            is_unasked = is_head and message["type"] == "http.response.body"
            await send({**message, "body": b""} if is_unasked else message)

        # A proxy may leave the base path there, or take it away.
        path = scope["path"].removeprefix(opened.house.settings.base_path).rstrip("/")
        try:
            if path == UNSUBSCRIBE_PATH:
                await opened.unsubscribing(scope, receive, send_noting)
            else:
                inner = {**scope, "path": path or "/", "root_path": ""}
                await opened.rest(inner, receive, send_noting)
        except Exception as fault:  # its text may hold what somebody sent: only its kind and place are told
            LOGGER.error("unexpected: %s", _where(fault))
            if not has_begun:
                await answer(send, 500, b"", (TEXT, NOTHING_ALLOWED))

    def _open(self) -> Opened:
        settings = self._settings()
        log = self._log if self._log is not None else open_log(settings.log)
        house = House(settings, Recorder(log, on_change=_tell_change))
        self._opened = Opened(
            house=house,
            unsubscribing=Unsubscribing(house),
            rest=make_rest(house),
            pruning=asyncio.get_running_loop().create_task(_prune(house)),
        )
        return self._opened

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        try:
            self._open()
        except NewsletterError as error:
            LOGGER.error("%s", error)
            await send({"type": "lifespan.startup.failed", "message": str(error)})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def close(self) -> None:
        """Write what waits, and let go of the log."""
        if self._opened is not None:
            self._opened.pruning.cancel()
            await self._opened.house.recorder.close()
        self._opened = None


class Opened(NamedTuple):
    """What an application has once it is open."""

    house: House
    unsubscribing: Unsubscribing
    rest: App
    pruning: asyncio.Task[None]


def _tell_change(fault: LogUnavailable | None) -> None:
    if fault is None:
        LOGGER.warning("the log can be written again")
    else:
        LOGGER.error("the log cannot be written, requests are answered 503: %s", fault)


async def _prune(house: House) -> None:
    """Once an hour, take out what is old and was fetched."""
    while True:
        before = timestamp(datetime.now(UTC) - timedelta(days=house.settings.keep_days))
        with contextlib.suppress(LogUnavailable):
            count = await house.recorder.in_turn(house.recorder.log.prune, before)
            if count:
                LOGGER.info("old entries taken out: %d", count)
        await asyncio.sleep(PRUNE_SECONDS)


def _where(fault: BaseException) -> str:
    frame = fault.__traceback__
    while frame is not None and frame.tb_next is not None:
        frame = frame.tb_next
    place = "" if frame is None else f" ({Path(frame.tb_frame.f_code.co_filename).name}:{frame.tb_lineno})"
    return f"{type(fault).__name__}{place}"


app = EndpointApp(lambda: read_settings(os.environ))
