"""One message saved as a file (`.eml`), and a folder of such files."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Self

from newsletter_cli.base.errors import MailboxError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.reasons import system_reason
from newsletter_cli.mailbox.source import MOST_BYTES, MOST_HEADER_BYTES, Head, Unread, header_of, read_each

# What Windows keeps documents in since OLE: Outlook's `.msg`.
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
PACKED = (b"PK\x03\x04", b"\x1f\x8b", b"!BDN", b"BZh", b"7z\xbc\xaf")
MBOX_MARK = b"From "
MAILBOXES = (".mbox", ".mbx")
ARCHIVES = (".zip", ".pst", ".ost", ".olm", ".gz", ".tgz", ".7z")
FIELD = re.compile(rb"[!-9;-~]+[ \t]*:")
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
MESSAGES = (".eml", ".emlx", ".msg")
SUFFIXES = (*MESSAGES, ".mht", ".txt", "")


class NoMessage(Exception):
    """A file holds no message that can be read; says why, and how one is saved."""

    def __init__(self, reason: str, hint: str):
        super().__init__(reason)
        self.reason, self.hint = reason, hint


class EmlFolder:
    """The messages saved in a folder, not in those below it."""

    def __init__(self, path: Path, name: str):
        self._path, self._name = path, name
        self.unread: list[Unread] = []

    @property
    def name(self) -> str:
        """The folder, as it was named."""
        return self._name

    def heads(self, *, since: datetime.datetime | None = None) -> Iterator[Head]:
        """All of them: when a file was saved says nothing about when its message came. Raises `MailboxError`."""
        self.unread += _passed_over(self._path, self._name)
        for path in _files(self._path, self._name):
            try:
                header = read_header(path)
            except NoMessage as fault:
                self.unread.append(Unread(place=path.name, reason=fault.reason))
            except OSError as error:
                self.unread.append(Unread(place=path.name, reason=system_reason(error)))
            else:
                yield Head(key=path.name, place=path.name, header=header)

    def read(self, head: Head) -> bytes:
        """Raises `MailboxError`."""
        return read_whole(self._path / head.key, head.place)

    def wholes(self, *, note: Callable[[int], None]) -> Iterator[tuple[Head, bytes]]:
        """All of them."""
        note(len(_files(self._path, self._name)))
        yield from read_each(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None: ...


class EmlFile:
    """One message. Raises `MailboxError` where the file holds none."""

    def __init__(self, path: Path, name: str):
        self._path, self._name = path, name
        self.unread: list[Unread] = []
        try:
            self._header = read_header(path)
        except NoMessage as fault:
            raise MailboxError(fault.reason, file=name, hint=fault.hint) from None
        except OSError as error:
            raise MailboxError(system_reason(error), file=name) from None

    @property
    def name(self) -> str:
        """The file, as it was named."""
        return self._name

    def heads(self, *, since: datetime.datetime | None = None) -> Iterator[Head]:
        """That one."""
        yield Head(key=self._name, place=self._name, header=self._header)

    def read(self, head: Head) -> bytes:
        """Raises `MailboxError`."""
        return read_whole(self._path, head.place)

    def wholes(self, *, note: Callable[[int], None]) -> Iterator[tuple[Head, bytes]]:
        """That one."""
        note(1)
        yield from read_each(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None: ...


def _passed_over(folder: Path, name: str) -> list[Unread]:
    """What may hold messages there and is not read with the folder: mailboxes, archives, folders below it."""
    found = []
    for path in _entries(folder, name):
        if path.suffix.lower() in MAILBOXES and path.is_file():
            found.append(Unread(place=path.name, reason=mbox_reason()))
        elif path.suffix.lower() in ARCHIVES and path.is_file():
            found.append(Unread(place=path.name, reason=archive_reason()))
        elif path.is_dir() and _has_messages(path):
            reason = _("this folder has messages of its own, which are not read with the one around it: name it")
            found.append(Unread(place=path.name, reason=reason))
    return found


def _has_messages(folder: Path) -> bool:
    try:
        # Apple Mail's mailboxes are folders; so are Maildirs.
        if folder.suffix.lower() in MAILBOXES or ((folder / "cur").is_dir() and (folder / "new").is_dir()):
            return True
        return any(path.suffix.lower() in (*MESSAGES, *MAILBOXES) for path in folder.iterdir())
    except OSError:
        # It cannot be looked into: somebody has to.
        return True


def mbox_reason() -> str:
    """Why a file of several messages is not read as one."""
    return _("this is a mailbox of many messages (mbox), which is not read with a folder: name it")


def archive_reason() -> str:
    """Why a file that holds others is not read."""
    return _("this is an archive, not a message")


def _entries(folder: Path, name: str) -> list[Path]:
    try:
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        raise MailboxError(system_reason(error), file=name) from None


def _files(folder: Path, name: str) -> list[Path]:
    return [path for path in _entries(folder, name) if path.suffix.lower() in SUFFIXES and path.is_file()]


def read_header(path: Path) -> bytes:
    """The header of the message in a file. Raises `NoMessage`, `OSError`."""
    with path.open("rb") as file:
        return take_header(file, path.suffix.lower())


def take_header(file: BinaryIO, suffix: str) -> bytes:
    """The header with which a file begins. Raises `NoMessage`, `OSError`."""
    start = file.read(MOST_HEADER_BYTES)
    if start.startswith(OLE) or suffix == ".msg":
        raise NoMessage(
            _("this is Outlook’s own format (.msg), which is not read here"),
            _(
                "save it as .eml: in Outlook on the web, “Save as” or “Download”; in new Outlook, “Save as”; in classic"
                " Outlook, drag it into a folder of Thunderbird or of another mailbox, or read the mailbox over IMAP"
            ),
        )
    if start.startswith(PACKED):
        raise NoMessage(archive_reason(), _("unpack it, then name the message or the folder"))
    if suffix == ".emlx":
        raise NoMessage(
            _("this is Apple Mail’s own format (.emlx), which is not read here"),
            _("in Apple Mail, File > Save As > Raw Message Source"),
        )
    if start.startswith(MBOX_MARK):
        raise NoMessage(mbox_reason(), _("name the file itself"))
    header = header_of(start.removeprefix(BYTE_ORDER_MARK))
    if not start.strip():
        raise NoMessage(_("the file is empty"), _("save the message once more"))
    if not FIELD.match(header):
        raise NoMessage(
            _("this is no message: it does not begin with a header such as “Received: …” or “From: …”"),
            _("save the message itself (.eml, “original message”, “source”), not what it shows"),
        )
    return header


def read_whole(path: Path, name: str) -> bytes:
    """All of a file, a byte order mark aside. Raises `MailboxError`."""
    try:
        with path.open("rb") as file:
            octets = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise MailboxError(system_reason(error), file=name) from None
    if len(octets) > MOST_BYTES:
        raise too_large(name)
    return octets.removeprefix(BYTE_ORDER_MARK)


def too_large(name: str) -> MailboxError:
    """It is no message that any mail server would take."""
    return MailboxError(
        _("this is too large for a message ({size} MB at most)").format(size=MOST_BYTES >> 20), file=name
    )
