"""What a command is about to change, kept as it was: in `.originals/`, beside the sections."""

from __future__ import annotations

import posixpath
from pathlib import Path

from newsletter_cli.base.files import write_file, write_new_file
from newsletter_cli.workspace.files import storage_errors

# A hidden folder beside the sections: never published, and it keeps itself out of Git.
ORIGINALS = ".originals"


def keep_original(folder: Path, name: str, content: bytes) -> str:
    """Keep a copy of what the file `name` of an issue's `folder` holds; of one that is there already, another beside
    it. Returns its path from that folder. Raises `StorageError`.
    """
    originals = folder / ORIGINALS
    target = originals / name
    with storage_errors(f"{ORIGINALS}/{name}"):
        target.parent.mkdir(parents=True, exist_ok=True)
        ignored = originals / ".gitignore"
        if not ignored.exists():
            write_file(ignored, b"*\n")
        count = 1
        while target.exists():
            if target.read_bytes() == content:
                return target.relative_to(folder).as_posix()
            count += 1
            target = originals / f"{posixpath.splitext(name)[0]}-{count}{posixpath.splitext(name)[1]}"
        write_new_file(target, content)
    return target.relative_to(folder).as_posix()
