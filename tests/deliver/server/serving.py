"""The server running: in a process of its own, or in a thread of this one."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from tests.deliver.certificates import make_authority
from tests.deliver.server import breaking, refusing, talking, waiting  # noqa: F401 - they enter their names
from tests.deliver.server.connection import Shared
from tests.deliver.server.misbehaviour import parse_misbehaviour
from tests.deliver.server.record import Record, read_record
from tests.deliver.server.settings import ServerSettings
from tests.deliver.server.smtp import RecordingSMTP
from tests.forked import HAS_FORKS, Forked, start_mail_server
from tests.waiting import PATIENCE_SECONDS

ROOT = Path(__file__).resolve().parents[3]
BACKLOG = 200
CLOSING_ROUNDS = 10


class Listening:
    """The server on the running loop."""

    def __init__(
        self,
        record: Path,
        misbehaviours: Sequence[str] = (),
        *,
        port: int = 0,
        tls: Any = "none",
        login: tuple[str, str] | None = None,
        certificates: Path | None = None,
        is_tls_required: bool = False,
        is_synced: bool = False,
    ):
        chosen = [parse_misbehaviour(text) for text in misbehaviours]
        context = None
        if tls != "none":
            assert certificates is not None, "TLS needs a folder for certificates"
            names = [one.certificate for one in chosen if one.certificate]
            context = make_authority(certificates).context(names[0] if names else "good")
        settings = ServerSettings(tls=tls, tls_context=context, login=login, is_tls_required=is_tls_required)
        self._record = Record(record, is_synced=is_synced)
        self._connections: list[RecordingSMTP] = []
        self.shared = Shared(settings, self._record, chosen)
        self._socket = _bound(port, min((one.window_bytes for one in chosen if one.window_bytes), default=0))
        self.port: int = self._socket.getsockname()[1]

    async def start(self) -> None:
        loop = asyncio.get_running_loop()
        # A client that resets a connection is not worth a line.
        loop.set_exception_handler(lambda _loop, _context: None)
        settings = self.shared.settings
        self._server = await loop.create_server(
            lambda: self._connected(loop),
            sock=self._socket,
            backlog=BACKLOG,
            ssl=settings.tls_context if settings.tls == "implicit" else None,
        )

    def _connected(self, loop: asyncio.AbstractEventLoop) -> RecordingSMTP:
        one = RecordingSMTP(self.shared, loop)
        self._connections.append(one)
        return one

    async def close(self) -> None:
        """End it, and the connections that clients have left open."""
        # Nobody is let in any more. Whom the loop has accepted it makes a connection of in its next rounds, and would
        # leave the socket open if the server had ended by then: some other test's warning.
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().remove_reader(self._socket)
        for _round in range(CLOSING_ROUNDS):
            await asyncio.sleep(0)
            for one in self._connections:
                if isinstance(one.transport, asyncio.WriteTransport):
                    one.transport.abort()
        self._server.close()
        await asyncio.sleep(0)
        self._record.close()


def _bound(port: int, window_bytes: int) -> socket.socket:
    # The protocol is named because asyncio sets TCP_NODELAY only where it is: replies are many and small.
    held = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if window_bytes:
        # Before it listens: connections inherit it, and the window is agreed on when they open.
        held.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, window_bytes)
    held.bind(("127.0.0.1", port))
    return held


class ThreadedServer:
    """A context manager: the server in a thread. `counts` has how often each command was heard."""

    def __init__(self, record: Path, *misbehaviours: str, **options: Any):
        self.path = record
        self._made = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(misbehaviours, options), daemon=True)

    def _run(self, misbehaviours: Sequence[str], options: dict[str, Any]) -> None:
        logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)
        asyncio.run(self._serve(misbehaviours, options))

    async def _serve(self, misbehaviours: Sequence[str], options: dict[str, Any]) -> None:
        self._loop = asyncio.get_running_loop()
        self._ended = asyncio.Event()
        try:
            self._listening = Listening(self.path, misbehaviours, **options)
            await self._listening.start()
        finally:
            self._made.set()
        await self._ended.wait()
        await self._listening.close()

    @property
    def port(self) -> int:
        return self._listening.port

    @property
    def counts(self) -> Counter[str]:
        return self._listening.shared.counts

    def accepted(self) -> list[str]:
        """The recipients of what was accepted, in order."""
        return [one.recipient for one in read_record(self.path)]

    def __enter__(self) -> ThreadedServer:
        self._thread.start()
        self._made.wait(PATIENCE_SECONDS)
        assert hasattr(self, "_listening"), "the server did not start"
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(PATIENCE_SECONDS)


class ServerProcess:
    """A context manager: the server in a process of its own, which nothing done to a client can reach.

    `change` starts it anew with other misbehaviours, at the same port, with the same record.
    """

    def __init__(self, record: Path, *misbehaviours: str, options: Sequence[str] = ()):
        self.path = record
        self.port = 0
        self._misbehaviours = misbehaviours
        self._options = list(options)
        self._process: subprocess.Popen[str] | Forked | None = None

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.port}"

    def start(self) -> None:
        wrong = [part for name in self._misbehaviours for part in ("--misbehave", name)]
        arguments = ["--port", str(self.port), "--record", str(self.path), *wrong, *self._options]
        # Not counted with the product's coverage, and not slowed down by it.
        env = {name: value for name, value in os.environ.items() if not name.startswith(("COV", "NL_"))}
        if HAS_FORKS:
            self._process = start_mail_server(*arguments, env=env)
            said = self._process.wait_until_said("\n")
        else:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.deliver.server", *arguments],
                cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, encoding="utf-8", env=env,
            )  # fmt: skip
            assert self._process.stdout is not None
            said = self._process.stdout.readline()
        assert said.startswith("listening on "), said
        self.port = int(said.rpartition(":")[2])

    def change(self, *misbehaviours: str) -> None:
        self.stop()
        self._misbehaviours = misbehaviours
        self.start()

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.communicate(timeout=PATIENCE_SECONDS)
            self._process = None

    def __enter__(self) -> ServerProcess:
        self.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop()
