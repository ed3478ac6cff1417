"""What a cell says of somebody's wish to be written to: left, agreed, bounced, complained. One reading for all sources.

A cell that cannot be understood makes its row unusable: better one row named than one person written to who left.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from newsletter_cli.audience.words import parse_boolean, parse_status, plain
from newsletter_cli.base.i18n import _
from newsletter_cli.model.subscriber import GONE, SubscriberStatus


class Says(StrEnum):
    """What a column tells of each person."""

    STATUS = "status"  # a word: confirmed, unsubscribed, bounced…
    LEFT = "unsubscribed"  # yes, or a date, for somebody who left
    LEFT_BECAUSE = "reason for leaving"  # anything at all, for somebody who left
    BOUNCED = "bounced"
    BOUNCED_BECAUSE = "reason of the bounce"
    COMPLAINED = "complained"
    SUBSCRIBED = "subscribed"  # no, for somebody who left or did not agree
    CONFIRMED = "confirmed"  # no, for somebody who has yet to confirm
    CONSENT = "consent"  # how somebody agreed, in words; or just yes or no
    DELIVERY = "delivery"  # how somebody gets their mail; one of the ways is not at all


class WishColumn(NamedTuple):
    """A column that says something of each person's wish: its place, its name, what it says."""

    place: int
    name: str
    says: Says


class CellFault(ValueError):
    """A cell other than the address that makes its row unusable; the message names no address."""


# Read as words: there, “none” is one.
_WORDS = frozenset({Says.STATUS, Says.DELIVERY})
# What a yes means, and what a no.
_YES_NO: dict[Says, tuple[SubscriberStatus | None, SubscriberStatus | None]] = {
    Says.LEFT: (SubscriberStatus.UNSUBSCRIBED, None),
    Says.BOUNCED: (SubscriberStatus.BOUNCED, None),
    Says.COMPLAINED: (SubscriberStatus.COMPLAINED, None),
    Says.SUBSCRIBED: (SubscriberStatus.CONFIRMED, SubscriberStatus.UNSUBSCRIBED),
    Says.CONFIRMED: (SubscriberStatus.CONFIRMED, SubscriberStatus.UNCONFIRMED),
    Says.CONSENT: (None, SubscriberStatus.UNSUBSCRIBED),
}
_BECAUSE = {
    Says.LEFT_BECAUSE: SubscriberStatus.UNSUBSCRIBED,
    Says.BOUNCED_BECAUSE: SubscriberStatus.BOUNCED,
}
# A box to tick that is not ticked: they have not agreed.
_UNTICKED = frozenset({Says.SUBSCRIBED, Says.CONFIRMED})
# Mautic's numbers in `dnc` besides 1: bounced, taken off by hand.
_NUMBERS = {"2": SubscriberStatus.BOUNCED, "3": SubscriberStatus.UNSUBSCRIBED}
_NO_DELIVERY = frozenset({"none", "no email", "nomail", "no mail", "suspend", "suspended"})
_LEAVING = ("unsub", "opt out", "opted out", "non subscri", "not subscri", "nonsubscri", "desinscri", "desabon")
_BOUNCING = ("hard bounc", "bounc", "invalid")
# `on [B]`: Mailman's reason for no more mail.
_SWITCHED_ON = re.compile(r"on \[(?P<reason>[A-Z?])\]")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_WORD = re.compile(r"[^\W\d_]+")
# Months and days as they begin in several languages, and what stands between numbers: anything else is no date.
_DATE_WORDS = (
    "jan", "fev", "feb", "mar", "avr", "apr", "mai", "may", "jun", "juin", "jul", "juil", "aou", "aug", "sep", "oct",
    "okt", "nov", "dec", "dez", "ene", "abr", "ago", "dic", "gen", "mag", "giu", "lug", "set", "ott", "out", "mon",
    "tue", "wed", "thu", "fri", "sat", "sun", "lun", "mer", "jeu", "ven", "sam", "dim",
)  # fmt: skip
_BETWEEN_NUMBERS = frozenset(
    ("t", "z", "h", "utc", "gmt", "cet", "cest", "am", "pm", "le", "du", "er", "at", "a", "de")
)
_SHORT_DATE = re.compile(r"\d{1,2}[./-]\d{1,2}[./-]\d\d(?:\s.*)?")
# Seconds or milliseconds since 1970, and Excel's days since 1900.
_BARE_NUMBER = re.compile(r"\d{9,13}|[3-5]\d{4}(?:\.\d+)?")
# What databases write where there is no date.
_NO_DATE = re.compile(r"(?:0000-00-00|0001-01-01|00[./]00[./]0000).*")
# An empty cell, as programs write it.
_BLANK = frozenset({"nan", "null", "none", "nat", "n/a", "na", "#n/a", "-", "–", "—"})
# The heavier one counts: a complaint is never made lighter by an unsubscription.
_WEIGHT = {
    SubscriberStatus.CONFIRMED: 0,
    SubscriberStatus.UNCONFIRMED: 1,
    SubscriberStatus.BOUNCED: 2,
    SubscriberStatus.UNSUBSCRIBED: 3,
    SubscriberStatus.COMPLAINED: 4,
}


