"""Moments, days and lengths of time as they are said in messages: in the language of the interface."""

from __future__ import annotations

from datetime import date, datetime

from newsletter_cli.base.i18n import _, interface_language, ngettext
from newsletter_cli.markdown.dates import day_words
from newsletter_cli.markdown.dates.names import MONTH_NAMES, WEEKDAY_NAMES


def said_in_full(moment: datetime, *, now: datetime) -> str:
    """`Thursday 3 December 2026 at 09:30, Europe/Paris, in 2 days 11 hours`; besides, what this machine shows then,
    where it stands elsewhere.
    """
    zone = getattr(moment.tzinfo, "key", None) or moment.strftime("UTC%z")
    here = moment.astimezone()
    elsewhere = ""
    if here.utcoffset() != moment.utcoffset():
        time_here = f"{here:%H:%M}" if here.date() == moment.date() else said_short(here)
        elsewhere = _(" ({time} on this machine)").format(time=time_here)
    return f"{said_short(moment)}, {zone}{elsewhere}, {said_distance(seconds_until(moment, now=now))}"


def seconds_until(moment: datetime, *, now: datetime) -> float:
    """How far away it is, in seconds that pass: two moments of one zone, subtracted, ignore that its clocks change."""
    return moment.timestamp() - now.timestamp()


def said_short(moment: datetime) -> str:
    """`Thursday 3 December 2026 at 09:30`, `jeudi 3 décembre 2026 à 9 h 30`."""
    hour = f"{moment:%H:%M}"
    if interface_language() == "fr":
        hour = f"{moment.hour}\u00a0h" + (f"\u00a0{moment:%M}" if moment.minute else "")
    return _("{day} at {hour}").format(day=said_day(moment.date()), hour=hour)


def said_day(day: date) -> str:
    """`Thursday 3 December 2026`, `jeudi 3 décembre 2026`."""
    if interface_language() == "fr":
        return day_words(day, "fr", has_weekday=True, has_year=True)
    return f"{WEEKDAY_NAMES['en'][day.weekday()]} {day.day} {MONTH_NAMES['en'][day.month - 1]} {day.year}"


def said_distance(seconds: float) -> str:
    """`in 2 days 11 hours`, `5 minutes ago`."""
    length = said_length(abs(seconds))
    return _("in {time}").format(time=length) if seconds > 0 else _("{time} ago").format(time=length)


def said_length(seconds: float) -> str:
    """Its two largest parts: `2 days 11 hours`, `1 hour 5 minutes`, `40 seconds`."""
    if seconds < 60:
        return ngettext("{count} second", "{count} seconds", int(seconds)).format(count=int(seconds))
    minutes = int(seconds // 60)
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = (
        (days, ngettext("{count} day", "{count} days", days)),
        (hours, ngettext("{count} hour", "{count} hours", hours)),
        (minutes, ngettext("{count} minute", "{count} minutes", minutes)),
    )
    shown = [(index, words.format(count=count)) for index, (count, words) in enumerate(parts) if count]
    # A day and three minutes is a day.
    return " ".join(words for index, words in shown if index - shown[0][0] <= 1)
