"""A preview on a port of this machine: the server in a thread of its own, so that Ctrl-C stays with the command."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import threading
from types import TracebackType
from typing import TYPE_CHECKING

from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.preview.live import Preview
from newsletter_cli.preview.security import HOST

if TYPE_CHECKING:
    import uvicorn

PORT = 8420
LAST_PORT = 65_535
# How many ports are tried after the one that is taken, before the system may choose.
TRIES = 50
BACKLOG = 128
# For answers under way, once nobody waits for events any more.
LEAVE_SECONDS = 1
STOP_SECONDS = 5.0


def listen(port: int = PORT) -> socket.socket:
    """A socket that listens on that port of 127.0.0.1, or on the next free one. Raises `UsageError`."""
    if not 0 <= port <= LAST_PORT:
        raise UsageError(_("there is no port {port}").format(port=port), hint=_("choose one from 1024 to 65535"))
    problem: OSError | None = None
    for one in [*range(port, min(port + TRIES, LAST_PORT) + 1), 0]:
        try:
            return _listen_on(one)
        except OSError as error:
            problem = problem or error
    raise UsageError(_("no port is free on this machine ({reason})").format(reason=problem))


def _listen_on(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        if os.name == "posix":
            # A port that was left a moment ago is free. On Windows the same option would share one that is taken.
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        elif hasattr(socket, "SO_EXCLUSIVEADDRUSE"):
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        listening.bind((HOST, port))
        listening.listen(BACKLOG)
    except BaseException:
        listening.close()
        raise
    return listening


class Running:
    """A preview that is being served, from `with` on: who asks at once waits until it can answer.

    `ended` is set when it has come to an end, whatever the reason.
    """

    def __init__(self, preview: Preview, listening: socket.socket) -> None:
        self.preview = preview
        self.ended = threading.Event()
        self._listening = listening
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: uvicorn.Server | None = None
        self._is_wanted = True
        self._thread = threading.Thread(target=self._run, name="nl-preview-server", daemon=True)
        preview.port = listening.getsockname()[1]

    def __enter__(self) -> Running:
        """Starts everything; returns before the server is ready."""
        self.preview.start()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends everything, at once: open pages are told goodbye."""
        self._is_wanted = False
        if self._loop is not None and not self._loop.is_closed():
            with contextlib.suppress(RuntimeError):  # closed this very moment
                self._loop.call_soon_threadsafe(self._leave)
        self.preview.stop()
        self._thread.join(STOP_SECONDS)
        self._listening.close()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except Exception as error:
            self.preview.on_unexpected(error)
        finally:
            self.ended.set()

    async def _serve(self) -> None:
        import uvicorn

        from newsletter_cli.preview.server import make_app

        self._loop = asyncio.get_running_loop()
        self.preview.hub.open()
        config = uvicorn.Config(
            make_app(self.preview),
            loop="asyncio",
            http="h11",
            ws="none",
            lifespan="off",
            log_config=None,
            log_level="critical",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            date_header=False,
            timeout_graceful_shutdown=LEAVE_SECONDS,
        )
        self._server = uvicorn.Server(config)
        if self._is_wanted:
            await self._server.serve(sockets=[self._listening])

    def _leave(self) -> None:
        self.preview.hub.close()
        if self._server is not None:
            self._server.should_exit = True
