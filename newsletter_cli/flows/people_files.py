"""The files with people in them that `nl` wrote, or was handed, beside its databases: where they are, never who is in
them. `nl list forget` looks there, and Git is asked about them.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from newsletter_cli.base.errors import StorageError
from newsletter_cli.base.files import PRIVATE_FILE, write_file
from newsletter_cli.workspace.folder import Workspace

REGISTER = "people-files.jsonl"


class Holding(StrEnum):
    """What such a file is. `given` was written by somebody else, who alone may change it."""

    ROWS = "rows"
    PERSON = "person"
    MESSAGES = "messages"
    HASHES = "hashes"
    GIVEN = "given"


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleFile:
    """A file, or a folder of messages, and what it holds."""

    path: Path
    holds: Holding


def remember(workspace: Workspace, path: Path, holds: Holding) -> None:
    """Keep in mind that people stand in a file or folder. Where `state/` cannot be written, that is all there is."""
    one = PeopleFile(path=Path(os.path.abspath(path)), holds=holds)  # noqa: PTH100 - links stay
    if one in read_all(workspace):
        return
    line = json.dumps({"path": workspace.name_of(one.path), "holds": holds}) + "\n"
    with contextlib.suppress(OSError, StorageError):
        workspace.private_folder("")
        handle = os.open(_register(workspace), os.O_WRONLY | os.O_CREAT | os.O_APPEND, PRIVATE_FILE)
        with os.fdopen(handle, "wb") as file:
            # In one go: two runs may be writing.
            file.write(line.encode())


def read_known(workspace: Workspace) -> list[PeopleFile]:
    """Those that are still there, in the order in which they were first written."""
    return [one for one in read_all(workspace) if os.path.lexists(one.path)]


def read_all(workspace: Workspace) -> list[PeopleFile]:
    """Those that were ever written; a line that a kill cut short is passed over."""
    return list(dict.fromkeys(one for line in _lines(workspace) if (one := _parse(workspace, line)) is not None))


def drop_names(workspace: Workspace, is_personal: Callable[[str], bool]) -> None:
    """Take out what is gone and whose very name says of whom it was. Raises `OSError`."""
    lines = _lines(workspace)
    kept = [line for line in lines if not (_is_gone(workspace, line) and is_personal(line))]
    if len(kept) < len(lines):
        write_file(_register(workspace), "".join(f"{line}\n" for line in kept).encode(), mode=PRIVATE_FILE)


def _is_gone(workspace: Workspace, line: str) -> bool:
    one = _parse(workspace, line)
    return one is None or not os.path.lexists(one.path)


def _register(workspace: Workspace) -> Path:
    return workspace.root / "state" / REGISTER


def _lines(workspace: Workspace) -> list[str]:
    try:
        return _register(workspace).read_text("utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return []


def _parse(workspace: Workspace, line: str) -> PeopleFile | None:
    try:
        found = json.loads(line)
        # An absolute path stays what it is.
        return PeopleFile(path=workspace.root / str(found["path"]), holds=Holding(found["holds"]))
    except (ValueError, KeyError, TypeError):
        return None
