"""What every source of received messages does, whichever way they are kept."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Protocol, Self

from msgspec import Struct

from newsletter_cli.base.errors import MailboxError

# Far above what any mail server takes: such a file is no message.
MOST_BYTES = 64 * 1024 * 1024
MOST_HEADER_BYTES = 1024 * 1024


class Head(Struct, frozen=True, kw_only=True):
    """The beginning of one message: `header` ends before the blank line. `key` finds it again in its source, `place`
    says to people where it lies, without anybody's address.
    """

    key: str
    place: str
    header: bytes


class Unread(Struct, frozen=True, kw_only=True):
    """What lies in a source and could not be read as a message, and why."""

    place: str
    reason: str


class Source(Protocol):
    """Messages, one at a time: memory does not grow with their number, and none of them is changed or marked as read.

    A context manager. All raise `MailboxError` for a source that cannot be read (any more).
    """

    unread: list[Unread]

    @property
    def name(self) -> str:
        """As people know it, without user or password."""
        ...

    def heads(self, *, since: datetime.datetime | None = None) -> Iterator[Head]:
        """The beginning of each message. Where the source knows when a message arrived, those that came days before
        `since` may be left out; what cannot be read is noted in `unread`.
        """
        ...

    def read(self, head: Head) -> bytes:
        """The whole message, as it is kept: lines may end in LF or CRLF."""
        ...

    def wholes(self, *, note: Callable[[int], None]) -> Iterator[tuple[Head, bytes]]:
        """Each whole message, as `read` gives it; one that cannot be read, or is gone meanwhile, is noted in `unread`.

        `note` is told once how many there are, where the source knows.
        """
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


def read_each(source: Source) -> Iterator[tuple[Head, bytes]]:
    """`wholes` of a source whose messages are read one by one from a disk."""
    for head in source.heads():
        try:
            octets = source.read(head)
        except MailboxError as error:
            source.unread.append(Unread(place=head.place, reason=error.message))
        else:
            yield head, octets


def header_of(octets: bytes) -> bytes:
    """What stands before the first blank line."""
    ends = [place for mark in (b"\r\n\r\n", b"\n\n", b"\r\r") if (place := octets.find(mark)) >= 0]
    return octets[: min(ends)] if ends else octets
