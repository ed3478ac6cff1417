"""Files that appear whole or not at all, for every room that writes; `folders.py` has folders.

What is written goes to a name that `LEFTOVERS` matches, beside its place, and is renamed into it. A kill leaves that
name at worst: Git ignores it, the next writer sweeps it away. All of this raises `OSError`, which each room tells in
its own words.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

from newsletter_cli.base.flock import try_lock
from newsletter_cli.base.leftovers import HELD, IS_POSIX

PRIVATE_FILE = 0o600
USUAL_FILE = 0o644
# A file system takes 255 bytes for a name; a letter may be four of them.
MAX_SHOWN_NAME = 40


def write_aside(path: Path, content: bytes, *, mode: int | None = None, is_lasting: bool = True) -> Path:
    """Write what is to become `path` into a file beside it, and give that back.

    It has the mode of the file it will replace, unless told another. `is_lasting`: as far as the disk itself, so that
    it outlives a power cut; some disks say only then that they are full.
    """
    handle, name = _open_aside(path)
    aside = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            finish(file, is_lasting=is_lasting)
        _set_mode(aside, path, mode)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    return aside


def write_file(path: Path, content: bytes, *, mode: int | None = None, is_lasting: bool = True) -> None:
    """Make `content` the file `path`, over what is there: the old or the new, never half of each."""
    with _put_aside(path, lambda aside: aside.replace(path), mode=mode, is_lasting=is_lasting) as file:
        file.write(content)


def write_new_file(path: Path, content: bytes, *, mode: int = USUAL_FILE) -> None:
    """Make `content` the file `path`, whole at once. Raises `FileExistsError` where there is one."""
    if os.path.lexists(path):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))
    with _put_aside(path, lambda aside: _link_into_place(aside, path), mode=mode, is_lasting=True) as file:
        file.write(content)


@contextlib.contextmanager
def written_whole(path: Path, *, mode: int = PRIVATE_FILE) -> Iterator[BinaryIO]:
    """A file to write little by little; it takes the place of `path` when the block ends well, and only then."""
    with _put_aside(path, lambda aside: aside.replace(path), mode=mode, is_lasting=True) as file:
        yield file


@contextlib.contextmanager
def _put_aside(path: Path, put: Callable[[Path], object], *, mode: int | None, is_lasting: bool) -> Iterator[BinaryIO]:
    """A file beside `path`, which `put` brings into its place when the block has ended well.

    It is held all the while, so that what a killed run left is told at once from what is being written.
    """
    handle, aside = _open_held(path)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            finish(file, is_lasting=is_lasting)
            _set_mode(aside, path, mode)
            if IS_POSIX:
                # While it is held: from the moment that it is let go, anybody may sweep it away.
                put(aside)
        if not IS_POSIX:
            put(aside)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def _open_aside(path: Path, suffix: str = ".tmp") -> tuple[int, str]:
    # mkstemp's mode is 0600 until told otherwise.
    return tempfile.mkstemp(dir=path.parent, prefix=f".nl-{path.name[:MAX_SHOWN_NAME]}-", suffix=suffix)


def _open_held(path: Path) -> tuple[int, Path]:
    """A file beside `path`, and held: before it was, somebody may have swept it away."""
    while True:
        handle, name = _open_aside(path, HELD)
        is_ours = True
        with contextlib.suppress(OSError):  # some shares know no locks: it goes once it is old
            is_ours = not IS_POSIX or try_lock(handle)
        if is_ours and os.path.lexists(name):
            return handle, Path(name)
        os.close(handle)


def finish(file: BinaryIO, *, is_lasting: bool) -> None:
    """Have all of it written; `is_lasting`: as far as the disk itself."""
    file.flush()
    if is_lasting:
        os.fsync(file.fileno())


def _set_mode(aside: Path, path: Path, mode: int | None) -> None:
    if mode is not None:
        aside.chmod(mode)
    elif path.exists():
        shutil.copymode(path, aside)
    else:
        aside.chmod(USUAL_FILE)


def _link_into_place(aside: Path, path: Path) -> None:
    try:
        os.link(aside, path)
    except FileExistsError:
        raise
    except (OSError, NotImplementedError):
        # FAT and some shares know no links. Windows refuses to rename over a file by itself.
        if os.path.lexists(path):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        aside.rename(path)
    else:
        aside.unlink(missing_ok=True)
