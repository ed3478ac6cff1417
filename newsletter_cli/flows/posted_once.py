"""That something went to a chat: kept in `state/`, written down before it goes.

A run that is killed in between leaves that it was about to: whether it went, nobody knows, and it is not done again
unasked.
"""

from __future__ import annotations

import contextlib
import json
from types import TracebackType
from typing import Self

from msgspec import Struct

from newsletter_cli.base.errors import ChatError
from newsletter_cli.base.files import PRIVATE_FILE, write_file
from newsletter_cli.base.i18n import _
from newsletter_cli.base.lock import FileLock, LockTaken
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace

BEGUN = "begun"
POSTED = "posted"
WAIT_SECONDS = 120.0


class OnceWords(Struct, frozen=True, kw_only=True):
    """What is said where it may not go: another run posts it just now, it went, or may have."""

    busy: str
    done: str
    unknown: str


class PostedOnce:
    """The record of one text, held while it is posted: two runs at once post once.

    `mark` says which one it is, of those that have the same file: what has another mark is as if nothing had gone.
    Raises `ChatError` where another run does not come to its end, `StorageError`.
    """

    def __init__(self, workspace: Workspace, folder: str, stem: str, *, mark: dict[str, str], words: OnceWords):
        self._path = workspace.private_folder(folder) / f"{stem}.json"
        self._name = workspace.name_of(self._path)
        self._mark, self._words = mark, words
        self._held = contextlib.ExitStack()
        self._before = ""

    def __enter__(self) -> Self:
        try:
            with storage_errors(self._name):
                self._held.enter_context(FileLock(self._path.with_suffix(".lock"), wait_seconds=WAIT_SECONDS))
        except LockTaken:
            raise ChatError(self._words.busy, hint=_("wait for it to end, then look at the chat")) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._held.close()

    def refuse_twice(self) -> None:
        """Raises `ChatError` where it went, or may have."""
        before = self._read()
        if before == POSTED:
            raise ChatError(self._words.done, hint=_("once more all the same: --again"))
        if before == BEGUN:
            raise ChatError(self._words.unknown, hint=_("look at the chat; if it is not there: --again"))

    def begin(self, *, is_again: bool) -> None:
        """Write down that it is about to go. Raises `ChatError` where it went, or may have, unless `is_again`."""
        if not is_again:
            self.refuse_twice()
        self._before = self._read()
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
        """What became of it; nothing where there was none. What cannot be read may have gone."""
        try:
            with storage_errors(self._name):
                said = json.loads(self._path.read_text("utf-8")) if self._path.exists() else {}
            is_same = all(said.get(key) == value for key, value in self._mark.items())
            return str(said.get("state", "")) if is_same else ""
        except (ValueError, AttributeError):
            return BEGUN

    def _write(self, state: str) -> None:
        with storage_errors(self._name):
            text = json.dumps({**self._mark, "state": state}) + "\n"
            write_file(self._path, text.encode(), mode=PRIVATE_FILE)
