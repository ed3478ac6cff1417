"""Many requests share one commit: what comes in while the log is being written is written together, next.

The log is written by one thread, so that the server goes on reading while a disk is waited for.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from newsletter_cli.after.endpoint.entries import NewEntry
from newsletter_cli.after.endpoint.log import Log, LogUnavailable

# More than these wait only where the disk stands still.
MOST_WAITING = 20_000
BATCH = 5_000

P = ParamSpec("P")
T = TypeVar("T")


class Recorder:
    """Appends to `log`, from one event loop. `on_change` is told when the log cannot be written (with the reason), and
    when it can again (`None`).
    """

    def __init__(self, log: Log, *, on_change: Callable[[LogUnavailable | None], None]) -> None:
        self.log = log
        self.fault: LogUnavailable | None = None
        self._on_change = on_change
        self._writing = ThreadPoolExecutor(1, thread_name_prefix="nl-endpoint-log")
        self._waiting: list[tuple[NewEntry, asyncio.Future[None]]] = []
        self._task: asyncio.Task[None] | None = None

    def record(self, entry: NewEntry) -> Awaitable[None]:
        """Done when the entry is on the disk. Raises `LogUnavailable`: it may be there all the same, and is told again
        by whoever was told so.
        """
        if len(self._waiting) >= MOST_WAITING:
            raise LogUnavailable("too many wait for the disk")
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, done))
        if self._task is None:
            self._task = asyncio.create_task(self._write_all())
        return done

    async def in_turn(self, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Call something that writes the log, by the thread that does. Raises `LogUnavailable`."""
        return await asyncio.get_running_loop().run_in_executor(
            self._writing, lambda: self._told(function, *arguments, **named)
        )

    async def close(self) -> None:
        """Write what waits, and let go of the log."""
        if self._task is not None:
            await self._task
        self._writing.shutdown()
        self.log.close()

    def _told(self, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        try:
            result = function(*arguments, **named)
        except LogUnavailable as fault:
            if self.fault is None:
                self._on_change(fault)
            self.fault = fault
            raise
        if self.fault is not None:
            self.fault = None
            self._on_change(None)
        return result

    async def _write_all(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:BATCH], self._waiting[BATCH:]
                fault: BaseException | None = None
                try:
                    entries = [entry for entry, _done in batch]
                    await loop.run_in_executor(self._writing, self._told, self.log.append, entries)
                except Exception as error:  # whoever waits is told, whatever it is
                    fault = error
                for _entry, done in batch:
                    if done.cancelled():  # nobody waits any more
                        continue
                    if fault is None:
                        done.set_result(None)
                    else:
                        done.set_exception(fault)
        finally:
            self._task = None
