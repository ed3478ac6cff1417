"""The lock of a file that stands for something larger: one holder at a time, whom the others wait for."""

from __future__ import annotations

import os
import time
from pathlib import Path
from types import TracebackType

from newsletter_cli.base.files import PRIVATE_FILE
from newsletter_cli.base.flock import try_lock, unlock

# How long until it is tried again; waiting for the system's own signal could not be ended by Ctrl-C on Windows.
PAUSE_SECONDS = 0.05
OPENING = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)


class LockTaken(Exception):
    """Somebody else holds the lock, and did not let go in time."""


class FileLock:
    """The lock of the file at `path`, held from here to `release` or to the end of the `with` block.

    The file is made, and stays: whoever waits must wait for the same one. Raises `LockTaken` where somebody else still
    holds it after `wait_seconds`, `OSError` where it cannot be locked at all.
    """

    __slots__ = ("_handle",)

    def __init__(self, path: Path, *, wait_seconds: float = float("inf")) -> None:
        self._handle = os.open(path, OPENING, PRIVATE_FILE)
        try:
            deadline = time.monotonic() + wait_seconds
            while not try_lock(self._handle):
                if time.monotonic() >= deadline:
                    raise LockTaken
                time.sleep(PAUSE_SECONDS)
        except BaseException:
            os.close(self._handle)
            raise

    def __enter__(self) -> FileLock:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()

    def release(self) -> None:
        """Let go of it."""
        try:
            unlock(self._handle)
        finally:
            os.close(self._handle)
