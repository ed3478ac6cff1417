"""The folder of the archive: what is to be written there, what goes, what is somebody else's; then the writing."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path, PurePosixPath

from msgspec import Struct

from newsletter_cli.base.called import as_called
from newsletter_cli.base.errors import ConfigError, NewsletterError, UsageError
from newsletter_cli.base.files import write_file
from newsletter_cli.base.i18n import _
from newsletter_cli.base.values import replace
from newsletter_cli.config import CONFIG_FILE
from newsletter_cli.flows.archiving.record import RECORD, Record, digest_of, read_record, written
from newsletter_cli.workspace.alone import only_writer
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import OWN_PLACES, Workspace
from newsletter_cli.workspace.inside import configured_path, is_inside
from newsletter_cli.workspace.sent import FOLDER as SENT

# Where the workspace keeps what is no page.
KEPT_FREE = (*OWN_PLACES, SENT, ".git", ".github")


class Content(Struct, frozen=True):
    """A file of the archive: its bytes, or the file that it is a copy of."""

    bytes_: bytes = b""
    copied: Path | None = None

    def read(self, name: str) -> bytes:
        """The bytes. Raises `StorageError`."""
        if self.copied is None:
            return self.bytes_
        with storage_errors(name):
            return self.copied.read_bytes()


class FolderPlan(Struct, frozen=True, kw_only=True):
    """What becomes of the folder. `foreign`: files that stand in the way, or that somebody has changed: left alone.

    All are names from the folder. `former` has the hashes of the files that are replaced or go; `record` is what is
    kept of it all in the end.
    """

    folder: Path
    writing: Mapping[str, Content]
    unchanged: tuple[str, ...]
    removing: tuple[str, ...]
    foreign: tuple[str, ...]
    former: Mapping[str, str]
    record: Record

    @property
    def is_changing(self) -> bool:
        """Whether anything is to be written or removed."""
        return bool(self.writing or self.removing)


def archive_folder(workspace: Workspace, output: Path | None) -> Path:
    """The folder that the archive is written to: `output`, else `archive.folder`.

    Raises `UsageError` or `ConfigError` for one in which other things live.
    """
    if output is None:
        name = workspace.config.archive.folder
        folder = configured_path(
            workspace.root, name, ConfigError, key="archive.folder", hint=_("for a folder elsewhere: --output")
        )
        fault: NewsletterError = ConfigError(
            _("archive.folder: {folder} has other things in it").format(folder=name),
            file=CONFIG_FILE,
            hint=_("a folder of its own: {names}").format(names="public, docs"),
        )
    else:
        folder = output.absolute()
        fault = UsageError(
            _("--output: {folder} has other things in it").format(folder=output),
            hint=as_called("nl archive --output public"),
        )
    root, real = workspace.root.resolve(), folder.resolve()
    places = [root / name for name in KEPT_FREE]
    if root.is_relative_to(real) or any(real.is_relative_to(one) or one.is_relative_to(real) for one in places):
        raise fault
    return folder


def plan_folder(
    folder: Path, contents: Mapping[str, Content], record: Record, before: Record, *, held: Collection[str]
) -> FolderPlan:
    """What becomes of the folder if it is to hold `contents`, and `held` of what it has. Raises `StorageError`."""
    writing: dict[str, Content] = {}
    unchanged: list[str] = []
    foreign: list[str] = []
    former: dict[str, str] = {}
    files: dict[str, str] = {name: before.files[name] for name in held if name in before.files}
    for name, content in contents.items():
        digest, there = digest_of(content.read(name)), _digest_of_file(folder, name)
        if there == digest:
            unchanged.append(name)
        elif there is None or before.has_written(name, there):
            writing[name] = content
            former |= {name: there} if there else {}
        else:
            foreign.append(name)
            continue
        files[name] = digest
    removing: list[str] = []
    for name in sorted(before.names - contents.keys() - set(held)):
        there = _digest_of_file(folder, name)
        if there is None:
            continue
        if before.has_written(name, there):
            removing.append(name)
            former[name] = there
        else:
            foreign.append(name)
    return FolderPlan(
        folder=folder,
        writing=writing,
        unchanged=tuple(unchanged),
        removing=tuple(removing),
        foreign=tuple(sorted(foreign)),
        former=former,
        record=replace(record, files=files, former={}),
    )


def read_before(workspace: Workspace, folder: Path) -> Record:
    """What was written there before. Raises `ConfigError`, `StorageError`."""
    if folder.exists() and not folder.is_dir():
        with storage_errors(workspace.name_of(folder)):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    return read_record(folder, name=workspace.name_of(folder / RECORD))


def write_folder(workspace: Workspace, plan: FolderPlan) -> None:
    """Write what is planned: each file whole or not at all. A run that is killed is taken up by the next.

    Raises `StorageError`.
    """
    folder = plan.folder
    under_way = replace(plan.record, former=dict(plan.former))
    places = {folder, *((folder / name).parent for name in plan.writing)}
    with storage_errors(workspace.name_of(folder)):
        for place in sorted(places):
            place.mkdir(parents=True, exist_ok=True)
    with only_writer(workspace, *places):
        if plan.is_changing:
            _write(workspace, folder, RECORD, written(under_way))
        for name, content in plan.writing.items():
            _write(workspace, folder, name, content.read(name))
        for name in plan.removing:
            with storage_errors(workspace.name_of(folder / name)):
                (folder / name).unlink(missing_ok=True)
        _remove_empty(folder, plan.removing)
        if written(plan.record) != _read(folder / RECORD):
            _write(workspace, folder, RECORD, written(plan.record))


def _write(workspace: Workspace, folder: Path, name: str, content: bytes) -> None:
    with storage_errors(workspace.name_of(folder / name)):
        # It can be made again: not as far as the disk itself, which takes a hundred times as long.
        write_file(folder / name, content, is_lasting=False)


def _read(path: Path) -> bytes | None:
    with contextlib.suppress(OSError):
        return path.read_bytes()
    return None


def _digest_of_file(folder: Path, name: str) -> str | None:
    """The hash of a file of the folder; `None` where there is none; empty for what is no file, or a link leads to."""
    path = folder / name
    parts = PurePosixPath(name).parts
    # The record may come from anybody.
    if not parts or PurePosixPath(name).is_absolute() or ".." in parts or "\\" in name or ":" in name:
        return ""
    if not is_inside(folder, path):
        return ""
    with storage_errors(name):
        try:
            if path.is_symlink() or not path.is_file():
                is_blocked = any((folder / parent).is_file() for parent in PurePosixPath(name).parents)
                return "" if path.is_symlink() or path.exists() or is_blocked else None
            return digest_of(path.read_bytes())
        except NotADirectoryError:
            return ""


def _remove_empty(folder: Path, removed: Iterable[str]) -> None:
    """Folders in which nothing is left, those above them too, but never the archive's own."""
    for place in sorted({parent for name in removed for parent in (folder / name).parents}, reverse=True):
        if place != folder and place.is_relative_to(folder):
            with contextlib.suppress(OSError):
                place.rmdir()
