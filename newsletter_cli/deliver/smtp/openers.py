"""A few threads that open connections while the one thread that sends goes on."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from queue import SimpleQueue

from newsletter_cli.base.errors import TransportError
from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.smtp.attempt import Attempt, CannotOpen
from newsletter_cli.deliver.smtp.connecting import Opened, open_connection
from newsletter_cli.deliver.smtp.server import Server
from newsletter_cli.model.delivery import Reply

MOST_THREADS = 8
# A thread that is inside of OpenSSL when the process ends takes it down with a fault: they are waited for, but a name
# that is being looked up can be called off by nobody.
GOODBYE_SECONDS = 2.0
# An opening may take this many times what one answer may take.
MOST_TIMEOUTS = 3


class Openers:
    """Opens connections to one server in daemon threads, which begin when they are needed.

    `signal` turns readable whenever `finished` has something; it is for the selector of the thread that sends.
    """

    def __init__(self, server: Server, trust: ssl.SSLContext | None):
        self._server = server
        self._trust = trust
        self._wanted: SimpleQueue[int | None] = SimpleQueue()
        self._results: SimpleQueue[tuple[int, Opened | CannotOpen]] = SimpleQueue()
        self._lock = threading.Lock()
        self._attempts: set[Attempt] = set()
        self._threads: list[threading.Thread] = []
        self._under_way = 0
        self._is_closed = False
        # The first ones find out whether a server that is silent speaks TLS; later ones wait for it.
        self._is_tls_unasked = True
        self.signal, self._bell = socket.socketpair()
        self.signal.setblocking(False)
        self._bell.setblocking(False)

    def open(self, connection: int) -> None:
        """Begin to open the connection of this number."""
        with self._lock:
            self._under_way += 1
            if len(self._threads) < min(MOST_THREADS, self._under_way):
                self._threads.append(threading.Thread(target=self._work, name="nl-smtp-open", daemon=True))
                self._threads[-1].start()
        self._wanted.put(connection)

    def finished(self) -> list[tuple[int, Opened | CannotOpen]]:
        """What has come of openings since the last time."""
        with contextlib.suppress(BlockingIOError, InterruptedError):
            while self.signal.recv(4096):
                pass
        results = []
        while not self._results.empty():
            results.append(self._results.get())
        return results

    def call_off_late(self, now: float) -> None:
        """Each answer has its time limit; this is for a server that gives a little, again and again (a tarpit)."""
        late = now - self._server.options.timeout_seconds * MOST_TIMEOUTS
        why = _("{server} did not answer in time").format(server=self._server.name)
        with self._lock:
            attempts = [attempt for attempt in self._attempts if attempt.begun_at < late]
        for attempt in attempts:
            attempt.call_off(why)

    def close(self) -> None:
        """Call off what is under way; what opens yet is closed at once."""
        with self._lock:
            self._is_closed = True
            attempts, threads = list(self._attempts), list(self._threads)
            self._bell.close()
        self.signal.close()
        for attempt in attempts:
            attempt.call_off(_("called off"))
        for _thread in threads:
            self._wanted.put(None)
        until = time.monotonic() + GOODBYE_SECONDS
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
        while not self._results.empty():
            _connection, result = self._results.get()
            if isinstance(result, Opened):
                result.sock.close()

    def _work(self) -> None:
        while (connection := self._wanted.get()) is not None:
            attempt = Attempt(time.monotonic())
            with self._lock:
                if self._is_closed:
                    return
                self._attempts.add(attempt)
            self._report(connection, self._open(attempt), attempt)

    def _report(self, connection: int, result: Opened | CannotOpen, attempt: Attempt) -> None:
        with self._lock:
            self._attempts.discard(attempt)
            self._under_way -= 1
            self._is_tls_unasked = False
            if not self._is_closed:
                self._results.put((connection, result))
                # A full pipe has woken the other side already.
                with contextlib.suppress(OSError):
                    self._bell.send(b"!")
            elif isinstance(result, Opened):
                result.sock.close()

    def _open(self, attempt: Attempt) -> Opened | CannotOpen:
        try:
            return self._try(attempt)
        except CannotOpen as error:
            return attempt.end_of(error)
        except TransportError as error:
            return CannotOpen(Reply(0, f"nl: {error.message}"), is_fatal=True, hint=error.hint)
        # Whatever it was, a connection of which nothing is ever heard would hold the whole send.
        except Exception as error:
            return CannotOpen(Reply(0, f"nl: {type(error).__name__}"), is_fatal=True)

    def _try(self, attempt: Attempt) -> Opened:
        try:
            return open_connection(self._server, self._trust, attempt, is_tls_asked=self._is_tls_unasked)
        except CannotOpen as error:
            if not error.is_secret_renewed:
                raise
        return open_connection(self._server, self._trust, attempt)
