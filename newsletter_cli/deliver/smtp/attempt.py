"""An opening of a connection as others see it: it ends well, it cannot be, or it is called off."""

from __future__ import annotations

import contextlib
import socket
import threading

from newsletter_cli.i18n import _
from newsletter_cli.model.delivery import Reply


class CannotOpen(Exception):
    """No connection. `is_fatal`: trying again makes no sense, and `hint` says what to do. Holds no secret."""

    def __init__(self, reply: Reply, *, is_fatal: bool = False, hint: str | None = None):
        super().__init__(reply.text)
        self.reply = reply
        self.is_fatal = is_fatal
        self.hint = hint


class Attempt:
    """Owns the socket while a connection is being opened, so that another thread can call it off.

    The opening thread alone closes the socket; `call_off` only wakes it from whatever it waits for.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sock: socket.socket | None = None
        self._is_called_off = False

    def hold(self, sock: socket.socket) -> None:
        """This is the socket now. Raises `CannotOpen` where it has been called off."""
        with self._lock:
            self._sock = sock
            if self._is_called_off:
                raise CannotOpen(Reply(0, _("nl: called off")))

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

    def call_off(self) -> None:
        """Let the opening fail soon."""
        with self._lock:
            self._is_called_off = True
            if self._sock is not None:
                with contextlib.suppress(OSError):
                    # Not SSLSocket.shutdown, which would take the TLS state away under the other thread.
                    socket.socket.shutdown(self._sock, socket.SHUT_RDWR)
