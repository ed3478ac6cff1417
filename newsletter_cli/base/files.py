"""Files and folders that appear whole or not at all, for every room that writes.

What is written goes to a name that `LEFTOVERS` matches, beside its place, and is renamed into it. A kill leaves that
name at worst: Git ignores it, the next writer sweeps it away. All of this raises `OSError`, which each room tells in
its own words.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import BinaryIO

from newsletter_cli.base.flock import try_lock
from newsletter_cli.base.pattern import Pattern

# As a glob, and as a line of .gitignore.
LEFTOVERS = ".nl-*.tmp"
# Of these the one that writes has a lock, which ends with its process: who gets the lock may take the file away.
HELD = ".held.tmp"
IS_POSIX = sys.platform != "win32"
PRIVATE_FILE = 0o600
USUAL_FILE = 0o644
ABANDONED_SECONDS = 600
# A file system takes 255 bytes for a name; a letter may be four of them.
MAX_SHOWN_NAME = 40
# Others may be changing the same folder; each time round, one of them has come through.
MAX_SWAPS = 100
OLD_FOLDER = Pattern(r"\.nl-(.+)\.old-[0-9a-f]{8}\.tmp", re.DOTALL)
SOMETHING_IS_THERE = frozenset({errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.EACCES})


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
            _finish(file, is_lasting=is_lasting)
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
            _finish(file, is_lasting=is_lasting)
            _set_mode(aside, path, mode)
            if IS_POSIX:
                # While it is held: from the moment that it is let go, anybody may sweep it away.
                put(aside)
        if not IS_POSIX:
            put(aside)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise


def replace_folder(
    folder: Path, contents: Mapping[str, bytes | Iterator[bytes]], *, copied: Mapping[str, Path]
) -> dict[str, int]:
    """Make `folder` hold exactly `contents` and the `copied` files, all together or not at all.

    Keys are paths relative to the folder, with forward slashes; a content may come piece by piece. Returns the size
    in bytes of each of `contents`. Everything is written to a folder beside it, then the
    two change places. What a crash between the two renames leaves is put back by `recover_folder`.
    """
    # Not as far as the disk, which doubles the time of an assembly: it can be made again.
    return _put_folder(folder, contents, copied, is_new=False)


def write_new_folder(folder: Path, contents: Mapping[str, bytes]) -> None:
    """Make a folder that holds `contents`, whole at once. Raises `FileExistsError` where there is one."""
    _put_folder(folder, contents, {}, is_new=True)


def recover_folder(folder: Path) -> None:
    """Put back a folder that an interrupted `replace_folder` left aside."""
    for old in _old_folders(folder):
        # Another process may be the one that moved it, and go on this moment.
        with contextlib.suppress(OSError):
            if not os.path.lexists(folder):
                old.rename(folder)


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
                _remove(left)


def leftovers(folder: Path) -> list[Path]:
    """What is being written in `folder` this moment, and what killed runs left there."""
    try:
        return sorted(folder.glob(LEFTOVERS))
    except OSError:
        return []


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


def _finish(file: BinaryIO, *, is_lasting: bool) -> None:
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


def _put_folder(
    folder: Path, contents: Mapping[str, bytes | Iterator[bytes]], copied: Mapping[str, Path], *, is_new: bool
) -> dict[str, int]:
    folder.parent.mkdir(parents=True, exist_ok=True)
    recover_folder(folder)
    aside, old = (folder.with_name(f".nl-{folder.name}.{what}-{os.urandom(4).hex()}.tmp") for what in ("new", "old"))
    try:
        aside.mkdir()
        sizes = _fill(aside, contents, copied, is_lasting=is_new)
        if is_new:
            _move(aside, folder)
        else:
            _swap(aside, folder, old)
    except BaseException:
        recover_folder(folder)
        shutil.rmtree(aside, ignore_errors=True)
        raise
    finally:
        # Unless it is the only one that is left.
        if os.path.lexists(folder):
            with contextlib.suppress(OSError):
                _remove(old)
    return sizes


def _swap(aside: Path, folder: Path, old: Path) -> None:
    """`aside` becomes `folder`, and what was there `old`; as often as another process is in between."""
    for turn in range(MAX_SWAPS):
        with contextlib.suppress(FileNotFoundError):
            folder.rename(old)
        try:
            aside.rename(folder)
        except OSError as error:
            if turn + 1 == MAX_SWAPS or error.errno not in SOMETHING_IS_THERE or not os.path.lexists(folder):
                raise
            _remove(old)
        else:
            return


def _move(aside: Path, folder: Path) -> None:
    # POSIX renames a folder over an empty one, which somebody may have made.
    if os.path.lexists(folder):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder))
    try:
        aside.rename(folder)
    except OSError:
        if os.path.lexists(folder):
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(folder)) from None
        raise


def _old_folders(folder: Path) -> Iterator[Path]:
    for left in leftovers(folder.parent):
        found = OLD_FOLDER.fullmatch(left.name)
        if found and found[1] == folder.name:
            yield left


def _is_abandoned(left: Path) -> bool:
    # A folder that was moved aside keeps its date, however young the move.
    return OLD_FOLDER.fullmatch(left.name) is None and time.time() - left.stat().st_mtime > ABANDONED_SECONDS


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _fill(
    aside: Path, contents: Mapping[str, bytes | Iterator[bytes]], copied: Mapping[str, Path], *, is_lasting: bool
) -> dict[str, int]:
    sizes = {}
    for relative, source in copied.items():
        target = aside / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)
    for relative, content in contents.items():
        target = aside / relative
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            sizes[relative] = sum(map(file.write, (content,) if isinstance(content, bytes) else content))
            _finish(file, is_lasting=is_lasting)
    return sizes
