"""Folders that appear whole or not at all, for every room that writes. All of this raises `OSError`."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

from newsletter_cli.base.files import finish
from newsletter_cli.base.leftovers import OLD_FOLDER, leftovers, remove

# Others may be changing the same folder; each time round, one of them has come through.
MAX_SWAPS = 100


SOMETHING_IS_THERE = frozenset({errno.ENOTEMPTY, errno.EEXIST, errno.ENOTDIR, errno.EISDIR, errno.EACCES})


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
                remove(old)
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
            remove(old)
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
            finish(file, is_lasting=is_lasting)
    return sizes
