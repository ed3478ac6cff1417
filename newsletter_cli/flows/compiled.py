"""Templates compiled once, kept for the next run where the disk lets us."""

from __future__ import annotations

import contextlib

from jinja2 import BytecodeCache, FileSystemBytecodeCache
from jinja2.bccache import Bucket

from newsletter_cli.errors import StorageError
from newsletter_cli.workspace.folder import Workspace


class _OptionalCache(FileSystemBytecodeCache):
    """A cache whose disk may be full or read-only: a template is then compiled again."""

    def load_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


def compiled_templates(workspace: Workspace) -> BytecodeCache | None:
    """Where the workspace keeps compiled templates; `None` where it cannot."""
    try:
        return _OptionalCache(str(workspace.private_folder("cache")))
    except StorageError:
        return None
