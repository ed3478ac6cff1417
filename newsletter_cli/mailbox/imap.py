"""The messages of a folder over IMAP: looked at (EXAMINE, BODY.PEEK), never marked, moved or deleted."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self

from msgspec import Struct

from newsletter_cli.base.errors import MailboxError
from newsletter_cli.base.i18n import _
from newsletter_cli.mailbox.eml import FIELD, too_large
from newsletter_cli.mailbox.imap_connection import ImapConnection, windows
from newsletter_cli.mailbox.imap_failures import told_failures
from newsletter_cli.mailbox.source import MOST_BYTES, Head, Unread

# So many headers in one answer: a few megabytes.
WINDOW = 200
SLACK_DAYS = 2
# So many octets of whole messages in one answer.
ANSWER_BYTES = 8 * 1024 * 1024


class FolderPlace(Struct, frozen=True, kw_only=True):
    """A folder by the server's name, and which life of it the numbers of its messages belong to (UIDVALIDITY)."""

    folder: str
    validity: int


class ImapSource:
    """The messages of one folder, the newest first, by the numbers (UID) that stay theirs."""

    def __init__(self, connection: ImapConnection, folder: str):
        """`folder` as people write it; empty is the inbox. Opened on entering."""
        self._connection, self._folder = connection, folder
        self._count = self._validity = 0
        self.unread: list[Unread] = []

    @property
    def name(self) -> str:
        """Server and folder, without the user."""
        return str(self._connection.address)

    @property
    def connection(self) -> ImapConnection:
        """What it is read through; to be entered anew where it is used without the source."""
        return self._connection

    @property
    def place(self) -> FolderPlace:
        """The folder that was opened, to come back to."""
        return FolderPlace(folder=self._folder, validity=self._validity)

    def __enter__(self) -> Self:
        self._connection.__enter__()
        try:
            self._folder = self._connection.find_folder(self._folder)
            self._count, self._validity = self._connection.examine(self._folder)
        except BaseException as error:
            self._connection.__exit__(type(error), error, error.__traceback__)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.__exit__(kind, error, trace)

    def heads(self, *, since: datetime.datetime | None = None) -> Iterator[Head]:
        """Those that came since then, give or take two days. Raises `MailboxError`.

        From the last one down: one that is deleted meanwhile shifts those above it, which were seen already.
        """
        below: int | None = None
        for first, last in windows(self._count, WINDOW):
            answers = self._headers(f"{first}:{last}", since)
            for number in sorted(answers, reverse=True):
                if below is None or number < below:
                    below = number
                    yield from self._head(number, answers[number])

    def read(self, head: Head) -> bytes:
        """Raises `MailboxError`."""
        with told_failures(self._connection.address):
            answers: dict[int, Any] = self._connection.client.fetch([int(head.key)], ["RFC822.SIZE"])
            size_bytes = answers.get(int(head.key), {}).get(b"RFC822.SIZE", 0)
        if size_bytes > MOST_BYTES:
            raise too_large(head.place)
        with told_failures(self._connection.address):
            answers = self._connection.client.fetch([int(head.key)], ["BODY.PEEK[]"])
            octets = answers.get(int(head.key), {}).get(b"BODY[]")
        if octets is None:
            raise MailboxError(_("{message} is no longer in the mailbox").format(message=head.place))
        return bytes(octets)

    def wholes(self, *, note: Callable[[int], None]) -> Iterator[tuple[Head, bytes]]:
        """The newest first, many in one answer. Raises `MailboxError`."""
        note(self._count)
        below: int | None = None
        for first, last in windows(self._count, WINDOW):
            sizes = {
                number: answer for number, answer in self._sizes(first, last).items() if below is None or number < below
            }
            below = min([*sizes, *([below] if below is not None else [])], default=None)
            for some in self._bundles(sizes):
                with told_failures(self._connection.address):
                    answers: dict[int, Any] = self._connection.client.fetch(some, ["BODY.PEEK[]"])
                for number in some:
                    octets = answers.get(number, {}).get(b"BODY[]")
                    if octets is not None:
                        yield Head(key=str(number), place=self._place(number), header=b""), bytes(octets)

    def _sizes(self, first: int, last: int) -> dict[int, int]:
        """By number (UID), how many octets each message has."""
        client = self._connection.client
        with told_failures(self._connection.address):
            client.use_uid = False
            try:
                found: dict[int, Any] = client.fetch(list(range(first, last + 1)), ["UID", "RFC822.SIZE"])
            finally:
                client.use_uid = True
        return {answer[b"UID"]: answer.get(b"RFC822.SIZE", 0) for answer in found.values() if b"UID" in answer}

    def _bundles(self, sizes: dict[int, int]) -> Iterator[list[int]]:
        """Numbers of messages that are fetched in one answer; one that is too large is noted."""
        some: list[int] = []
        octets = 0
        for number in sorted(sizes, reverse=True):
            if sizes[number] > MOST_BYTES:
                self.unread.append(Unread(place=self._place(number), reason=too_large("").message))
                continue
            if some and octets + sizes[number] > ANSWER_BYTES:
                yield some
                some, octets = [], 0
            some.append(number)
            octets += sizes[number]
        if some:
            yield some

    def _place(self, number: int) -> str:
        return _("{folder}, message {number}").format(folder=self._folder, number=number)

    def _headers(self, numbers: str, since: datetime.datetime | None) -> dict[int, Any]:
        client = self._connection.client
        with told_failures(self._connection.address):
            wanted: Any = numbers
            # Only numbers of messages find them without their UIDs.
            client.use_uid = False
            try:
                if since is not None:
                    day = since.astimezone(datetime.UTC).date() - datetime.timedelta(days=SLACK_DAYS)
                    wanted = client.search([numbers, "SINCE", day])
                found: dict[int, Any] = _fetch(client, wanted) if wanted else {}
            finally:
                client.use_uid = True
        return {answer[b"UID"]: answer for answer in found.values() if b"UID" in answer}

    def _head(self, number: int, answer: dict[bytes, Any]) -> Iterator[Head]:
        place = self._place(number)
        header = bytes(answer.get(b"BODY[HEADER]") or b"").rstrip(b"\r\n")
        if FIELD.match(header):
            yield Head(key=str(number), place=place, header=header)
        else:
            self.unread.append(Unread(place=place, reason=_("it has no header")))


def _fetch(client: Any, wanted: Any) -> dict[int, Any]:
    """Answers by number, whichever they are: imapclient looks for those of a list, and a range is none."""
    if isinstance(wanted, str):
        first, last = map(int, wanted.split(":"))
        wanted = range(first, last + 1)
    answers: dict[int, Any] = client.fetch(list(wanted), ["UID", "BODY.PEEK[HEADER]"])
    return answers
