"""What is being written this moment, and what killed runs left: files and folders that `LEFTOVERS` matches.

Each lies beside the place of what it was to become. All of this raises `OSError`.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sys
import time
from pathlib import Path

from newsletter_cli.base.flock import try_lock
from newsletter_cli.base.pattern import Pattern

# As a glob, and as a line of .gitignore.
LEFTOVERS = ".nl-*.tmp"


# Of these the one that writes has a lock, which ends with its process: who gets the lock may take the file away.
HELD = ".held.tmp"


IS_POSIX = sys.platform != "win32"


ABANDONED_SECONDS = 600


OLD_FOLDER = Pattern(r"\.nl-(.+)\.old-[0-9a-f]{8}\.tmp", re.DOTALL)


def sweep(folder: Path, *, is_alone: bool, of: str = "") -> None:
    """Take away what killed runs left in `folder`, and put back the folders they had moved aside.

    `is_alone`: no other `nl` writes there now, so that all of it is left over; else only what is old goes, and what
    nobody holds any more. With `of`, only what was to become the file of that name.
    """
    for left in leftovers(folder):
        with contextlib.suppress(OSError):
            old = OLD_FOLDER.fullmatch(left.name)
            if old and not os.path.lexists(folder / old[1]):
                left.rename(folder / old[1])
            elif not left.name.startswith(f".nl-{of}"):
                continue
            elif left.name.endswith(HELD) and IS_POSIX:
                _remove_unheld(left)
            elif is_alone or _is_abandoned(left):
                remove(left)


def leftovers(folder: Path) -> list[Path]:
    """What is being written in `folder` this moment, and what killed runs left there."""
    try:
        return sorted(folder.glob(LEFTOVERS))
    except OSError:
        return []


def _remove_unheld(left: Path) -> None:
    """Take it away while it is locked here, so that nobody can come to hold it meanwhile."""
    handle = os.open(left, os.O_RDWR)
    try:
        if try_lock(handle):
            left.unlink(missing_ok=True)
    except OSError:
        if _is_abandoned(left):
            left.unlink(missing_ok=True)
    finally:
        os.close(handle)


def _is_abandoned(left: Path) -> bool:
    # A folder that was moved aside keeps its date, however young the move.
    return OLD_FOLDER.fullmatch(left.name) is None and time.time() - left.stat().st_mtime > ABANDONED_SECONDS


def remove(path: Path) -> None:
    """Take away a file, a link, or a folder with all in it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
