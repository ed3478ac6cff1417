"""A mail server that throws everything away, for measuring `nl send` where Postfix's `smtp-sink` is the slower one.

`python -m bench.receiver [--latency-ms 20] [--record FILE]` serves on a loopback port until it is interrupted;
`python -m bench.receiver --blast 100000` measures it with a client that does nothing but write. One process, one
thread; PIPELINING, and the next envelope together with a body's end (RFC 2920 §3.1).

It relies on one thing that each client must do anyway: nobody sends a body before the 354. So after the end of the
data comes an envelope at most, and the end lies among the last `TAIL` bytes of what a read brought.
"""

from __future__ import annotations

import argparse
import contextlib
import heapq
import multiprocessing
import selectors
import socket
import time
from collections.abc import Iterator
from ctypes import Array, c_double
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import RawArray
from pathlib import Path
from typing import TextIO

HOST = "127.0.0.1"
END = b"\r\n.\r\n"
# More than three commands with the longest addresses take.
TAIL = 4096
OVERLAP = len(END) - 1
READ_BYTES = 1 << 20
GREETING = b"220 receiver.example.org ESMTP\r\n"
TAKEN = b"250 2.0.0 Ok\r\n"
REPLIES = {
    b"EHLO": b"250-receiver.example.org\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n",
    b"HELO": b"250 receiver.example.org\r\n",
    b"MAIL": b"250 2.1.0 Ok\r\n",
    b"RCPT": b"250 2.1.5 Ok\r\n",
    b"DATA": b"354 End data with <CR><LF>.<CR><LF>\r\n",
    b"RSET": b"250 2.0.0 Ok\r\n",
    b"NOOP": b"250 2.0.0 Ok\r\n",
    b"QUIT": b"221 2.0.0 Bye\r\n",
}
UNKNOWN = b"502 5.5.2 Unknown command\r\n"

# What a run tells: messages taken, and when the first and the last of them were (clock of `time.monotonic`).
Told = Array[c_double]
COUNT, FIRST, LAST = range(3)


class Conversation:
    """One connection: where it stands, and what of its bytes has to wait for the next ones."""

    def __init__(self, connection: socket.socket, receiver: Receiver) -> None:
        self.connection = connection
        self.receiver = receiver
        self.is_body = False
        self.is_over = False
        # Of a body: its last bytes. Otherwise: the beginning of a command.
        self.kept = b""
        self.recipient = b""

    def take(self, count: int) -> bytes:
        """The replies to what was read into the receiver's buffer, behind room for `OVERLAP` bytes."""
        buffer, end = self.receiver.buffer, count + OVERLAP
        if not self.is_body:
            return self.obey(self.kept + buffer[OVERLAP:end])
        buffer[:OVERLAP] = self.kept
        found = buffer.find(END, max(0, end - TAIL), end)
        if found < 0:
            self.kept = bytes(buffer[end - OVERLAP : end])
            return b""
        self.finish()
        return TAKEN + self.obey(bytes(buffer[found + len(END) : end]))

    def obey(self, data: bytes) -> bytes:
        """The replies to commands. What comes after a DATA is a body."""
        replies = b""
        while (end := data.find(b"\n")) >= 0:
            line, data = data[:end], data[end + 1 :]
            verb = line[:4].upper()
            replies += REPLIES.get(verb, UNKNOWN)
            if verb == b"RCPT":
                self.recipient = line
            elif verb == b"QUIT":
                self.is_over = True
            elif verb == b"DATA":
                # An empty message is a dot alone: the line end before it is that of DATA.
                self.is_body, self.kept = True, b"..\r\n"
                if not data:
                    return replies
                whole = self.kept + data
                if (found := whole.find(END)) < 0:
                    self.kept = whole[-OVERLAP:]
                    return replies
                self.finish()
                data = whole[found + len(END) :]
                replies += TAKEN
        self.kept = data
        return replies

    def finish(self) -> None:
        self.is_body = False
        told = self.receiver.told
        told[LAST] = time.monotonic()
        if not told[COUNT]:
            told[FIRST] = told[LAST]
        told[COUNT] += 1
        if self.receiver.record is not None:
            address = self.recipient.partition(b"<")[2].partition(b">")[0]
            self.receiver.record.write(address.decode() + "\n")


