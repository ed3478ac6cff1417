"""A Maildir as a transport: messages become files, and nothing leaves the machine.

Its connections are places in a queue. A released message is written whole into `tmp/`, flushed to the disk and renamed
into `new/`, under a name that follows from its row and its Message-ID: the same row delivered twice is one file. No
name has a colon, which Windows does not allow and which in a Maildir begins the flags that mail readers add.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import sys
import time
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from newsletter_cli.base.errors import TransportError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.reasons import system_reason
from newsletter_cli.deliver.ledger.schema import INTO_FOLDER
from newsletter_cli.deliver.message.reading import unstuff
from newsletter_cli.deliver.transport import ConnectionEvent, Happened
from newsletter_cli.model.delivery import NO_REPLY, Outgoing, Reply

if sys.platform == "darwin":
    import fcntl

FOLDERS = ("cur", "new", "tmp")
ACCEPTED = Reply(354, "nl: go ahead")
MESSAGE_ID = re.compile(rb"^message-id:[ \t]*(?:\r\n[ \t]+)?(\S+)", re.IGNORECASE | re.MULTILINE)


class _Connection(Struct, kw_only=True):
    current: Outgoing | None = None
    waiting: Outgoing | None = None
    is_released: bool = False


class MaildirTransport:
    """Delivers into the Maildir `path`, which is made when the first connection opens. `name` is shown to people.

    Raises `TransportError` where something else is there.
    """

    def __init__(self, path: Path, name: str):
        self._path = path
        self._name = name
        self._connections: dict[int, _Connection] = {}
        self._events: list[ConnectionEvent] = []
        self._count = 0
        _check_folder(path, name)

    @property
    def name(self) -> str:
        """`maildir:state/outbox`."""
        return self._name

    def connect(self) -> int:
        """Open one more connection; READY, or DOWN where the folder cannot be made."""
        self._count += 1
        try:
            # For nobody else's eyes. Each on its own: `parents` would give the outer one the usual mode.
            self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
            for folder in FOLDERS:
                (self._path / folder).mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            self._events.append(
                ConnectionEvent(
                    kind=Happened.DOWN, connection=self._count, row=0, reply=_reason(error), is_failure=True
                )
            )
        else:
            self._connections[self._count] = _Connection()
            self._events.append(ConnectionEvent(kind=Happened.READY, connection=self._count))
        return self._count

    def hand(self, connection: int, message: Outgoing) -> None:
        """Give a connection its next message."""
        place = self._connections.get(connection)
        if place is None:
            self._events.append(ConnectionEvent(kind=Happened.RETURNED, connection=connection, row=message.row))
        elif place.current is None:
            place.current = message
            self._events.append(
                ConnectionEvent(kind=Happened.AT_DOT, connection=connection, row=message.row, reply=ACCEPTED)
            )
        elif place.waiting is None:
            place.waiting = message
        else:
            raise ValueError("this connection cannot take a message now")

    def release(self, connection: int) -> None:
        """Let the message of this connection be delivered, at the next `poll`."""
        place = self._connections.get(connection)
        if place is not None:
            if place.current is None or place.is_released:
                raise ValueError("no row is at its dot on this connection")
            place.is_released = True

    def poll(self, timeout_seconds: float) -> list[ConnectionEvent]:
        """Deliver what was released. Waits only where there is nothing to do."""
        released = [(connection, place) for connection, place in self._connections.items() if place.is_released]
        if released:
            self._deliver(released)
        elif not self._events:
            time.sleep(max(0.0, timeout_seconds))
        events = self._events.copy()
        self._events.clear()
        return events

    def close(self) -> None:
        """Forget what was handed and is not delivered."""
        self._connections.clear()
        self._events.clear()

    def _deliver(self, released: list[tuple[int, _Connection]]) -> None:
        placed: list[tuple[int, _Connection, Outgoing, str]] = []
        for connection, place in released:
            message = place.current
            assert message is not None
            file_name = name_file(message)
            try:
                self._write(file_name, unstuff(message.data).replace(b"\r\n", b"\n"))
            except OSError as error:
                self._fall(connection, place, Happened.RETURNED, _reason(error))
            else:
                placed.append((connection, place, message, file_name))
        try:
            # Once for all that were renamed: only now are their names as durable as their bytes.
            _flush_folder(self._path / "new")
        except OSError as error:
            for connection, place, _message, _file_name in placed:
                self._fall(connection, place, Happened.IN_DOUBT, _reason(error))
            return
        for connection, place, message, file_name in placed:
            reply = Reply(250, f"{INTO_FOLDER}new/{file_name}")
            self._events.append(
                ConnectionEvent(kind=Happened.SENT, connection=connection, row=message.row, reply=reply)
            )
            place.current, place.waiting, place.is_released = place.waiting, None, False
            if place.current is None:
                self._events.append(ConnectionEvent(kind=Happened.READY, connection=connection))
            else:
                self._events.append(
                    ConnectionEvent(kind=Happened.AT_DOT, connection=connection, row=place.current.row, reply=ACCEPTED)
                )

    def _write(self, file_name: str, data: bytes) -> None:
        aside = self._path / "tmp" / file_name
        try:
            with open_private(aside) as file:
                file.write(data)
                file.flush()
                _flush(file.fileno())
            aside.replace(self._path / "new" / file_name)
        except OSError:
            with contextlib.suppress(OSError):
                aside.unlink(missing_ok=True)
            raise

    def _fall(self, connection: int, place: _Connection, kind: Happened, reply: Reply) -> None:
        assert place.current is not None
        self._events.append(
            ConnectionEvent(kind=kind, connection=connection, row=place.current.row, reply=reply, is_failure=True)
        )
        if place.waiting is not None:
            self._events.append(
                ConnectionEvent(kind=Happened.RETURNED, connection=connection, row=place.waiting.row, reply=NO_REPLY)
            )
        self._events.append(
            ConnectionEvent(kind=Happened.DOWN, connection=connection, row=0, reply=reply, is_failure=True)
        )
        del self._connections[connection]


def name_file(message: Outgoing) -> str:
    """The same for the same row of the same issue, always."""
    header = message.data.partition(b"\r\n\r\n")[0]
    found = MESSAGE_ID.search(header)
    what = found.group(1) if found else f"{message.sender} {message.recipient}".encode()
    return f"{message.row:07d}.{hashlib.sha256(what).hexdigest()[:16]}.eml"


def open_private(path: Path) -> BinaryIO:
    """A file for a message, made or emptied, which nobody else may read."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
    return os.fdopen(handle, "wb")


