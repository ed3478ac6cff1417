"""One writer at a time: commands that write the same files wait for each other.

It is held for the time of the writing only, which is short.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from newsletter_cli.base.errors import StorageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.leftovers import sweep
from newsletter_cli.base.lock import FileLock, LockTaken
from newsletter_cli.workspace.folder import Workspace

LOCK = "files.lock"
WAIT_SECONDS = 60.0


@contextlib.contextmanager
def only_writer(workspace: Workspace, *folders: Path, wait_seconds: float = WAIT_SECONDS) -> Iterator[None]:
    """No other `nl` writes files of the workspace meanwhile; what killed runs left in `folders` is gone.

    Raises `StorageError` where another one does not come to its end.
    """
    with contextlib.ExitStack() as held:
        is_alone = _lock(workspace, held, wait_seconds)
        for folder in folders:
            sweep(folder, is_alone=is_alone)
        yield


def _lock(workspace: Workspace, held: contextlib.ExitStack, wait_seconds: float) -> bool:
    """Whether the lock could be taken: where state/ cannot be written, the work goes on without."""
    try:
        held.enter_context(FileLock(workspace.private_folder("") / LOCK, wait_seconds=wait_seconds))
    except LockTaken:
        raise StorageError(
            _("another nl has been writing in this workspace for {count} s").format(count=round(wait_seconds)),
            file=f"state/{LOCK}",
            hint=_("wait for it to end, or stop it; then run this again"),
        ) from None
    except (StorageError, OSError):
        return False
    return True
