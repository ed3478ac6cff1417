"""What is kept of a message: when it came, what it is known by, and words that name nobody."""

from __future__ import annotations

import datetime
import hashlib
import re
from email.utils import parsedate_to_datetime

from newsletter_cli.after.bounces.parts import Fields, Mail
from newsletter_cli.after.bounces.tokens import LETTERS
from newsletter_cli.base.privacy import without_addresses

LONGEST_WORDS = 300
TOKEN = re.compile(rf"(?<![A-Za-z0-9]){LETTERS}(?![A-Za-z0-9])|(?<=%20){LETTERS}(?![A-Za-z0-9])")
SHORTEST_NAME = 3
# Whatever a gateway, a mailbox file or another copy may change in the text of the same message.
CHANGEABLE = re.compile(rb"[\s>]+")


def moment_of(fields: Fields, now: str) -> str:
    """When a message was written, ISO 8601 in UTC; `now` where it does not say, or names a day to come."""
    dates = [*fields.all("date"), *(value.rpartition(";")[2] for value in fields.all("received"))]
    for date in dates:
        try:
            moment = parsedate_to_datetime(date)
            # `-0000`: in UTC, it is not known where.
            moment = moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)
            text = moment.astimezone(datetime.UTC).isoformat(timespec="seconds")
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return min(text, now)
    return now


def reference_of(mail: Mail, token: str) -> bytes:
    """A digest that is the same wherever the message lies, and however often it is read.

    The token and the date are part of it: some programs give all their reports one Message-ID.
    """
    fields = mail.fields
    known = [fields.get("message-id"), fields.get("date"), token]
    if not known[0]:
        known += [fields.get("from"), fields.get("subject")]
    digest = hashlib.sha256("\n".join(known).encode("utf-8", "replace"))
    if not known[0]:
        digest.update(CHANGEABLE.sub(b" ", mail.body))
    return digest.digest()


def public_words(text: str, *named: str) -> str:
    """The beginning of a text on one line, without addresses and tokens; nor the names of the mailboxes in `named`."""
    said = TOKEN.sub("…", without_addresses(" ".join(text[: 4 * LONGEST_WORDS].split())))
    for address in named:
        local = address.rpartition("@")[0]
        # A pattern costs more to compile than a message to read: only where it finds something.
        if len(local) >= SHORTEST_NAME and local.casefold() in said.casefold():
            said = re.sub(rf"(?<!\w){re.escape(local)}(?!\w)", "…", said, flags=re.IGNORECASE)
    return said if len(said) <= LONGEST_WORDS else f"{said[: LONGEST_WORDS - 1]}…"
