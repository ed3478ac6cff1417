"""What is to be written on one connection, and whether a final dot is among what has left. No socket here."""

from __future__ import annotations

from collections import deque


class Outbox:
    """Buffers in order, each kept as it was given: a body is not copied.

    At most one buffer at a time begins with a final dot; `is_dot_out` is true from the moment that any of it may have
    left this machine, until the next `append_dot`.
    """

    def __init__(self) -> None:
        self.buffers: deque[bytes | memoryview] = deque()
        self.is_dot_out = False
        self._dot: bytes | None = None

    def append(self, data: bytes) -> None:
        """To be written next."""
        if data:
            self.buffers.append(data)

    def append_dot(self, data: bytes) -> None:
        """The same, for what begins with a message's final dot."""
        self._dot = data
        self.is_dot_out = False
        self.buffers.append(data)

    def offering(self) -> None:
        """The first buffer is about to be given to TLS, which may send some of it and yet report that it did not."""
        if self.buffers[0] is self._dot:
            self._dot, self.is_dot_out = None, True

    def taken(self, size_bytes: int) -> None:
        """The socket took so much."""
        while size_bytes:
            head = self.buffers[0]
            if head is self._dot:
                self._dot, self.is_dot_out = None, True
            if size_bytes < len(head):
                self.buffers[0] = memoryview(head)[size_bytes:]
                return
            self.buffers.popleft()
            size_bytes -= len(head)

    def clear(self) -> None:
        """Nothing more will be written."""
        self.buffers.clear()
        self._dot = None
