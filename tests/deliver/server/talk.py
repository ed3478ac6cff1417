"""A client by hand, for the tests of the server: it says what it likes, when it likes."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from tests.waiting import PATIENCE_SECONDS

MESSAGE = b"From: a@example.org\r\nTo: b@example.org\r\nMessage-ID: <1@example.org>\r\n\r\nHello\r\n..dot\r\n.\r\n"


class Talk:
    """A client by hand: it says what it likes, when it likes."""

    def __init__(self, port: int):
        self.socket = socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS)
        self.file = self.socket.makefile("rb")

    def say(self, *lines: str | bytes) -> None:
        self.socket.sendall(b"".join(one if isinstance(one, bytes) else one.encode() + b"\r\n" for one in lines))

    def hear(self) -> str:
        """The code of the next reply; "" where the connection has ended."""
        try:
            while line := self.file.readline():
                if line[3:4] != b"-":
                    return line[:3].decode("latin-1")
        except ConnectionError:
            return "reset"
        return ""

    def hears(self, *codes: str) -> None:
        assert [self.hear() for _code in codes] == list(codes)

    def close(self) -> None:
        self.file.close()
        self.socket.close()


@contextmanager
def talk(port: int, *, is_greeted: bool = True) -> Iterator[Talk]:
    client = Talk(port)
    try:
        if is_greeted:
            client.hears("220")
            client.say("EHLO client.example.org")
            client.hears("250")
        yield client
    finally:
        client.close()


def envelope(name: str) -> tuple[str, str, str]:
    return ("MAIL FROM:<a@example.org>", f"RCPT TO:<{name}@example.org>", "DATA")
