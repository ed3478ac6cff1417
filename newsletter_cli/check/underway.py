"""A check that runs while something else is done: sites and programs take their time, and nobody need wait for both."""

from __future__ import annotations

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Generic, TypeVar

Found = TypeVar("Found")

# A blocking wait would not see Ctrl-C on Windows.
SLICE_SECONDS = 0.1
# For the program that does it to be ended and its folder cleared.
LEAVE_SECONDS = 3.0


class Underway(Generic[Found]):
    """`check` running in a thread of its own, from `with` to `report()`.

        with Underway(lambda is_stopped: check_links(places, …, is_stopped=is_stopped)) as underway:
            …
            report = underway.report()

    Who leaves the block before (an error, Ctrl-C) ends the check, and its program with it. What the check calls is
    called in that thread.
    """

    def __init__(self, check: Callable[[Callable[[], bool]], Found]) -> None:
        self._check = check
        self._is_stopped = threading.Event()
        self._found: list[Found] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Underway[Found]:
        """Starts the check."""
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Ends it, if it still runs."""
        self._is_stopped.set()
        self._thread.join(LEAVE_SECONDS)

    def report(self) -> Found:
        """The report, when it is there. Raises what the check raised."""
        while self._thread.is_alive():
            self._thread.join(SLICE_SECONDS)
        if self._error is not None:
            raise self._error
        return self._found[0]

    def _run(self) -> None:
        try:
            self._found.append(self._check(self._is_stopped.is_set))
        except BaseException as error:
            self._error = error
