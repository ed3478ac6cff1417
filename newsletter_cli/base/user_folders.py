"""The user's own folders, outside every workspace: caches, and what this user has trusted.

A workspace may come from anybody, and so may every file in it. What must not is kept where only this user writes.
"""

from __future__ import annotations

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


def is_own(found: os.stat_result) -> bool:
    """Whether this user owns it, and nobody else may write it. Windows has access lists of its own for that."""
    return sys.platform == "win32" or (found.st_uid == os.geteuid() and not stat.S_IMODE(found.st_mode) & 0o022)
