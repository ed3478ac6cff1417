"""Who owes which text until when, as a text for the chat. Pure: the words and today come as arguments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from msgspec import Struct

from newsletter_cli.render.dates import format_day, format_moment
from newsletter_cli.render.words import RemindWords, Words

# Chats call everybody with them (`@all`), and an address is nobody's business there.
MAIL_ADDRESS = re.compile(r"<?[^\s<>,;]+@[^\s<>,;]+>?")
# What would be drawn as a list, a heading or a link of its own.
BEYOND = re.compile(r"[\r\n\x00-\x1f`*_~\[\]<>|]+")


class Owed(Struct, frozen=True, kw_only=True):
    """A text that is not there yet. `author`: who writes it, without an address; `None`: nobody yet. `due`: a day, a
    moment with its zone, or nothing said.
    """

    slug: str
    title: str
    author: str | None = None
    due: date | datetime | None = None

    def days(self, now: datetime) -> int | None:
        """How many days are left; below zero, so many too late."""
        if self.due is None:
            return None
        day = self.due.astimezone(now.tzinfo).date() if isinstance(self.due, datetime) else self.due
        return (day - now.date()).days

    def is_late(self, now: datetime) -> bool:
        """Whether it should be there already. A day ends with its last hour."""
        if isinstance(self.due, datetime):
            return self.due < now
        return self.due is not None and self.due < now.date()


def render_reminder(
    owed: Sequence[Owed],
    *,
    newsletter: str,
    number: int,
    words: Words,
    remind: RemindWords,
    language: str,
    now: datetime,
) -> str:
    """The text: person by person, who has something late first; what nobody writes yet last."""
    about = {"newsletter": _one_line(newsletter), "number": number}
    if not owed:
        return remind.nothing.format(**about) + "\n"
    lines = [remind.heading.format(**about)]
    for author, texts in _by_person(owed, now):
        lines += ["", _one_line(author) if author else remind.nobody]
        for one in texts:
            when = _when(one, words, remind, language, now)
            lines.append(remind.line.format(section=_one_line(one.title), when=when))
    return "\n".join(lines) + "\n"


def person_of(author: str | None) -> str | None:
    """The name without an address; nothing where there is no name."""
    if author is None:
        return None
    name = " ".join(MAIL_ADDRESS.sub(" ", author).replace("@", " ").split()).strip(" ,;")
    return name or None


def sort_owed(owed: Sequence[Owed], now: datetime) -> list[Owed]:
    """Person by person, as the reminder has them."""
    return [one for _author, texts in _by_person(owed, now) for one in texts]


def _by_person(owed: Sequence[Owed], now: datetime) -> Iterator[tuple[str | None, list[Owed]]]:
    def urgency(one: Owed) -> tuple[bool, float]:
        days = one.days(now)
        return not one.is_late(now), float("inf") if days is None else days

    persons = {
        author: sorted(texts, key=urgency)
        for author, texts in groupby(sorted(owed, key=lambda one: one.author or ""), lambda one: one.author)
    }
    order = sorted(persons, key=lambda author: (author is None, urgency(persons[author][0]), author or ""))
    return ((author, persons[author]) for author in order)


def _when(one: Owed, words: Words, remind: RemindWords, language: str, now: datetime) -> str:
    days = one.days(now)
    if one.due is None or days is None:
        return remind.no_day
    if isinstance(one.due, datetime):
        zone = now.tzinfo if isinstance(now.tzinfo, ZoneInfo) else None
        day = format_moment(one.due.astimezone(zone or now.tzinfo), words, language)
    else:
        day = format_day(one.due, words, language)
    patterns = {0: remind.late_today if one.is_late(now) else remind.today, 1: remind.tomorrow, -1: remind.late_one}
    pattern = patterns.get(days) or (remind.late if days < 0 else remind.soon)
    return pattern.format(count=abs(days), day=day)


def _one_line(text: str) -> str:
    return " ".join(BEYOND.sub(" ", text).replace("@", " ").split())
