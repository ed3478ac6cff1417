"""One writer at a time, and who it is.

Beside the lock stands a note of its holder, for whoever comes second; the note alone locks nothing.
"""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from newsletter_cli.base.errors import LedgerBusy, LedgerError
from newsletter_cli.base.i18n import _, shown_moment
from newsletter_cli.base.lock import FileLock, LockTaken
from newsletter_cli.base.moments import timestamp
from newsletter_cli.base.reasons import system_reason
from newsletter_cli.deliver.ledger.place import LedgerPlace, SharedLedger, folder_of

LOCK, HOLDER = "ledger.lock", "ledger.holder"


@contextlib.contextmanager
def only_writer(place: LedgerPlace) -> Iterator[None]:
    """Nobody else sends from this workspace meanwhile, nor from another one that shares its ledger.

    Raises `LedgerBusy`, which names the holder.
    """
    with contextlib.ExitStack() as held:
        held.enter_context(_only_here(folder_of(place)))
        if isinstance(place, SharedLedger):
            from newsletter_cli.deliver.ledger.postgresql import only_one

            held.enter_context(only_one(place))
        yield


@contextlib.contextmanager
def _only_here(state: Path) -> Iterator[None]:
    try:
        state.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(state / LOCK, wait_seconds=0)
    except LockTaken:
        raise _busy(state) from None
    except OSError as error:
        raise LedgerError(
            _("the ledger cannot be locked: {reason}").format(reason=system_reason(error)),
            file=f"state/{LOCK}",
            hint=_("state/ must lie on a disk of this machine that can be written"),
        ) from None
    try:
        _write_holder(state / HOLDER)
        yield
    finally:
        with contextlib.suppress(OSError):
            (state / HOLDER).unlink(missing_ok=True)
        lock.release()


def _write_holder(path: Path) -> None:
    note = {
        "host": socket.gethostname(),
        "pid": os.getpid(),
        "since": timestamp(datetime.now(UTC)),
    }
    # The lock holds without it: a disk that is full must not be the reason for stopping here.
    with contextlib.suppress(OSError):
        path.write_text(json.dumps(note), encoding="ascii")


def read_holder(state: Path) -> str | None:
    """Who holds the lock, in words, as the note beside it says; `None` where there is none.

    The note of a process that was killed stays until the next send.
    """
    try:
        note = json.loads((state / HOLDER).read_text(encoding="ascii"))
        return _("process {pid} on {host}, since {since}").format(
            pid=note["pid"], host=note["host"], since=shown_moment(note["since"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _busy(state: Path) -> LedgerBusy:
    return LedgerBusy(
        _("another nl send, nl proof or nl resolve is under way here: {holder}").format(
            holder=read_holder(state) or _("another process")
        ),
        hint=_("wait for it to end, or stop it with Ctrl-C; then run this again"),
    )
