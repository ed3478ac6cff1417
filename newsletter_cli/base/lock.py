"""One holder of a file's lock at a time, in whatever process. The system's own: it ends with its process, however that
ends.

By hand, in place of the usual library: that one takes 65 ms to load, as long as reading and rendering an issue does.
"""

from __future__ import annotations

import os
import sys
import time
from errno import EACCES, EAGAIN, EDEADLK
from pathlib import Path
from types import TracebackType

from newsletter_cli.base.files import PRIVATE_FILE

# How long until it is tried again; waiting for the system's own signal could not be ended by Ctrl-C on Windows.
PAUSE_SECONDS = 0.05
OPENING = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0)
# How systems say that somebody else has it.
TAKEN = (EACCES, EAGAIN, EDEADLK)

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _unlock(handle: int) -> None:
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)


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
            _wait(self._handle, time.monotonic() + wait_seconds)
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
            _unlock(self._handle)
        finally:
            os.close(self._handle)


def _wait(handle: int, deadline: float) -> None:
    while True:
        try:
            return _lock(handle)
        except OSError as error:
            if error.errno not in TAKEN:
                raise
        if time.monotonic() >= deadline:
            raise LockTaken
        time.sleep(PAUSE_SECONDS)
