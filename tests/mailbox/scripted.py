"""An IMAP server that says what it is told to: an inbox of a few messages, and named misbehaviours."""

from __future__ import annotations

import contextlib
import re
import socket
import socketserver
import threading
import time
from typing import Any

GREETINGS = {
    "bye": b"* BYE too many connections\r\n",
    "preauth": b"* PREAUTH welcome back\r\n",
    "http": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "garbage": b"\x00\xff\xfe\r\n",
}
LATE_SECONDS = 3.0


class ScriptedImap:
    """A context manager. It lets anybody in, and has one folder. `heard` are the commands it was given.

    `late`: takes seconds to name its capabilities; `silent`: says nothing at all; `bye`, `preauth`, `http`, `garbage`:
    another greeting; `refuse`: lets nobody in, and says their address; `cut`: closes amid a message; `no-header`: has
    messages without one; `nonsense`: answers that belong to no protocol; `lies`: more messages than there are.
    """

    def __init__(self, *misbehaviours: str, messages: tuple[bytes, ...] = ()):
        self.misbehaviours, self.messages = frozenset(misbehaviours), messages
        self.heard: list[str] = []

    def __enter__(self) -> ScriptedImap:
        server = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                with contextlib.suppress(OSError, ValueError):
                    _Talk(server, self).run()

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Talk:
    def __init__(self, server: ScriptedImap, handler: Any):
        self.server, self.file, self.sock = server, handler.rfile, handler.connection

    def says(self, name: str) -> bool:
        return name in self.server.misbehaviours

    def send(self, octets: bytes) -> None:
        self.sock.sendall(octets)

    def run(self) -> None:
        if self.says("silent"):
            self.file.read()
            return
        self.send(next((text for name, text in GREETINGS.items() if self.says(name)), b"* OK ready\r\n"))
        while line := self.file.readline():
            tag, _blank, command = line.strip().partition(b" ")
            self.server.heard.append(command.decode("utf-8", "replace"))
            if not self.answer(tag, command):
                return

    def answer(self, tag: bytes, command: bytes) -> bool:
        verb = command.split(b" ")[0].upper()
        if self.says("nonsense") and verb in (b"FETCH", b"UID"):
            self.send(b"* 1 FETCH (UID\r\n* (((\r\n" + tag + b" OK done\r\n")
            return True
        if verb == b"CAPABILITY":
            if self.says("late"):
                time.sleep(LATE_SECONDS)
            self.send(b"* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n")
        elif verb == b"AUTHENTICATE":
            self.send(b"+ \r\n")
            self.file.readline()
            if self.says("refuse"):
                self.send(tag + b" NO [AUTHENTICATIONFAILED] lettre@example.org may not\r\n")
                return True
        elif verb == b"EXAMINE":
            count = len(self.server.messages) * (1 + self.says("lies"))
            self.send(b"* %d EXISTS\r\n* OK [UIDVALIDITY 7]\r\n" % count)
        elif verb == b"SEARCH":
            self.send(b"* SEARCH %s\r\n" % b" ".join(b"%d" % one for one in range(1, len(self.server.messages) + 1)))
        elif verb in (b"FETCH", b"UID"):
            return self.fetch(tag, command)
        elif verb == b"LOGOUT":
            self.send(b"* BYE\r\n" + tag + b" OK\r\n")
            return False
        self.send(tag + b" OK done\r\n")
        return True

    def fetch(self, tag: bytes, command: bytes) -> bool:
        numbers = re.search(rb"FETCH ([\d,]+) \((.*)\)", command)
        assert numbers is not None
        for number in map(int, numbers[1].split(b",")):
            if number > len(self.server.messages):
                continue
            octets = self.server.messages[number - 1]
            if b"RFC822.SIZE" in numbers[2]:
                self.send(b"* %d FETCH (UID %d RFC822.SIZE %d)\r\n" % (number, number, len(octets)))
                continue
            is_header = b"HEADER" in numbers[2]
            name, text = (
                (b"BODY[HEADER]", octets.partition(b"\r\n\r\n")[0] + b"\r\n\r\n") if is_header else (b"BODY[]", octets)
            )
            if self.says("no-header") and is_header:
                text = b"\r\n"
            self.send(b"* %d FETCH (UID %d %s {%d}\r\n" % (number, number, name, len(text)))
            if self.says("cut") and not is_header:
                self.send(text[: len(text) // 2])
                self.sock.shutdown(socket.SHUT_RDWR)
                return False
            self.send(text + b")\r\n")
        self.send(tag + b" OK done\r\n")
        return True
