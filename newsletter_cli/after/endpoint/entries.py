"""Entries of the endpoint's log, and the lines in which they are fetched.

`GET /log?after=N` answers lines of JSON, each by itself: a head, up to a page of entries in the order of their
numbers, an end. Without the end the answer was cut off. No entry holds anybody's address.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct, field

from newsletter_cli.model.feedback import FeedbackKind

FORMAT = 1
PAGE_ENTRIES = 1_000
ONE_CLICK, PAGE = "one-click", "page"


class NewEntry(Struct, frozen=True, kw_only=True):
    """What happened, before it has a number.

    `at` is ISO 8601, UTC, to the second; `newsletter` and `key` the ids of the ledger and of the secret that made the
    token or the hash; `token` one of ours, whole and verified, or empty; `person` the keyed hash of a normalised
    address (64 hexadecimal digits; `KeyPart.person_hash`), or empty; `message_id` a Message-ID of ours without its
    brackets, or empty. `status` is an enhanced code (`5.1.1`) or empty, `words` the server's, without addresses.
    `doubt` is empty where it is certain, else a word of `Doubt` (`after/bounces/verdict.py`): a person decides.
    `source` is `one-click` (a mail reader's button), `page` (the button of our page) or the name of a service.
    `reference` (64 hexadecimal digits) is the same for what is told again.
    """

    at: str
    newsletter: str
    key: str
    kind: FeedbackKind
    token: str = ""
    person: str = ""
    message_id: str = ""
    status: str = ""
    words: str = ""
    doubt: str = ""
    source: str
    reference: str


class LogEntry(NewEntry, frozen=True, kw_only=True):
    """The same with its number, which only grows, and leaves numbers out."""

    n: int


class LogHead(Struct, frozen=True, kw_only=True):
    """The first line: which log this is, and how far it goes.

    `log` is made up when a log is: another one than last time means that it was lost, and fetching starts at 0 again.
    `keys` are the ids of the secrets that the server has, the newest first. `last` is the highest number of this
    newsletter's entries that was ever given (0: none): one below `after` means that an older copy was put back.
    `pruned` is the highest number that was taken out as old; whoever asks for what came after a lower one has missed
    some. `now` is the server's clock.
    """

    format: int = FORMAT
    log: str
    newsletter: str
    keys: tuple[str, ...]
    last: int
    pruned: int
    now: str


class LogEnd(Struct, frozen=True, kw_only=True):
    """The last line: ask again after `after`, at once where there is `more`."""

    end: Literal[True] = True
    after: int
    more: bool


class LogPage(Struct, frozen=True, kw_only=True):
    """An answer that was read."""

    head: LogHead
    entries: tuple[LogEntry, ...] = field(default_factory=tuple)
    end: LogEnd


class NotALog(ValueError):
    """What came is no whole answer of an endpoint: cut off, or another program's."""


def render_page(page: LogPage) -> bytes:
    """The answer's lines."""
    from msgspec.json import encode

    return b"".join(encode(line) + b"\n" for line in (page.head, *page.entries, page.end))


def parse_page(body: bytes) -> LogPage:
    """The answer. Raises `NotALog`, also for entries out of their order and for what does not belong to its head."""
    from msgspec import MsgspecError
    from msgspec.json import decode

    lines = body.split(b"\n")
    if len(lines) < 3 or lines[-1]:
        raise NotALog("cut off")
    try:
        head, end = decode(lines[0], type=LogHead), decode(lines[-2], type=LogEnd)
        entries = tuple(decode(line, type=LogEntry) for line in lines[1:-2])
    except (MsgspecError, UnicodeDecodeError):
        raise NotALog("another program's, or a newer one's") from None
    if head.format != FORMAT:
        raise NotALog("a newer one's")
    _check_order(head, entries, end)
    return LogPage(head=head, entries=entries, end=end)


def _check_order(head: LogHead, entries: Iterable[LogEntry], end: LogEnd) -> None:
    before = 0
    for entry in entries:
        if entry.n <= before or entry.newsletter != head.newsletter:
            raise NotALog("out of order")
        before = entry.n
    if before > end.after:
        raise NotALog("out of order")
