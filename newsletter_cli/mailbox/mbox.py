"""An mbox: messages one after the other in one file, each behind a line “From …” (RFC 4155).

Read as `mboxrd`: a line that begins with `>From ` had one `>` less. A file that grows meanwhile is read to where it
ended.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Self

from newsletter_cli.base.errors import MailboxError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.reasons import system_reason
from newsletter_cli.mailbox.eml import FIELD, too_large
from newsletter_cli.mailbox.source import MOST_BYTES, MOST_HEADER_BYTES, Head, Unread

MARK = b"From "
QUOTED = re.compile(rb"^>(>*From )", re.MULTILINE)
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
                    number += 1
                    offset, header = file.tell(), _read_header(file)
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
                    if is_after_blank and line.startswith(MARK):
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

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None: ...


def _read_header(file: BinaryIO) -> bytes:
    lines, size_bytes = [], 0
    while (line := file.readline(LINE_BYTES)).strip() and size_bytes < MOST_HEADER_BYTES:
        lines.append(line)
        size_bytes += len(line)
    return b"".join(lines)
