"""A mail server on loopback that does as it is told: raw sockets, one thread for each connection.

`replies` says what is answered where: by CONNECT, EHLO, STARTTLS, AUTH, MAIL, RCPT, DATA, DOT, RSET, QUIT, a text, or
CLOSE (hang up), HANG (say nothing, ever), RESET (hang up hard); a list is used up one by one, its last one stays.
BODY is not a command: CLOSE, HANG or RESET there happen after the first piece of a message.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from newsletter_cli.deliver.smtp.connection import RESET_ON_CLOSE
from tests.waiting import PATIENCE_SECONDS, wait_until

CLOSE, HANG, RESET = "close", "hang", "reset"
USUAL = {
    "CONNECT": "220 scripted.example ESMTP",
    "STARTTLS": "220 go ahead",
    "AUTH": "235 2.7.0 welcome",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 go ahead",
    "DOT": "250 2.0.0 queued",
    "RSET": "250 2.0.0 ok",
    "NOOP": "250 2.0.0 ok",
    "QUIT": "221 2.0.0 bye",
}


class HungUp(Exception):
    """This connection is over."""


@dataclass(eq=False)
class Session:
    """One connection; `buffer` is what came and is not used yet."""

    sock: socket.socket
    buffer: bytes = b""
    is_encrypted: bool = False
    recipients: list[str] = field(default_factory=list)

    def line(self) -> bytes:
        return self.until(b"\r\n")

    def until(self, end: bytes) -> bytes:
        while end not in self.buffer:
            self.more()
        taken, self.buffer = self.buffer.split(end, 1)
        return taken

    def more(self) -> None:
        data = self.sock.recv(65536)
        if not data:
            raise HungUp
        self.buffer += data


class ScriptedServer:
    """To be used as a context manager. `commands` and `messages` (recipient and bytes) are what it has seen."""

    def __init__(
        self,
        replies: Mapping[str, str | list[str]] | None = None,
        *,
        extensions: tuple[str, ...] = ("PIPELINING", "SIZE 0", "8BITMIME"),
        tls: ssl.SSLContext | None = None,
        is_tls_at_once: bool = False,
        receive_buffer_bytes: int | None = None,
        pause_seconds: float = 0,
    ):
        self.replies = {
            name: [texts] if isinstance(texts, str) else list(texts)
            for name, texts in {**USUAL, **(replies or {})}.items()
        }
        self.extensions = extensions
        self.tls = tls
        self.is_tls_at_once = is_tls_at_once
        self.pause_seconds = pause_seconds
        self.commands: list[str] = []
        self.messages: list[tuple[str, bytes]] = []
        # For whom the messages were whose connection ended before their dot.
        self.torn: list[str] = []
        self.connections = 0
        # How often a part of a message was read.
        self.pieces = 0
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads: list[threading.Thread] = []
        self._sessions: list[Session] = []
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=100)
        if receive_buffer_bytes is not None:
            self._listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer_bytes)
        self.port: int = self._listener.getsockname()[1]

    def __enter__(self) -> ScriptedServer:
        self._start(self._accept)
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        with contextlib.suppress(OSError):
            # Wakes the one who accepts.
            socket.create_connection(("127.0.0.1", self.port), 1).close()
        with self._lock:
            for session in self._sessions:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(session.sock, socket.SHUT_RDWR)
        for thread in list(self._threads):
            thread.join(PATIENCE_SECONDS)
            assert not thread.is_alive()
        self._listener.close()

    def wait_for(self, count: int) -> None:
        """Until so many messages are there."""
        wait_until(lambda: len(self.messages) >= count, lambda: f"{len(self.messages)} of {count} messages came")

    def wait_for_quiet(self) -> None:
        """Until every connection is over."""
        wait_until(lambda: not any(thread.is_alive() for thread in self._threads[1:]))

    def _start(self, target: object, *arguments: object) -> None:
        thread = threading.Thread(target=target, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            sock, _address = self._listener.accept()
            if self._stop.is_set():
                sock.close()
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.connections += 1
            self._start(self._serve, sock)

    def _serve(self, sock: socket.socket) -> None:
        session = Session(sock)
        with self._lock:
            self._sessions.append(session)
        try:
            if self.is_tls_at_once:
                self._encrypt(session)
            self._answer(session, "CONNECT")
            while True:
                self._command(session)
        except (HungUp, OSError):
            pass
        finally:
            session.sock.close()

    def _encrypt(self, session: Session) -> None:
        assert self.tls is not None
        session.sock = self.tls.wrap_socket(session.sock, server_side=True, do_handshake_on_connect=False)
        session.sock.do_handshake()
        session.is_encrypted = True

    def _command(self, session: Session) -> None:
        line = session.line().decode()
        with self._lock:
            self.commands.append(line)
        verb = line.split(" ")[0].upper()
        if verb == "EHLO":
            if "EHLO" in self.replies:
                self._answer(session, "EHLO")
                return
            names = [*self.extensions, *(["STARTTLS"] if self.tls and not session.is_encrypted else [])]
            lines = ["scripted.example", *names]
            text = "".join(f"250{'-' if n < len(lines) else ' '}{one}\r\n" for n, one in enumerate(lines, 1))
            session.sock.sendall(text.encode())
        elif verb == "STARTTLS":
            self._answer(session, verb)
            session.buffer = b""
            self._encrypt(session)
        elif verb == "AUTH":
            self._log_in(session, line)
        elif verb == "RCPT":
            session.recipients = [line]
            self._answer(session, verb)
        elif verb == "DATA":
            if self._answer(session, verb).startswith("354"):
                self._take_message(session)
        else:
            self._answer(session, verb if verb in self.replies else "UNKNOWN")
            if verb == "QUIT":
                raise HungUp

    def _log_in(self, session: Session, line: str) -> None:
        if line.upper() == "AUTH LOGIN":
            for challenge in (b"334 VXNlcm5hbWU6\r\n", b"334 UGFzc3dvcmQ6\r\n"):
                session.sock.sendall(challenge)
                self.commands.append(session.line().decode())
        if self._answer(session, "AUTH").startswith("334"):
            self.commands.append(session.line().decode())
            self._answer(session, "AUTH")

    def _take_message(self, session: Session) -> None:
        try:
            if "BODY" in self.replies:
                while not session.buffer:
                    session.more()
                self._answer(session, "BODY")
            # As if a line had ended before it: a dot may be all that there is.
            received = bytearray(b"\r\n" + session.buffer)
            session.buffer = b""
            searched = 0
            while (end := received.find(b"\r\n.\r\n", searched)) < 0:
                searched = max(0, len(received) - 4)
                time.sleep(self.pause_seconds)
                session.more()
                self.pieces += 1
                received += session.buffer
                session.buffer = b""
            body, session.buffer = bytes(received[2 : end + 2]), bytes(received[end + 5 :])
        except (HungUp, OSError):
            self.torn.append(session.recipients[0])
            raise
        with self._lock:
            self.messages.append((session.recipients[0], body))
        self._answer(session, "DOT")

    def _answer(self, session: Session, name: str) -> str:
        with self._lock:
            texts = self.replies.get(name, ["500 what?"])
            text = texts.pop(0) if len(texts) > 1 else texts[0]
        if text == HANG:
            self._stop.wait(PATIENCE_SECONDS)
            raise HungUp
        if text == RESET:
            session.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            raise HungUp
        if text == CLOSE:
            raise HungUp
        session.sock.sendall(text.encode() + b"\r\n")
        if text.startswith("421"):
            raise HungUp
        return text
