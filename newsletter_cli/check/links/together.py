"""Several slow questions at once, none of which can hold up the end of the process."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

# A blocking wait would not see Ctrl-C on Windows.
SLICE_SECONDS = 0.2


def ask_all(
    ask: Callable[[T], R],
    items: Iterable[T],
    *,
    threads: int,
    deadline_seconds: float,
    silence_seconds: float = float("inf"),
) -> Iterator[tuple[T, R]]:
    """The answers as they come in, until all are there or the time is up. Raises the first error that `ask` raises.

    Where nothing at all is answered for `silence_seconds`, the time is up, too.

    The threads are daemons: a name server that does not answer cannot be interrupted, and nobody who pressed Ctrl-C
    wants to wait for it. (`concurrent.futures` joins its threads when the interpreter ends.)
    """
    waiting: queue.SimpleQueue[T] = queue.SimpleQueue()
    count = 0
    for item in items:
        waiting.put(item)
        count += 1
    answers: queue.SimpleQueue[tuple[T, R] | BaseException] = queue.SimpleQueue()
    is_over = threading.Event()

    def work() -> None:
        while not is_over.is_set():
            try:
                item = waiting.get_nowait()
            except queue.Empty:
                return
            try:
                answers.put((item, ask(item)))
            except BaseException as error:
                # A thread that ended without a word would be waited for until the time is up.
                answers.put(error)

    for _thread in range(min(threads, count)):
        threading.Thread(target=work, daemon=True).start()
    start = time.monotonic()
    end = start + min(deadline_seconds, silence_seconds)
    try:
        while count and (left := end - time.monotonic()) > 0:
            try:
                answer = answers.get(timeout=min(left, SLICE_SECONDS))
            except queue.Empty:
                continue
            if isinstance(answer, BaseException):
                raise answer
            count -= 1
            end = start + deadline_seconds
            yield answer
    finally:
        is_over.set()
