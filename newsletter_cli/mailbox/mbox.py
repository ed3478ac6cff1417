"""An mbox: messages one after the other in one file, each behind a line “From …” (RFC 4155).

Read as `mboxrd`: a line that begins with `>From ` had one `>` less. A file that grows meanwhile is read to where it
ended.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO, Self

from newsletter_cli.base.errors import MailboxError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.reasons import system_reason
from newsletter_cli.mailbox.eml import FIELD, too_large
from newsletter_cli.mailbox.source import MOST_BYTES, MOST_HEADER_BYTES, Head, Unread, read_each

MARK = b"From "
QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
CLOCK = re.compile(rb"\d:\d\d")
# A line without end is no line of mail: so much of it at a time.
LINE_BYTES = 1024 * 1024


class Mbox:
    """Reads the mbox `path`."""

    def __init__(self, path: Path, name: str):
        self._path, self._name = path, name
        self.unread: list[Unread] = []

    @property
    def name(self) -> str:
        """The file, as it was named."""
        return self._name

    def heads(self, *, since: datetime.datetime | None = None) -> Iterator[Head]:
        """All of them. Raises `MailboxError`."""
        number = 0
        try:
            with self._path.open("rb") as file:
                is_after_blank = True
                while line := file.readline(LINE_BYTES):
                    if not (is_after_blank and line.startswith(MARK)):
                        is_after_blank = not line.strip()
                        continue
                    offset, header = file.tell(), _read_header(file)
                    if not _is_separator(line, header):
                        file.seek(offset)
                        is_after_blank = False
                        continue
                    number += 1
                    place = _("{file}, message {number}").format(file=self._name, number=number)
                    if FIELD.match(header):
                        yield Head(key=str(offset), place=place, header=header)
                    else:
                        self.unread.append(Unread(place=place, reason=_("it has no header")))
                    # A header without a body ends at the next message.
                    file.seek(offset + len(header))
                    is_after_blank = False
        except OSError as error:
            raise MailboxError(system_reason(error), file=self._name) from None

    def read(self, head: Head) -> bytes:
        """Raises `MailboxError`."""
        lines, size_bytes, is_after_blank = [], 0, False
        try:
            with self._path.open("rb") as file:
                file.seek(int(head.key))
                while line := file.readline(LINE_BYTES):
                    if is_after_blank and line.startswith(MARK) and _ends_message(file, line):
                        break
                    is_after_blank = not line.strip()
                    size_bytes += len(line)
                    if size_bytes > MOST_BYTES:
                        raise too_large(head.place)
                    lines.append(line)
        except OSError as error:
            raise MailboxError(system_reason(error), file=self._name) from None
        # The blank line before the next message belongs to the file.
        if lines and not lines[-1].strip():
            lines.pop()
        return QUOTED.sub(rb"\1", b"".join(lines))

    def wholes(self, *, note: Callable[[int], None]) -> Iterator[tuple[Head, bytes]]:
        """All of them; how many there are, the file does not say. Raises `MailboxError`."""
        yield from read_each(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None: ...


def _is_separator(line: bytes, header: bytes) -> bool:
    """Whether a line “From …” begins a message: a header follows, or it says when. Not every program quotes those of a
    text.
    """
    return FIELD.match(header) is not None or CLOCK.search(line) is not None


def _ends_message(file: BinaryIO, line: bytes) -> bool:
    offset = file.tell()
    is_separator = _is_separator(line, file.readline(LINE_BYTES))
    file.seek(offset)
    return is_separator


def _read_header(file: BinaryIO) -> bytes:
    lines, size_bytes = [], 0
    while (line := file.readline(LINE_BYTES)).strip() and size_bytes < MOST_HEADER_BYTES:
        lines.append(line)
        size_bytes += len(line)
    return b"".join(lines)