def is_of_the_viewer(name: str) -> bool:
    """Whether a file is what the Finder or the Explorer leaves in a folder that was looked at."""
    return name.startswith(".") or name.lower() in ("desktop.ini", "thumbs.db")


def _check_folder(path: Path, name: str) -> None:
    try:
        found = {entry.name for entry in path.iterdir() if not is_of_the_viewer(entry.name)}
    except FileNotFoundError:
        return
    except OSError as error:
        raise TransportError(
            _("{name} cannot be used: {reason}").format(name=name, reason=system_reason(error)),
            hint=_("name another folder: maildir:state/outbox"),
        ) from None
    # Fewer folders than that: the making of it was cut short.
    if not (found.issuperset(FOLDERS) or found.issubset(FOLDERS)):
        raise TransportError(
            _("{name} is a folder with other things in it, not a Maildir").format(name=name),
            hint=_("name a new or an empty folder: maildir:state/outbox"),
        )


def _flush(handle: int) -> None:
    if sys.platform == "darwin":
        # fsync leaves it in the drive's own cache there; not every file system takes F_FULLFSYNC.
        with contextlib.suppress(OSError):
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
            return
    os.fsync(handle)


def _flush_folder(folder: Path) -> None:
    """Make renames durable. Windows has no such thing, and some file systems refuse it."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        _flush(handle)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP, errno.EBADF):
            raise
    finally:
        os.close(handle)


def _reason(error: OSError) -> Reply:
    return Reply(0, f"nl: {system_reason(error)}")
