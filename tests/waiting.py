"""Waiting for what should happen, for much longer than it takes: a busy machine fails no test."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import TypeVar

PATIENCE_SECONDS = 60
STEP_SECONDS = 0.005
Result = TypeVar("Result")


def wait_until(is_so: Callable[[], object], told: Callable[[], object] = lambda: "it does not happen") -> None:
    """Look again and again until it is so; fails where it never is, with what `told` then knows."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not is_so():
        assert time.monotonic() < deadline, told()
        time.sleep(STEP_SECONDS)


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
