"""One attempt to open a connection: it succeeds, fails, or is cancelled by another thread."""

from __future__ import annotations

import contextlib
import socket
import threading

from newsletter_cli.model.delivery import Reply


class CannotOpen(Exception):
    """No connection. `is_fatal`: trying again makes no sense, and `hint` says what to do. `is_secret_renewed`: it
    makes sense at once, with another secret. Holds no secret.
    """

    def __init__(
        self, reply: Reply, *, is_fatal: bool = False, is_secret_renewed: bool = False, hint: str | None = None
    ):
        super().__init__(reply.text)
        self.reply = reply
        self.is_fatal = is_fatal
        self.is_secret_renewed = is_secret_renewed
        self.hint = hint


class Attempt:
    """Owns the socket while a connection is being opened, so that another thread can call it off.

    The opening thread alone closes the socket; `call_off` only wakes it from whatever it waits for. `begun_at` is a
    moment of a monotonic clock.
    """

    def __init__(self, begun_at: float = 0.0) -> None:
        self.begun_at = begun_at
        self._lock = threading.Lock()
        self._sock: socket.socket | None = None
        self._end: CannotOpen | None = None

    def hold(self, sock: socket.socket) -> None:
        """This is the socket now. Raises `CannotOpen` where it has been called off."""
        with self._lock:
            self._sock = sock
            if self._end is not None:
                raise self._end

    def let_go(self) -> socket.socket | None:
        """The socket, which is the caller's from now on."""
        with self._lock:
            sock, self._sock = self._sock, None
            return sock

    def close(self) -> None:
        """Close what is held."""
        sock = self.let_go()
        if sock is not None:
            sock.close()

    def end_of(self, error: CannotOpen) -> CannotOpen:
        """Why it failed: because it was called off, else by itself."""
        with self._lock:
            return self._end or error

    def call_off(self, why: str) -> None:
        """Let the opening fail soon."""
        with self._lock:
            if self._end is None:
                self._end = CannotOpen(Reply(0, f"nl: {why}"))
            if self._sock is not None:
                with contextlib.suppress(OSError):
                    # Not SSLSocket.shutdown, which would take the TLS state away under the other thread.
                    socket.socket.shutdown(self._sock, socket.SHUT_RDWR)