class Receiver:
    """Listens on a free loopback port; `serve` answers until the process is ended."""

    def __init__(self, *, told: Told, latency_seconds: float = 0, record: TextIO | None = None) -> None:
        self.told = told
        self.latency_seconds = latency_seconds
        self.record = record
        self.buffer = bytearray(OVERLAP + READ_BYTES)
        self.room = memoryview(self.buffer)[OVERLAP:]
        self.selector = selectors.DefaultSelector()
        # Batches of replies that are held back: when they are due, their order, whose they are.
        self.waiting: list[tuple[float, int, Conversation, bytes, bool]] = []
        self.order = 0
        self.listener = socket.create_server((HOST, 0), backlog=512)
        self.listener.setblocking(False)
        self.port: int = self.listener.getsockname()[1]
        self.selector.register(self.listener, selectors.EVENT_READ)

    def serve(self) -> None:
        while True:
            timeout = max(0.0, self.waiting[0][0] - time.monotonic()) if self.waiting else None
            for key, _mask in self.selector.select(timeout):
                if key.data is None:
                    self.accept()
                else:
                    self.read(key.data)
            while self.waiting and self.waiting[0][0] <= time.monotonic():
                _due, _order, conversation, replies, is_over = heapq.heappop(self.waiting)
                self.send(conversation, replies, is_over=is_over)

    def accept(self) -> None:
        with contextlib.suppress(BlockingIOError):
            connection, _peer = self.listener.accept()
            connection.setblocking(False)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            conversation = Conversation(connection, self)
            self.selector.register(connection, selectors.EVENT_READ, conversation)
            self.reply(conversation, GREETING)

    def read(self, conversation: Conversation) -> None:
        try:
            count = conversation.connection.recv_into(self.room)
        except BlockingIOError:
            return
        except OSError:
            count = 0
        if not count:
            self.close(conversation)
        elif replies := conversation.take(count):
            self.reply(conversation, replies)

    def reply(self, conversation: Conversation, replies: bytes) -> None:
        if not self.latency_seconds:
            self.send(conversation, replies, is_over=conversation.is_over)
            return
        self.order += 1
        due = time.monotonic() + self.latency_seconds
        heapq.heappush(self.waiting, (due, self.order, conversation, replies, conversation.is_over))

    def send(self, conversation: Conversation, replies: bytes, *, is_over: bool) -> None:
        if conversation.connection.fileno() < 0:
            return
        try:
            conversation.connection.send(replies)
        except OSError:
            is_over = True
        if is_over:
            self.close(conversation)

    def close(self, conversation: Conversation) -> None:
        if conversation.connection.fileno() >= 0:
            self.selector.unregister(conversation.connection)
            conversation.connection.close()


def _serve(connection: Connection, told: Told, latency_seconds: float) -> None:
    receiver = Receiver(told=told, latency_seconds=latency_seconds)
    connection.send(receiver.port)
    receiver.serve()


@contextlib.contextmanager
def running_receiver(*, latency_seconds: float = 0) -> Iterator[tuple[int, Told]]:
    """A receiver in a process of its own: its port, and what it tells."""
    told: Told = RawArray(c_double, 3)
    ours, theirs = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    work = context.Process(target=_serve, args=(theirs, told, latency_seconds), daemon=True)
    work.start()
    try:
        yield ours.recv(), told
    finally:
        work.terminate()
        work.join()


def blast(port: int, messages: int, *, connections: int, body: bytes) -> float:
    """Seconds that it takes to write so many copies of a body: what the receiver, or loopback itself, can take."""
    envelope = b"MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n"
    again, last = memoryview(body + END + envelope), memoryview(body + END + b"QUIT\r\n")
    selector = selectors.DefaultSelector()
    start = time.perf_counter()
    for _number in range(connections):
        connection = socket.create_connection((HOST, port))
        connection.recv(4096)
        connection.sendall(b"EHLO blast.example.org\r\n")
        connection.recv(4096)
        connection.sendall(envelope)
        connection.setblocking(False)
        selector.register(connection, selectors.EVENT_READ, memoryview(b""))
    left = messages
    while selector.get_map():
        for key, mask in selector.select():
            assert isinstance(key.fileobj, socket.socket)
            rest: memoryview = key.data
            if mask & selectors.EVENT_READ:
                replies = key.fileobj.recv(4096)
                if b"354 " in replies:
                    left -= 1
                    rest = again if left >= connections else last
                elif not replies or b"221 " in replies:
                    selector.unregister(key.fileobj)
                    key.fileobj.close()
                    continue
            if rest:
                with contextlib.suppress(BlockingIOError):
                    rest = rest[key.fileobj.send(rest) :]
            events = selectors.EVENT_READ | (selectors.EVENT_WRITE if rest else 0)
            if events != key.events or rest is not key.data:
                selector.modify(key.fileobj, events, rest)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.receiver", description=__doc__)
    parser.add_argument("--latency-ms", type=float, default=0, help="hold each batch of replies back by so long")
    parser.add_argument("--record", type=Path, help="write the recipients there, one a line")
    parser.add_argument("--blast", type=int, metavar="MESSAGES", help="measure it, then end")
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--bytes", type=int, default=85_000)
    options = parser.parse_args()
    if options.blast:
        body = (b"x" * 76 + b"\r\n") * (options.bytes // 78)
        with running_receiver(latency_seconds=options.latency_ms / 1000) as (port, told):
            seconds = blast(port, options.blast, connections=options.connections, body=body)
        print(f"{told[COUNT]:.0f} messages of {len(body)} bytes: {told[COUNT] / seconds:.0f}/s")
        return
    told = RawArray(c_double, 3)
    with options.record.open("w", encoding="utf-8") if options.record else contextlib.nullcontext() as record:
        receiver = Receiver(told=told, latency_seconds=options.latency_ms / 1000, record=record)
        print(f"smtp://{HOST}:{receiver.port}", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            receiver.serve()
    print(f"{told[COUNT]:.0f} messages in {told[LAST] - told[FIRST]:.2f} s")


if __name__ == "__main__":
    main()