def read_marks(cells: Sequence[str], marks: Sequence[WishColumn]) -> SubscriberStatus | None:
    """What a row says of its person, the heaviest word of all its columns; `None`: nothing. Raises `CellFault`."""
    heaviest: SubscriberStatus | None = None
    for place, name, says in marks:
        said, is_understood = _read_mark(says, cells[place])
        if not is_understood:
            raise CellFault(_unreadable(says, name, cells[place]))
        if said is not None and (heaviest is None or _WEIGHT[said] > _WEIGHT[heaviest]):
            heaviest = said
    return heaviest


@lru_cache(maxsize=4096)
def _read_mark(says: Says, text: str) -> tuple[SubscriberStatus | None, bool]:
    """What the cell says, and whether it is understood at all."""
    text = text.strip()
    if not text or _NO_DATE.fullmatch(text) or (says not in _WORDS and text.casefold() in _BLANK):
        return (SubscriberStatus.UNCONFIRMED if says in _UNTICKED else None), True
    if says in _BECAUSE:
        return (None if parse_boolean(text) is False else _BECAUSE[says]), True
    status = parse_status(text)
    if says is Says.STATUS:
        return status, status is not None
    if says is Says.DELIVERY:
        return _read_delivery(text, status), True
    return _read_yes_or_no(says, text, status)


def _read_delivery(text: str, status: SubscriberStatus | None) -> SubscriberStatus | None:
    """Who gets nothing, left or has yet to confirm; any other way of getting mail says nothing of a wish."""
    words = plain(text).replace("-", " ")
    if words in _NO_DELIVERY or words.startswith(_LEAVING):
        return SubscriberStatus.UNSUBSCRIBED
    if words.startswith(_BOUNCING):
        return SubscriberStatus.BOUNCED
    return None if status is SubscriberStatus.CONFIRMED else status


def _read_yes_or_no(says: Says, text: str, status: SubscriberStatus | None) -> tuple[SubscriberStatus | None, bool]:
    yes, no = _YES_NO[says]
    answer = parse_boolean(text)
    if answer is not None:
        return (yes if answer else no), True
    if says is Says.CONSENT:
        # How they agreed is free text; that they left may stand there, too.
        return (status if status in GONE else None), True
    if status is not None:
        return status, True
    if says is Says.LEFT and (switched := _SWITCHED_ON.fullmatch(text)):
        return (SubscriberStatus.BOUNCED if switched["reason"] == "B" else yes), True
    if says is Says.LEFT and text in _NUMBERS:
        return _NUMBERS[text], True
    return yes, is_date(text) or (says is Says.BOUNCED and text.isdecimal())


def is_date(text: str) -> bool:
    """Whether a cell holds a moment, however it is written: filled, it says that something happened."""
    if not (_YEAR.search(text) or _SHORT_DATE.fullmatch(text) or _BARE_NUMBER.fullmatch(text)):
        return False
    words = _WORD.findall(plain(text))
    return all(word in _BETWEEN_NUMBERS or word.startswith(_DATE_WORDS) for word in words)


def _unreadable(says: Says, name: str, text: str) -> str:
    # In an error: short, on one line, and no address.
    shown = "…" if "@" in text else " ".join(text.split())[:30]
    if says is Says.STATUS:
        if parse_boolean(text) is not None:
            return _(
                "the status “{text}” is a yes or a no, and to what? ([list.columns] subscribed, or unsubscribed)"
            ).format(text=shown)
        return _("the status “{text}” means nothing here").format(text=shown)
    return _("“{text}” in the column “{column}” is neither yes nor no, nor a date").format(text=shown, column=name)
