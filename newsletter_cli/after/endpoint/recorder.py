"""Many requests share one commit: what comes in while the log is being written is written together, next.

The log is written by one thread, so that the server goes on reading while a disk is waited for. What is told again
soon is not written again: one true token fills no disk. The log itself does not look: an index of references would be
read and written at random, and the laptop counts each once anyway.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import ParamSpec, TypeVar

from newsletter_cli.after.endpoint.entries import NewEntry
from newsletter_cli.after.endpoint.log import Log, LogUnavailable

# More than these wait only where the disk stands still.
MOST_WAITING = 20_000
BATCH = 5_000
# So many are remembered as written.
MOST_RECENT = 50_000

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
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="nl-endpoint-log")
        self._waiting: dict[str, tuple[NewEntry, asyncio.Future[None]]] = {}
        self._writing_now: dict[str, tuple[NewEntry, asyncio.Future[None]]] = {}
        self._recent: dict[str, None] = {}
        self._task: asyncio.Task[None] | None = None

    def record(self, entry: NewEntry) -> Awaitable[None]:
        """Done when the entry is on the disk. Raises `LogUnavailable`: it may be there all the same, and is told again
        by whoever was told so.
        """
        reference = entry.reference
        known = self._waiting.get(reference) or self._writing_now.get(reference)
        if known is not None:
            return asyncio.shield(known[1])
        done = asyncio.get_running_loop().create_future()
        if reference in self._recent:
            done.set_result(None)
            return done
        if len(self._waiting) >= MOST_WAITING:
            raise LogUnavailable("too many wait for the disk")
        self._waiting[reference] = (entry, done)
        if self._task is None:
            self._task = asyncio.create_task(self._write_all())
        return done

    async def in_turn(self, function: Callable[P, T], *arguments: P.args, **named: P.kwargs) -> T:
        """Call something that writes the log, by the thread that does. Raises `LogUnavailable`."""
        return await asyncio.get_running_loop().run_in_executor(
            self._thread, lambda: self._told(function, *arguments, **named)
        )

    async def close(self) -> None:
        """Write what waits, and let go of the log."""
        if self._task is not None:
            await self._task
        self._thread.shutdown()
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
        try:
            while self._waiting:
                self._writing_now = dict(islice(self._waiting.items(), BATCH))
                for reference in self._writing_now:
                    del self._waiting[reference]
                self._tell(await self._write([entry for entry, _done in self._writing_now.values()]))
        finally:
            self._task = None

    async def _write(self, batch: list[NewEntry]) -> BaseException | None:
        """Write them; what went wrong, whatever it is: somebody waits to be told."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._told, self.log.append, batch)
        except Exception as error:
            return error
        return None

    def _tell(self, fault: BaseException | None) -> None:
        """Tell whoever waits what became of it."""
        for _entry, done in self._writing_now.values():
            if done.cancelled():  # nobody waits any more
                continue
            if fault is None:
                done.set_result(None)
            else:
                done.set_exception(fault)
        if fault is None:
            self._recent |= dict.fromkeys(self._writing_now)
            for reference in list(islice(self._recent, max(0, len(self._recent) - MOST_RECENT))):
                del self._recent[reference]
        self._writing_now = {}
