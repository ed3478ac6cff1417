"""That today's reminder of an issue went to the chat: kept in `state/`, written down before it goes.

A run that is killed in between leaves that it was about to: whether it went, nobody knows, and it is not done again
unasked.
"""

from __future__ import annotations

import contextlib
import json
from datetime import date
from types import TracebackType
from typing import Self

from newsletter_cli.base.errors import ChatError
from newsletter_cli.base.files import PRIVATE_FILE, write_file
from newsletter_cli.base.i18n import _
from newsletter_cli.base.lock import FileLock, LockTaken
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace, folder_name

FOLDER = "reminders"
BEGUN = "begun"
POSTED = "posted"
WAIT_SECONDS = 120.0


class Reminded:
    """The record of one issue, held while a reminder is posted: two that run at once post once. Raises `ChatError`
    where another one does not come to its end, `StorageError`.
    """

    def __init__(self, workspace: Workspace, number: int, day: date):
        self._path = workspace.private_folder(FOLDER) / f"{folder_name(number)}.json"
        self._name = workspace.name_of(self._path)
        self._day, self._number = day.isoformat(), number
        self._held = contextlib.ExitStack()
        self._before = ""

    def __enter__(self) -> Self:
        try:
            with storage_errors(self._name):
                self._held.enter_context(FileLock(self._path.with_suffix(".lock"), wait_seconds=WAIT_SECONDS))
        except LockTaken:
            raise ChatError(
                _("another nl is posting a reminder for this issue"),
                hint=_("wait for it to end, then look at the chat"),
            ) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._held.close()

    def begin(self, *, is_again: bool) -> None:
        """Write down that it is about to go. Raises `ChatError` where today's went, or may have, unless `is_again`."""
        self._before = self._read()
        if self._before == POSTED and not is_again:
            raise ChatError(
                _("issue {number} has had its reminder today").format(number=self._number),
                hint=_("once more all the same: --again"),
            )
        if self._before == BEGUN and not is_again:
            raise ChatError(
                _("whether today's reminder of issue {number} went out cannot be told").format(number=self._number),
                hint=_("look at the chat; if it is not there: --again"),
            )
        self._write(BEGUN)

    def done(self) -> None:
        """It is there."""
        self._write(POSTED)

    def take_back(self) -> None:
        """It surely did not go: as before."""
        if self._before:
            self._write(self._before)
        else:
            with storage_errors(self._name):
                self._path.unlink(missing_ok=True)

    def _read(self) -> str:
        """What became of today's; nothing where there was none. What cannot be read may have gone."""
        try:
            with storage_errors(self._name):
                said = json.loads(self._path.read_text("utf-8")) if self._path.exists() else {}
            return str(said.get("state", "")) if said.get("day") == self._day else ""
        except (ValueError, AttributeError):
            return BEGUN

    def _write(self, state: str) -> None:
        with storage_errors(self._name):
            text = json.dumps({"day": self._day, "state": state}) + "\n"
            write_file(self._path, text.encode(), mode=PRIVATE_FILE)
