"""Ctrl-C, and whoever else asks the process to end: the first time, what is under way is finished."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType

# SIGHUP: the terminal closes; SIGBREAK: Ctrl-Break on Windows. Each system has some of them.
SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")


class Interruption:
    """Whether somebody has asked for the end."""

    def __init__(self) -> None:
        self.is_asked = False

    def ask(self, _number: int, _frame: FrameType | None) -> None:
        """A signal: the first is noted, the second ends the process at once."""
        if self.is_asked:
            raise KeyboardInterrupt
        self.is_asked = True


@contextlib.contextmanager
def noting_interruption() -> Iterator[Callable[[], bool]]:
    """While the block runs, the first signal only makes what is yielded say so. Signals that are ignored stay so."""
    interruption = Interruption()
    before = {}
    for name in SIGNALS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) not in (signal.SIG_IGN, None):
            before[number] = signal.signal(number, interruption.ask)
    try:
        yield lambda: interruption.is_asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
