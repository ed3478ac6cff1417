"""Telling the open pages that something changed: server-sent events (WHATWG HTML, 9.2)."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

# Proxies and sleeping laptops cut silent connections; a comment is no event.
HEARTBEAT_SECONDS = 15.0
RETRY_MS = 500
# More pages than anybody has open: beyond, something is wrong.
MOST_STREAMS = 100
HEARTBEAT = b": still here\n\n"


class Stream:
    """What one page has not been told yet: of each issue, the newest version only."""

    def __init__(self) -> None:
        self._pending: dict[int, int] = {}
        self._is_ended = False
        self._news = asyncio.Event()

    def put(self, number: int, version: int) -> None:
        """Something to tell."""
        self._pending[number] = max(version, self._pending.get(number, 0))
        self._news.set()

    def end(self) -> None:
        """Nothing more will come."""
        self._is_ended = True
        self._news.set()

    async def messages(self, heartbeat_seconds: float) -> AsyncIterator[bytes]:
        """The stream's bytes, until it is ended."""
        yield f"retry: {RETRY_MS}\n\n".encode()
        while not self._is_ended:
            try:
                await asyncio.wait_for(self._news.wait(), heartbeat_seconds)
            except TimeoutError:
                yield HEARTBEAT
                continue
            self._news.clear()
            pending, self._pending = self._pending, {}
            for number, version in pending.items():
                data = json.dumps({"version": version, "issue": number})
                yield f"event: changed\nid: {version}\ndata: {data}\n\n".encode()


class Hub:
    """All open streams. Belongs to one event loop; only `publish_from_thread` may be called from elsewhere."""

    def __init__(self, *, heartbeat_seconds: float = HEARTBEAT_SECONDS) -> None:
        self._heartbeat_seconds = heartbeat_seconds
        self._streams: set[Stream] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_closed = False

    def __len__(self) -> int:
        return len(self._streams)

    @property
    def is_full(self) -> bool:
        """Whether no page can be told any more."""
        return len(self._streams) >= MOST_STREAMS

    def open(self) -> None:
        """Called in the event loop, before anything is published."""
        self._loop = asyncio.get_running_loop()

    def close(self) -> None:
        """Ends all streams: nobody keeps the server from stopping."""
        self._is_closed = True
        for stream in self._streams:
            stream.end()

    def publish(self, number: int, version: int) -> None:
        """Tells every open page that an issue has a new version."""
        for stream in self._streams:
            stream.put(number, version)

    def publish_from_thread(self, number: int, version: int) -> None:
        """The same from any thread; nothing where the loop is not there yet, or no longer."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self.publish, number, version)

    async def listen(self, newest: tuple[int, int] | None = None) -> AsyncIterator[bytes]:
        """The bytes for one page, until it goes away or the hub is closed.

        `newest` is told at once: the number and the version that the page may have missed while it was not listening.
        """
        stream = Stream()
        if newest is not None:
            stream.put(*newest)
        if self._is_closed:
            stream.end()
        self._streams.add(stream)
        messages = stream.messages(self._heartbeat_seconds)
        try:
            async for message in messages:
                yield message
        finally:
            self._streams.discard(stream)
