"""One open connection: its socket, never blocking, and its dialogue."""

from __future__ import annotations

import contextlib
import socket
import ssl
import struct
import sys

from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.smtp.dialogue import Dialogue

RECEIVE_BYTES = 16 * 1024
# l_onoff 1, l_linger 0: closing resets the connection and drops what was not sent yet.
RESET_ON_CLOSE = struct.pack("hh" if sys.platform == "win32" else "ii", 1, 0)


class Connection:
    """Moves bytes between a socket and a dialogue. `is_stuck` says that the socket takes no more for the moment.

    An error while writing is not told to the dialogue at once: replies may have come before it, and they count.
    """

    def __init__(self, number: int, sock: socket.socket, dialogue: Dialogue):
        self.number = number
        self.sock = sock
        self.dialogue = dialogue
        self.is_tls = isinstance(sock, ssl.SSLSocket)
        self.is_stuck = False
        self.is_watched_for_writing = False
        self.has_write_error = False

    def write(self, now: float) -> None:
        """Write what the dialogue wants written, as far as the socket takes it."""
        if self.has_write_error:
            return
        self.is_stuck = False
        try:
            if self.is_tls:
                self._write_tls(now)
            else:
                self._write_plain(now)
        except (BlockingIOError, InterruptedError, ssl.SSLWantWriteError):
            self.is_stuck = True
        except ssl.SSLWantReadError:
            # TLS itself has something to hear first; `read` goes on with writing.
            pass
        except OSError:
            self.has_write_error = True

    def _write_plain(self, now: float) -> None:
        dialogue = self.dialogue
        buffers = dialogue.outbox.buffers
        while buffers:
            # Windows has no gathered writes; nor has TLS.
            if sys.platform != "win32" and len(buffers) > 1:
                wanted = sum(map(len, buffers))
                size = self.sock.sendmsg(buffers)
            else:
                wanted = len(buffers[0])
                size = self.sock.send(buffers[0])
            dialogue.taken(size, now)
            if size < wanted:
                self.is_stuck = True
                return

    def _write_tls(self, now: float) -> None:
        dialogue = self.dialogue
        buffers = dialogue.outbox.buffers
        while buffers:
            dialogue.outbox.offering()
            dialogue.taken(self.sock.send(buffers[0]), now)

    def read(self, now: float) -> None:
        """Read what has come, then write what that asks for. Where writing failed, read to the very end first."""
        dialogue = self.dialogue
        try:
            while not dialogue.is_down:
                data = self.sock.recv(RECEIVE_BYTES)
                if not data:
                    dialogue.lost(_("the server closed the connection"))
                    return
                dialogue.received(data, now)
                # The selector sees nothing of what TLS has decrypted already.
                if not self.has_write_error and not (isinstance(self.sock, ssl.SSLSocket) and self.sock.pending()):
                    break
        except (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError) as error:
            if self.has_write_error:
                dialogue.lost(_("the connection broke while writing"), is_closed=False)
            elif isinstance(error, ssl.SSLWantWriteError):
                self.is_stuck = True
        except OSError as error:
            # Anything else (no route, no answer to a probe) says nothing about what the server did.
            is_closed = isinstance(error, ConnectionError | ssl.SSLEOFError | ssl.SSLZeroReturnError)
            reason = error.strerror or type(error).__name__
            dialogue.lost(_("the connection broke: {reason}").format(reason=reason), is_closed=is_closed)
        if dialogue.outbox.buffers:
            self.write(now)

    def close(self) -> None:
        """Close at once. A message whose dot did not leave is dropped on both sides, whatever else is on its way."""
        with contextlib.suppress(OSError):
            if self.dialogue.must_be_cut:
                self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            elif self.dialogue.is_idle:
                # Polite, and not waited for.
                self.sock.send(b"QUIT\r\n")
        self.sock.close()
