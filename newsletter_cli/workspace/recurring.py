"""How often an event takes place, as typed: `weekly until 2026-12-24`, `tous les jeudis jusqu’au …`, an RRULE."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.markdown.dates import fold
from newsletter_cli.markdown.dates.names import WEEKDAYS, numbers_of
from newsletter_cli.workspace.typed_dates import NotThatDay, read_typed_moment

# More than these are no entries of an agenda any more.
MOST_TIMES = 60
_NUMBERS = {"deux": 2, "trois": 3, "quatre": 4, "two": 2, "three": 3, "four": 4, "other": 2}
_STEP = (
    (re.compile(r"daily|every day|quotidien\w*|tous les jours|chaque jour"), 1),
    (re.compile(r"weekly|every week|hebdomadaire\w*|toutes les semaines|chaque semaine|par semaine"), 7),
    (re.compile(r"fortnightly|biweekly|every fortnight|tous les quinze jours"), 14),
)
_EVERY = Pattern(r"(?:every|toutes les|tous les) (?P<count>\d+|[a-z]+) (?P<unit>weeks?|semaines|days|jours)")
_EVERY_WEEKDAY = Pattern(r"(?:every|each|tous les|toutes les|chaque|le|les) (?P<day>[a-z]+?)s?|(?P<alone>[a-z]+?)s?")
_LIMIT = Pattern(
    r"(?P<step>.+?)[\s,]+(?:(?:until|till|to|through|jusqu ?['’]? ?(?:au|a|en)?)\s+(?P<until>.+)"
    r"|(?P<count>\d+) (?:times|fois|dates|seances))"
)


class NoRepetition(ValueError):
    """The text says no repetition that is understood; the message says why."""


def read_repetition(text: str, start: date | datetime, language: str) -> tuple[timedelta, ...]:
    """How long after its first time the event takes place, each time (the first is nought). Raises `NoRepetition`."""
    words = " ".join(fold(text).replace("’", "'").split())
    is_rule = re.match(r"(?:rrule:)?\s*freq=", words) is not None
    step_days, count, until = _read_rule(words, start) if is_rule else _read_words(words, start, language)
    if until is not None:
        count = ((until.date() if isinstance(until, datetime) else until) - _day(start)).days // step_days + 1
    if count < 1:
        raise NoRepetition(_("the repetition ends before it begins"))
    if count > MOST_TIMES:
        raise NoRepetition(_("it takes place {count} times, more than {most}").format(count=count, most=MOST_TIMES))
    return tuple(timedelta(days=step_days * number) for number in range(count))


def _day(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _read_words(words: str, start: date | datetime, language: str) -> tuple[int, int, date | datetime | None]:
    limited = _LIMIT.fullmatch(words)
    step = _step_days(limited["step"] if limited else words, start)
    if step is None:
        raise NoRepetition(_("it is no repetition that nl understands"))
    if limited is None:
        raise NoRepetition(_("it does not say until when"))
    if limited["count"]:
        return step, int(limited["count"]), None
    try:
        until = read_typed_moment(limited["until"].removeprefix("le "), language)
    except NotThatDay as error:
        raise NoRepetition(str(error)) from None
    if until is None:
        raise NoRepetition(_("“{value}” is no date").format(value=limited["until"]))
    return step, 0, until


def _step_days(words: str, start: date | datetime) -> int | None:
    for pattern, days in _STEP:
        if pattern.fullmatch(words):
            return days
    if every := _EVERY.fullmatch(words):
        number = int(every["count"]) if every["count"].isdecimal() else _NUMBERS.get(every["count"], 0)
        unit = 7 if every["unit"].startswith(("week", "semaine")) else 1
        return number * unit or None
    if named := _EVERY_WEEKDAY.fullmatch(words):
        for day in _weekdays(named["day"] or named["alone"]):
            if day != _day(start).weekday():
                raise NoRepetition(_("the event begins on another day of the week"))
            return 7
    return None


def _weekdays(word: str) -> Iterator[int]:
    for names in WEEKDAYS.values():
        days = numbers_of(names)
        if word in days:
            yield days[word]


_BYDAY = ("mo", "tu", "we", "th", "fr", "sa", "su")


def _read_rule(words: str, start: date | datetime) -> tuple[int, int, date | None]:
    """An RRULE (RFC 5545, 3.3.10) of days or weeks on the day of the week that the event begins on."""
    parts = dict(part.partition("=")[::2] for part in words.removeprefix("rrule:").strip().strip(";").split(";"))
    step = {"daily": 1, "weekly": 7}.get(parts.pop("freq", ""))
    interval, count, until = parts.pop("interval", "1"), parts.pop("count", "0"), parts.pop("until", "")
    parts.pop("wkst", None)
    by_day = parts.pop("byday", "")
    if step is None or parts or not interval.isdecimal() or not count.isdecimal() or not int(interval):
        raise NoRepetition(_("of such rules, nl understands those by days and weeks"))
    if by_day and by_day != _BYDAY[_day(start).weekday()]:
        raise NoRepetition(_("the event begins on another day of the week"))
    if not until:
        if not int(count):
            raise NoRepetition(_("it does not say until when"))
        return step * int(interval), int(count), None
    try:
        return step * int(interval), 0, date.fromisoformat(until[:8])
    except ValueError:
        raise NoRepetition(_("“{value}” is no date").format(value=until)) from None
