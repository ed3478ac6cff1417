"""How the server reads: a stream that knows what is waiting, and what is wrong with a message on the wire."""

from __future__ import annotations

import asyncio
import re
from typing import Any


class Reader(asyncio.StreamReader):
    """A reader that knows how much is waiting, and ends the talk where the client has left."""

    async def readuntil(self, separator: Any = b"\n") -> bytes:
        try:
            return await super().readuntil(separator)
        except (asyncio.IncompleteReadError, ConnectionError):
            raise asyncio.CancelledError from None

    @property
    def waiting_bytes(self) -> int:
        return len(self._buffer)  # type: ignore[attr-defined]

    async def peek(self, size: int) -> bytes:
        """The next octets, left where they are. Ends the talk if there will never be so many."""
        while self.waiting_bytes < size:
            if self.at_eof() or self._eof:  # type: ignore[attr-defined]
                raise asyncio.CancelledError
            await self._wait_for_data("peek")  # type: ignore[attr-defined]
        return bytes(self._buffer[:size])  # type: ignore[attr-defined]

    def forget(self) -> None:
        """Throw away what is waiting."""
        self._buffer.clear()  # type: ignore[attr-defined]

    async def read_content(self) -> bytes:
        """The message as sent, its final dot included."""
        if await self.peek(3) == b".\r\n":
            return await self.readexactly(3)
        return await self.readuntil(b"\r\n.\r\n")


def faults_of(raw: bytes, *, is_8bit: bool) -> list[str]:
    """What is wrong with a message on the wire (RFC 5321 §2.3.8, §4.5.2, §4.5.3.1.6)."""
    faults = []
    if raw[:-3].count(b"\n") != raw[:-3].count(b"\r\n") or raw.count(b"\r") != raw.count(b"\r\n"):
        faults.append("a bare CR or LF")
    if re.search(rb"(?:\A|\n)\.(?![.])", raw[:-3]):
        faults.append("a dot at the beginning of a line that is not doubled")
    if max(map(len, raw.split(b"\n"))) > 999:
        faults.append("a line of more than 998 octets")
    if not is_8bit and not raw.isascii():
        faults.append("8-bit octets without BODY=8BITMIME")
    if b"\0" in raw:
        faults.append("a NUL")
    return faults
