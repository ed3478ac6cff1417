"""A Maildir: each message a file in `new/` or `cur/`. Nothing is moved from one to the other."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Self

from newsletter_cli.base.errors import MailboxError
from newsletter_cli.base.reasons import system_reason
from newsletter_cli.mailbox.eml import NoMessage, read_header, read_whole
from newsletter_cli.mailbox.source import Head, Unread, read_each

FOLDERS = ("new", "cur")
# A delivery is named for the moment it was made at, by the clock of another machine perhaps.
SLACK = datetime.timedelta(days=2)


def is_maildir(path: Path) -> bool:
    """Whether a folder has what a Maildir has."""
    return all((path / folder).is_dir() for folder in FOLDERS)


class Maildir:
    """Reads the Maildir `path`; folders inside it (`.Sent`) are Maildirs of their own, and are not read."""

    def __init__(self, path: Path, name: str):
        self._path, self._name = path, name
        self.unread: list[Unread] = []

    @property
    def name(self) -> str:
        """The folder, as it was named."""
        return self._name

    def heads(self, *, since: datetime.datetime | None = None) -> Iterator[Head]:
        """Those that were put there since then, give or take two days. Raises `MailboxError`."""
        earliest = (since - SLACK).timestamp() if since is not None else None
        for folder in FOLDERS:
            try:
                entries = os.scandir(self._path / folder)
            except OSError as error:
                raise MailboxError(system_reason(error), file=f"{self._name}/{folder}") from None
            with entries:
                for entry in entries:
                    if not entry.name.startswith(".") and not _is_older(entry, earliest):
                        yield from self._head(f"{folder}/{entry.name}")

    def read(self, head: Head) -> bytes:
        """From `cur/` where somebody has opened it meanwhile. Raises `MailboxError`."""
        path = self._path / head.key
        if not path.exists():
            unique = path.name.partition(":")[0]
            moved = next((self._path / "cur").glob(f"{_literal(unique)}*"), None)
            path = moved or path
        return read_whole(path, head.place)

    def wholes(self, *, note: Callable[[int], None]) -> Iterator[tuple[Head, bytes]]:
        """All of them. Raises `MailboxError`."""
        note(sum(_count(self._path / folder) for folder in FOLDERS))
        yield from read_each(self)

    def _head(self, key: str) -> Iterator[Head]:
        try:
            header = read_header(self._path / key)
        except NoMessage as fault:
            self.unread.append(Unread(place=key, reason=fault.reason))
        except FileNotFoundError:
            # Opened or deleted by its reader this very moment; what went to cur/ is met there.
            return
        except OSError as error:
            self.unread.append(Unread(place=key, reason=system_reason(error)))
        else:
            yield Head(key=key, place=key, header=header)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None: ...


def _count(folder: Path) -> int:
    try:
        with os.scandir(folder) as entries:
            return sum(1 for _entry in entries)
    except OSError:
        # Who reads it says so.
        return 0


def _is_older(entry: os.DirEntry[str], earliest: float | None) -> bool:
    if earliest is None:
        return False
    try:
        return entry.stat().st_mtime < earliest
    except OSError:
        return False


def _literal(name: str) -> str:
    return "".join(f"[{sign}]" if sign in "*?[" else sign for sign in name)
