"""Which status means what (RFC 3463, RFC 5248, and what servers give besides). The one table there is of it."""

from __future__ import annotations

import re
from enum import StrEnum

from newsletter_cli.model.feedback import FeedbackKind

CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d]|\.\d)")
BASIC = re.compile(r"(?<![\d.])([45]\d\d)(?=[\s-]|$)")


class Meaning(StrEnum):
    """What a status, or a server's words, come to."""

    GONE = "gone"
    """No such mailbox: hard, and certain."""
    PERHAPS_GONE = "perhaps-gone"
    """Hard, where a person agrees."""
    FULL = "full"
    PASSING = "passing"
    """It may pass: soft."""
    SENDER = "sender"
    """The sender's fault."""
    OPEN = "open"
    """It failed for good, and the words have to say why."""


# The longest beginning that fits decides; `5.1.` is any 5.1.x that stands not here itself.
STATUSES: dict[str, Meaning] = {
    "4.": Meaning.PASSING,
    "4.2.2": Meaning.FULL,
    "4.3.4": Meaning.SENDER,
    "4.6.": Meaning.SENDER,
    "4.7.": Meaning.SENDER,
    # Greylisting, and whatever servers have no other number for.
    "4.7.0": Meaning.PASSING,
    "4.7.1": Meaning.PASSING,
    "5.": Meaning.OPEN,
    "5.1.": Meaning.PERHAPS_GONE,
    "5.1.0": Meaning.OPEN,
    "5.1.1": Meaning.GONE,
    "5.1.7": Meaning.SENDER,
    "5.1.8": Meaning.SENDER,
    "5.1.10": Meaning.GONE,
    "5.1.20": Meaning.SENDER,
    "5.1.90": Meaning.SENDER,
    "5.2.": Meaning.PASSING,
    "5.2.0": Meaning.OPEN,
    "5.2.1": Meaning.GONE,
    "5.2.2": Meaning.FULL,
    "5.2.3": Meaning.SENDER,
    "5.3.": Meaning.PASSING,
    "5.3.0": Meaning.OPEN,
    "5.3.4": Meaning.SENDER,
    "5.4.": Meaning.PASSING,
    "5.4.0": Meaning.OPEN,
    "5.4.1": Meaning.PERHAPS_GONE,
    "5.4.4": Meaning.PERHAPS_GONE,
    "5.4.310": Meaning.PERHAPS_GONE,
    "5.5.": Meaning.OPEN,
    "5.6.": Meaning.SENDER,
    "5.7.": Meaning.SENDER,
}
KINDS: dict[Meaning, FeedbackKind] = {
    Meaning.GONE: FeedbackKind.HARD,
    Meaning.PERHAPS_GONE: FeedbackKind.HARD,
    Meaning.FULL: FeedbackKind.FULL,
    Meaning.PASSING: FeedbackKind.SOFT,
    Meaning.SENDER: FeedbackKind.SENDER_FAULT,
    Meaning.OPEN: FeedbackKind.UNKNOWN,
}


def meaning_of(status: str) -> Meaning | None:
    """What an enhanced code comes to; `None` for one of success, and for what is none."""
    found = CODE.fullmatch(status)
    if not found or found[1] == "2":
        return None
    first, second = f"{found[1]}.", f"{found[1]}.{found[2]}."
    return STATUSES.get(status) or STATUSES.get(second) or STATUSES[first]


def statuses_in(text: str) -> list[str]:
    """The enhanced codes in a text, in their order, each once; no zeros before a number."""
    return list(dict.fromkeys(".".join(str(int(part)) for part in found) for found in CODE.findall(text)))
