"""Messages of a dry run as `.eml` files, for looking at."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

from newsletter_cli.deliver.stuffing import unstuff
from newsletter_cli.errors import UsageError
from newsletter_cli.i18n import _
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace, folder_name

DRY_RUNS = "dry-run"


def clear_dry_runs(workspace: Workspace) -> None:
    """Messages that dry runs left for looking at: whoever is erased must not stay in them."""
    shutil.rmtree(workspace.root / "state" / DRY_RUNS, ignore_errors=True)


class Outbox:
    """A folder of messages: all of them in the folder that was asked for, else the first `few` in `state/`."""

    def __init__(self, workspace: Workspace, number: int, folder: Path | None, *, few: int):
        self._limit = None if folder is not None else few
        self._folder = folder or workspace.private_folder(DRY_RUNS) / folder_name(number)
        self.name = workspace.name_of(self._folder)
        self.written = 0
        self._is_own = folder is None

    def __enter__(self) -> Self:
        with storage_errors(self.name):
            if self._is_own:
                shutil.rmtree(self._folder, ignore_errors=True)
            elif self._folder.is_dir() and any(self._folder.iterdir()):
                raise UsageError(
                    _("the folder {folder} is not empty").format(folder=self.name),
                    hint=_("name a new one: its messages could be taken for others"),
                )
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing is held open."""

    def put(self, data: bytes, number: int) -> None:
        """Write one more message (dot-stuffed, as `splice` gives it), where there is room for it."""
        if self._limit is not None and self.written >= self._limit:
            return
        with storage_errors(self.name):
            path = self._folder / f"{number:06d}.eml"
            with os.fdopen(
                os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600), "wb"
            ) as file:
                file.write(unstuff(data))
        self.written += 1
