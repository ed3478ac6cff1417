"""Templates compiled once, kept for the next run in the user's own cache folder, never in the workspace.

What is kept is code, and is run as it is found: a workspace may come from anybody, and must not bring any.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import platform
import sys
from functools import lru_cache
from pathlib import Path

import jinja2
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from newsletter_cli import __version__
from newsletter_cli.base.files import PRIVATE_FILE, write_file
from newsletter_cli.base.leftovers import sweep
from newsletter_cli.base.user_folders import own_cache, read_own
from newsletter_cli.workspace.folder import Workspace

MOST_FILES = 500
PREFIX, SUFFIX = "template-", ".bin"
RUNTIME = (__version__, jinja2.__version__, sys.implementation.cache_tag, platform.python_version())


class UserCache(BytecodeCache):
    """Compiled templates by the hash of all that they are compiled from. Without a disk, they are compiled again."""

    def __init__(self, folder: Path):
        self.folder = folder

    def get_bucket(
        self, environment: jinja2.Environment, name: str, filename: str | None, source: str
    ) -> Bucket:  # the name and the place are part of the code: its tracebacks show them
        """The template's code, if it is known."""
        options = (
            environment.sandboxed,
            environment.autoescape,
            environment.trim_blocks,
            environment.lstrip_blocks,
            environment.finalize is not None,
        )
        made_from = repr((RUNTIME, options, name, filename, source))
        key = hashlib.sha256(made_from.encode("utf-8", "surrogatepass")).hexdigest()
        bucket = Bucket(environment, key, key)
        self.load_bytecode(bucket)
        return bucket

    def load_bytecode(self, bucket: Bucket) -> None:
        """Only from a file that this user wrote, and nobody else could have."""
        try:
            bucket.load_bytecode(io.BytesIO(read_own(self._path(bucket))))
        except Exception:  # one cut short by a full disk raises what its bytes happen to say
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Written aside, then renamed: another run reads all of it or nothing."""
        with contextlib.suppress(OSError):
            sweep(self.folder, is_alone=False)
            write_file(self._path(bucket), bucket.bytecode_to_string(), mode=PRIVATE_FILE, is_lasting=False)
            prune(self.folder, f"{PREFIX}*", MOST_FILES)

    def _path(self, bucket: Bucket) -> Path:
        return self.folder / f"{PREFIX}{bucket.key}{SUFFIX}"


def prune(folder: Path, files: str, most: int) -> None:
    """The oldest of `files` (a glob) go once there are many: each change leaves one that nobody asks for any more.

    Raises `OSError`.
    """
    found = [(path.stat().st_mtime, path) for path in folder.glob(files)]
    if len(found) > most:
        for _modified, path in sorted(found)[: len(found) - most // 2]:
            path.unlink(missing_ok=True)


def compiled_templates(workspace: Workspace) -> BytecodeCache | None:
    """Where this user's compiled templates are kept; `None` where no folder is safe for it."""
    _sweep_former(workspace)
    folder = own_cache("templates", workspace.root)
    return None if folder is None else _cache(folder)


@lru_cache(maxsize=4)
def _cache(folder: Path) -> UserCache:
    return UserCache(folder)


def _sweep_former(workspace: Workspace) -> None:
    """Earlier versions kept code in `state/cache`. Nothing there is read; it only takes room."""
    folder = workspace.root / "state" / "cache"
    with contextlib.suppress(OSError):
        if folder.is_dir() and not folder.is_symlink() and not folder.parent.is_symlink():
            for path in folder.glob("__jinja2_*"):
                path.unlink()
            folder.rmdir()
