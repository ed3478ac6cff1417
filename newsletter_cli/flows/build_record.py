"""What a build was made from: a digest of its sources, kept in `state/builds/`.

Not in `build/N/`, which may be published as it stands. Dates of files would not do: Git sets them anew, and a picture
or a theme changes a build as much as a text does.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct
from msgspec.structs import asdict

from newsletter_cli import __version__
from newsletter_cli.base.errors import ContentError, StorageError
from newsletter_cli.config import Config
from newsletter_cli.flows.issue_files import find_issue_files
from newsletter_cli.workspace.files import read_bytes, replace_file, storage_errors
from newsletter_cli.workspace.folder import ISSUE_FILE, Workspace, folder_name
from newsletter_cli.workspace.inside import refuse_outside
from newsletter_cli.workspace.read import section_files
from newsletter_cli.workspace.templates import Looks

# What these tables say changes no rendition: a transport may be set up after the issue is assembled.
NOT_RENDERED = frozenset({"archive", "check", "list", "send", "preview"})


class BuildRecord(Struct, frozen=True):
    """What is remembered of a build."""

    digest: str
    has_local_images: bool


def digest_sources(workspace: Workspace, number: int, looks: Looks, *, has_local_images: bool) -> str:
    """A digest (SHA-256) of all that an assembly of the issue depends on.

    Raises `StorageError` or `ContentError` for a file that cannot be read.
    """
    return digest_parts(_parts(workspace, number, looks, has_local_images=has_local_images))


def digest_parts(parts: Iterable[tuple[str, bytes]]) -> str:
    """A digest of named contents; where one ends and the next begins is part of it."""
    digest = hashlib.sha256()
    for name, content in parts:
        # Names from a disk of another encoding hold lone surrogates.
        for piece in (name.encode("utf-8", "surrogatepass"), content):
            digest.update(len(piece).to_bytes(8, "big"))
            digest.update(piece)
    return digest.hexdigest()


def _parts(workspace: Workspace, number: int, looks: Looks, *, has_local_images: bool) -> Iterator[tuple[str, bytes]]:
    yield "nl", __version__.encode()
    yield "local images", bytes([has_local_images])
    yield "configuration", _rendered_settings(workspace.config)
    yield "words", json.dumps(looks.words, default=_plain).encode()
    yield "theme", json.dumps(looks.theme.settings, default=str).encode()
    for name, text in sorted(looks.theme.files.items()):
        yield f"theme/{name}", text.encode()
    folder = workspace.issue_folder(number)
    issue_file = folder / ISSUE_FILE
    for path in [*([issue_file] if issue_file.is_file() else []), *section_files(folder)]:
        yield f"section/{path.name}", _read_bytes(workspace, path)
    for name, path in find_issue_files(workspace, number, looks.logo).items():
        with storage_errors(workspace.name_of(path)), path.open("rb") as file:
            yield f"asset/{name}", hashlib.file_digest(file, "sha256").digest()


def _rendered_settings(config: Config) -> bytes:
    settings = {name: value for name, value in asdict(config).items() if name not in NOT_RENDERED}
    return json.dumps(settings, default=_plain).encode()


def _plain(value: object) -> object:
    return asdict(value) if isinstance(value, Struct) else str(value)


def _read_bytes(workspace: Workspace, path: Path) -> bytes:
    refuse_outside(workspace.root, path, ContentError, name=workspace.name_of(path), area="sections")
    return read_bytes(path, name=workspace.name_of(path))


def read_record(workspace: Workspace, number: int) -> BuildRecord | None:
    """What is remembered of the issue's build; `None` where nothing is, or nothing that can be read."""
    try:
        data = json.loads(_path(workspace, number).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(data, dict):
        return None
    digest, has_local_images = data.get("digest"), data.get("local_images")
    if not isinstance(digest, str) or not isinstance(has_local_images, bool):
        return None
    return BuildRecord(digest, has_local_images)


def write_record(workspace: Workspace, number: int, record: BuildRecord) -> None:
    """Remember a build. One that cannot be remembered is a build all the same: `nl status` will ask for it again."""
    text = json.dumps({"digest": record.digest, "local_images": record.has_local_images}) + "\n"
    with contextlib.suppress(StorageError):
        workspace.private_folder("builds")
        path = _path(workspace, number)
        replace_file(path, text, name=workspace.name_of(path))


def forget_record(workspace: Workspace, number: int) -> None:
    """Before a build is replaced: a crash must not leave the new one with the record of the old one."""
    with contextlib.suppress(OSError):
        _path(workspace, number).unlink(missing_ok=True)


def record_folder(workspace: Workspace) -> Path:
    """Where the records stand."""
    return workspace.root / "state" / "builds"


def _path(workspace: Workspace, number: int) -> Path:
    return record_folder(workspace) / f"{folder_name(number)}.json"
