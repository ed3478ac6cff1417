"""A little IMAP server in a thread of the tests' own: enough of RFC 3501 for a draft, where no Dovecot can be started.

What a real server does is tested against Dovecot; this one shows what an option asks of a server.
"""

from __future__ import annotations

import re
import socketserver
import threading
from pathlib import Path
from typing import Self

FOLDERS = {"INBOX": "", "Drafts": "\\Drafts", "Archive": ""}
LITERAL = re.compile(rb"\{(\d+)\+?\}\r\n$")


class PretendingServer:
    """A context manager; `messages` are those of each folder, by number."""

    def __init__(self) -> None:
        self.messages: dict[str, dict[int, bytes]] = {name: {} for name in FOLDERS}
        self.deleted: set[int] = set()
        self.next_number = 1
        outer = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                _Session(outer, self).run()

        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port: int = self._server.server_address[1]

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, daemon=True, kwargs={"poll_interval": 0.02}).start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def put(self, folder: str, octets: bytes) -> None:
        self.messages[folder][self.next_number] = octets
        self.next_number += 1

    def tell(self, path: Path) -> None:
        """What is there at the end."""
        lines = [f"{name} has {len(found)} messages" for name, found in self.messages.items()]
        path.write_text("\n".join(lines), "utf-8")


class _Session:
    def __init__(self, server: PretendingServer, handler: socketserver.StreamRequestHandler):
        self._server, self._in, self._out = server, handler.rfile, handler.wfile
        self._folder = ""

    def run(self) -> None:
        self._say(b"* OK [CAPABILITY IMAP4rev1 UIDPLUS SPECIAL-USE AUTH=PLAIN] ready")
        try:
            while line := self._in.readline():
                self._answer(line)
        except (TimeoutError, ConnectionError):
            pass

    def _say(self, line: bytes) -> None:
        self._out.write(line + b"\r\n")
        self._out.flush()

    def _literals(self, line: bytes) -> tuple[bytes, list[bytes]]:
        found = []
        while literal := LITERAL.search(line):
            self._say(b"+ go ahead")
            found.append(self._in.read(int(literal[1])))
            line = line[: literal.start()] + b"{}" + self._in.readline()
        return line.rstrip(b"\r\n"), found

    def _answer(self, line: bytes) -> None:
        line, literals = self._literals(line)
        tag, _blank, rest = line.partition(b" ")
        words = rest.split()
        verb = (words[1] if words[0].upper() == b"UID" else words[0]).upper().decode()
        answer = getattr(self, f"_{verb.lower()}", lambda *_args: None)(rest, literals)
        self._say(b"%s OK %s" % (tag, answer or b"done"))

    def _capability(self, rest: bytes, literals: list[bytes]) -> None:
        self._say(b"* CAPABILITY IMAP4rev1 UIDPLUS SPECIAL-USE AUTH=PLAIN")

    def _authenticate(self, rest: bytes, literals: list[bytes]) -> None:
        self._say(b"+ ")
        self._in.readline()

    def _list(self, rest: bytes, literals: list[bytes]) -> None:
        for name, use in FOLDERS.items():
            self._say(f'* LIST ({use}) "/" "{name}"'.encode())

    def _examine(self, rest: bytes, literals: list[bytes]) -> bytes:
        self._folder = rest.split()[1].strip(b'"').decode()
        self._say(b"* %d EXISTS" % len(self._server.messages[self._folder]))
        self._say(b"* OK [UIDVALIDITY 1] ok")
        return b"[READ-WRITE] done"

    _select = _examine

    def _search(self, rest: bytes, literals: list[bytes]) -> None:
        wanted = literals[-1] if literals else rest.split()[-1].strip(b'"')
        found = [uid for uid, octets in self._here.items() if wanted in octets and uid not in self._server.deleted]
        self._say(b"* SEARCH " + b" ".join(b"%d" % uid for uid in found))

    def _fetch(self, rest: bytes, literals: list[bytes]) -> None:
        for place, (uid, octets) in enumerate(self._here.items(), 1):
            self._say(b"* %d FETCH (UID %d BODY[] {%d}\r\n%s)" % (place, uid, len(octets), octets))

    def _append(self, rest: bytes, literals: list[bytes]) -> None:
        self._server.put(rest.split()[1].strip(b'"').decode(), literals[-1])

    def _store(self, rest: bytes, literals: list[bytes]) -> None:
        self._server.deleted |= {int(one) for one in rest.split()[2].split(b",")}

    def _expunge(self, rest: bytes, literals: list[bytes]) -> None:
        for uid in self._server.deleted:
            self._here.pop(uid, None)

    def _logout(self, rest: bytes, literals: list[bytes]) -> None:
        self._say(b"* BYE")

    @property
    def _here(self) -> dict[int, bytes]:
        return self._server.messages[self._folder]
