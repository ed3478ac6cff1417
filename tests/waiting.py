"""Waiting for what should happen, for much longer than it takes: a busy machine fails no test."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from typing import TypeVar

PATIENCE_SECONDS = 120
STEP_SECONDS = 0.005
Result = TypeVar("Result")


def nothing_happens() -> str:
    return "it does not happen"


def patiently(told: Callable[[], object] = nothing_happens, *, seconds: float = PATIENCE_SECONDS) -> Iterator[float]:
    """For a loop that looks and waits in its own way, and leaves once it has seen what it waits for: the seconds that
    are left, each time. Fails when there are none any more, with what `told` then knows.
    """
    deadline = time.monotonic() + seconds
    while (left_seconds := deadline - time.monotonic()) > 0:
        yield left_seconds
    raise AssertionError(told())


def wait_until(
    is_so: Callable[[], object],
    told: Callable[[], object] = nothing_happens,
    *,
    step_seconds: float = STEP_SECONDS,
    seconds: float = PATIENCE_SECONDS,
) -> None:
    """Look again and again until it is so; fails where it never is, with what `told` then knows."""
    for _left in patiently(told, seconds=seconds):
        if is_so():
            return
        time.sleep(step_seconds)


def outcome_within_patience(work: Callable[[], Result]) -> Result:
    """What comes of it; fails where it does not come to its end, rather than wait for ever.

    For what is given up early, beside something that would go on for ever.
    """
    results: list[Result] = []
    errors: list[BaseException] = []

    def run() -> None:
        try:
            results.append(work())
        except BaseException as error:
            errors.append(error)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(PATIENCE_SECONDS)
    assert not thread.is_alive(), f"it goes on after {PATIENCE_SECONDS} s"
    if errors:
        raise errors[0]
    return results[0]
