"""Who waits on this machine to send an issue: a lock, held while somebody waits, and a note beside it that says who."""

from __future__ import annotations

import contextlib
import json
import os
import socket
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from newsletter_cli.base.errors import LedgerBusy, NewsletterError
from newsletter_cli.base.files import PRIVATE_FILE, write_file
from newsletter_cli.base.i18n import _
from newsletter_cli.base.lock import FileLock, LockTaken
from newsletter_cli.flows.clearance.moment_telling import said_short

# Another process may look whether somebody waits, for an instant.
LOOK_SECONDS = 1.0


@contextlib.contextmanager
def only_one_waiting(state: Path, number: int, moment: datetime) -> Iterator[None]:
    """Nobody else waits here to send this issue. Raises `LedgerBusy`, which says who does, until when."""
    lock_path, note = _lock_path(state, number), _note_path(state, number)
    try:
        lock = FileLock(lock_path, wait_seconds=LOOK_SECONDS)
    except LockTaken:
        raise LedgerBusy(
            _("another nl send waits here already with issue {number}: {holder}").format(
                number=number, holder=_holder_words(note)
            ),
            hint=_("leave it to that one, or stop it with Ctrl-C and order the send again"),
        ) from None
    try:
        told = {"host": socket.gethostname(), "pid": os.getpid(), "at": moment.isoformat(timespec="seconds")}
        # The lock holds without it.
        with contextlib.suppress(OSError, NewsletterError):
            write_file(note, json.dumps(told).encode("ascii"), mode=PRIVATE_FILE, is_lasting=False)
        yield
    finally:
        with contextlib.suppress(OSError):
            note.unlink(missing_ok=True)
        lock.release()


def read_waiting(state: Path, number: int) -> datetime | None:
    """The moment that an `nl send` on this machine waits for with this issue; `None` where none does."""
    # A state that is closed to this user tells nothing.
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        path = _lock_path(state, number)
        if not path.is_file():
            return None
        try:
            FileLock(path, wait_seconds=0).release()
        except LockTaken:
            holder = _read_holder(_note_path(state, number))
            return None if holder is None else holder.at
    return None


def waiting_notes(state: Path, number: int) -> Iterator[str]:
    """What whoever sends the issue now should know: another process waits here to send it on its day."""
    if (moment := read_waiting(state, number)) is not None and not _is_this_process(_note_path(state, number)):
        yield _("an nl send waits here until {moment} to send this issue").format(moment=said_short(moment))


def _lock_path(state: Path, number: int) -> Path:
    return state / f"waiting-{number:03d}.lock"


def _note_path(state: Path, number: int) -> Path:
    return state / f"waiting-{number:03d}.holder"


class _Holder(Struct, frozen=True, kw_only=True):
    """Who waits, and until when."""

    host: str
    pid: int
    at: datetime


def _read_holder(note: Path) -> _Holder | None:
    """As the note says; `None` where it cannot be read."""
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        told = json.loads(note.read_bytes())
        return _Holder(host=told["host"], pid=told["pid"], at=datetime.fromisoformat(told["at"]))
    return None


def _is_this_process(note: Path) -> bool:
    """Whether it is this one that waits: who orders a send is asked while nobody else can."""
    holder = _read_holder(note)
    return holder is not None and (holder.host, holder.pid) == (socket.gethostname(), os.getpid())


def _holder_words(note: Path) -> str:
    holder = _read_holder(note)
    if holder is None:
        return _("another process")
    return _("process {pid} on {host}, until {moment}").format(
        pid=holder.pid, host=holder.host, moment=said_short(holder.at)
    )
