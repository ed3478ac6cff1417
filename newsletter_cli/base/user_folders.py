"""The user's own folders, outside every workspace: caches, and what this user has trusted.

A workspace may come from anybody, and so may every file in it. What must not is kept where only this user writes.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from pathlib import Path

APP = "newsletter-cli"
CACHE_VARIABLE, CONFIG_VARIABLE = "NL_CACHE_DIR", "NL_CONFIG_DIR"
PRIVATE_MODE = 0o700


def cache_folder() -> Path:
    """Where this user's caches are kept; the folder need not exist."""
    if chosen := os.environ.get(CACHE_VARIABLE):
        return Path(chosen)
    from platformdirs import user_cache_path

    return user_cache_path(APP, appauthor=False)


def config_folder() -> Path:
    """Where this user's settings are kept; the folder need not exist."""
    if chosen := os.environ.get(CONFIG_VARIABLE):
        return Path(chosen)
    from platformdirs import user_config_path

    return user_config_path(APP, appauthor=False)


def is_outside(folder: Path, workspace: Path) -> bool:
    """Whether a folder lies where no file of the workspace can be; a relative one may lie anywhere."""
    return folder.is_absolute() and not Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(workspace))


def make_private(folder: Path) -> bool:
    """Make the folder, for this user only. False where it is a link, somebody else's, or cannot be made."""
    try:
        folder.mkdir(mode=PRIVATE_MODE, parents=True, exist_ok=True)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode) or not is_own(found):
            return False
        if os.name == "posix" and stat.S_IMODE(found.st_mode) != PRIVATE_MODE:
            # Others could have written into it until now.
            if stat.S_IMODE(found.st_mode) & 0o022:
                return False
            folder.chmod(PRIVATE_MODE)
    except OSError:
        return False
    return True


def own_cache(name: str, workspace: Path) -> Path | None:
    """A folder of the user's caches, made where it is not there; `None` where no folder is safe for it."""
    folder = cache_folder()
    if not is_outside(folder, workspace) or not make_private(folder) or not make_private(folder / name):
        return None
    return folder / name


def read_own(path: Path) -> bytes:
    """A file of such a folder. Raises `OSError`, `PermissionError` for one that others could have written."""
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, flags), "rb") as file:
        if not is_own(os.fstat(file.fileno())):
            raise PermissionError(errno.EPERM, os.strerror(errno.EPERM), str(path))
        return file.read()


def is_own(found: os.stat_result) -> bool:
    """Whether this user owns it, and nobody else may write it. Windows has access lists of its own for that."""
    return sys.platform == "win32" or (found.st_uid == os.geteuid() and not stat.S_IMODE(found.st_mode) & 0o022)
