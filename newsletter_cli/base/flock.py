"""The system's own lock on an open file: one holder in whatever process. It ends with its process, however that ends.

By hand, in place of the usual library: that one takes 65 ms to load, as long as reading and rendering an issue does.
"""

from __future__ import annotations

import os
import sys
from errno import EACCES, EAGAIN, EDEADLK

# How systems say that somebody else has it.
TAKEN = (EACCES, EAGAIN, EDEADLK)

if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def unlock(handle: int) -> None:
        """Let go of it."""
        os.lseek(handle, 0, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def unlock(handle: int) -> None:
        """Let go of it."""
        fcntl.flock(handle, fcntl.LOCK_UN)


def try_lock(handle: int) -> bool:
    """Take the lock, at once or not at all: whether it is ours now. Raises `OSError` where there are no locks."""
    try:
        _lock(handle)
    except OSError as error:
        if error.errno in TAKEN:
            return False
        raise
    return True
