"""Messages of a dry run as `.eml` files, for looking at."""

from __future__ import annotations

import contextlib
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from newsletter_cli.base.errors import StorageError, UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.deliver.maildir import is_of_the_viewer, open_private
from newsletter_cli.deliver.stuffing import unstuff
from newsletter_cli.flows.people_files import Holding, remember
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace, folder_name

DRY_RUNS = "dry-run"


def clear_dry_runs(workspace: Workspace) -> None:
    """Messages that dry runs left for looking at: whoever is erased must not stay in them. Raises `StorageError`."""
    _remove(workspace, workspace.root / "state" / DRY_RUNS)


def _remove(workspace: Workspace, folder: Path) -> None:
    """Raises `StorageError`: Windows removes no file that a mail program has open."""
    with storage_errors(workspace.name_of(folder)), contextlib.suppress(FileNotFoundError):
        shutil.rmtree(folder)


class EmlFolder:
    """A folder of messages: all of them in the folder that was asked for, else the first `few` in `state/`.

    Nobody asked for the one in `state/`: where it cannot be written, `notes` say so, and that is all.
    """

    def __init__(self, workspace: Workspace, number: int, folder: Path | None, *, few: int):
        self._workspace, self._number = workspace, number
        self._limit = None if folder is not None else few
        self._is_own = folder is None
        self._folder = folder or workspace.root / "state" / DRY_RUNS / folder_name(number)
        self.name = workspace.name_of(self._folder)
        self.written = 0
        self.notes: list[str] = []

    def __enter__(self) -> Self:
        try:
            self._open()
        except StorageError as error:
            self._give_up(error)
        return self

    def _open(self) -> None:
        if self._is_own:
            self._workspace.private_folder(DRY_RUNS)
            _remove(self._workspace, self._folder)
        with storage_errors(self.name):
            if not self._is_own and self._folder.is_dir() and self._is_filled():
                raise UsageError(
                    _("the folder {folder} is not empty").format(folder=self.name),
                    hint=_("name a new one: its messages could be taken for others"),
                )
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not self._is_own:
            remember(self._workspace, self._folder, Holding.MESSAGES)

    def _is_filled(self) -> bool:
        return not all(is_of_the_viewer(path.name) for path in self._folder.iterdir())

    def _give_up(self, error: StorageError) -> None:
        if not self._is_own:
            raise error
        self._limit = 0
        self.notes.append(_("no messages to look at were written: {reason}").format(reason=error))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held open."""

    def put(self, data: bytes, number: int) -> None:
        """Write one more message (dot-stuffed, as `splice` gives it), where there is room for it."""
        if self._limit is not None and self.written >= self._limit:
            return
        try:
            with storage_errors(self.name), open_private(self._folder / f"{number:06d}.eml") as file:
                file.write(unstuff(data))
        except StorageError as error:
            self._give_up(error)
        else:
            self.written += 1
