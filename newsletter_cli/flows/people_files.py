"""The files with people in them that `nl` wrote, or was handed, beside its databases: where they are, never who is in
them. `nl list forget` looks there, and Git is asked about them.
"""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from newsletter_cli.base.errors import StorageError, TransportError
from newsletter_cli.base.files import PRIVATE_FILE, write_file
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.workspace.folder import Workspace

REGISTER = "people-files.jsonl"
USUAL_LIST = "list.csv"
SQLITE = Pattern(r"sqlite(?:\+\w+)?:///(?P<path>[^?#]+)")


class Holding(StrEnum):
    """What such a file is. `given` was written by somebody else, who alone may change it."""

    ROWS = "rows"
    PERSON = "person"
    MESSAGES = "messages"
    HASHES = "hashes"
    GIVEN = "given"


class PeopleFile(Struct, frozen=True, kw_only=True):
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


def places_with_people(workspace: Workspace) -> dict[Path, bool]:
    """Where people stand, by configuration or because `nl` wrote it; whether that is a folder."""
    return dict(_configured(workspace)) | {one.path: one.holds is Holding.MESSAGES for one in read_known(workspace)}


def read_all(workspace: Workspace) -> list[PeopleFile]:
    """Those that were ever written; a line that a kill cut short is passed over."""
    return list(dict.fromkeys(one for line in _lines(workspace) if (one := _parse(workspace, line)) is not None))


def drop_names(workspace: Workspace, is_personal: Callable[[str], bool]) -> None:
    """Take out what is gone and whose very name says of whom it was. Raises `OSError`."""
    lines = _lines(workspace)
    kept = [line for line in lines if not (_is_gone(workspace, line) and is_personal(line))]
    if len(kept) < len(lines):
        write_file(_register(workspace), "".join(f"{line}\n" for line in kept).encode(), mode=PRIVATE_FILE)


def _configured(workspace: Workspace) -> Iterator[tuple[Path, bool]]:
    """Where the configuration and the environment say that people are; whether that is a folder."""
    settings = workspace.config.list
    # The usual name is nobody's choice: it counts once there is such a file.
    if settings.file != USUAL_LIST or (workspace.root / USUAL_LIST).is_file():
        yield workspace.root / settings.file, False
    if named := os.environ.get("NL_LIST"):
        yield Path(named).absolute(), False
    for url in (settings.sql.url, os.environ.get(settings.sql.url_env)):
        if url and (database := SQLITE.match(url)):
            yield workspace.root / database["path"], False
    for transport in (workspace.config.send.transport, os.environ.get("NL_TRANSPORT")):
        if transport and (folder := _outbox(workspace, transport)) is not None:
            yield folder, True
    if _has_people(workspace.root / "state"):
        yield workspace.root / "state", True


def _outbox(workspace: Workspace, transport: str) -> Path | None:
    from newsletter_cli.deliver.opening import parse_transport_url

    try:
        address = parse_transport_url(transport)
    except TransportError:
        return None
    return workspace.root / Path(address.path).expanduser() if address.scheme == "maildir" else None


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


def _has_people(state: Path) -> bool:
    """Whether there is a list, a ledger or an outbox. A folder that is closed to this user may hold all of them."""
    try:
        return any((state / name).exists() for name in ("list.db", "ledger.db", "outbox"))
    except OSError:
        return True
