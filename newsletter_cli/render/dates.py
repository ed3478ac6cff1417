"""Days and hours in the newsletter's own words.

The names of days and months are those that nl knows, in other languages Babel's (Unicode CLDR); the patterns come
from the words file. A language without patterns of its own is set with CLDR's generic ones. No clock and no locale of
the machine is read.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct

from newsletter_cli.base.errors import ConfigError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.markdown.dates.names import MONTH_NAMES, WEEKDAY_NAMES
from newsletter_cli.model import Event
from newsletter_cli.render.words import DatePatterns, Words

if TYPE_CHECKING:
    from babel.core import Locale

NBSP = "\u00a0"
DAY_AND_MONTH = Pattern(r"\{(?P<first>day|month)\}(?P<sign>[^{}]*)\{(?:day|month)\}")


def format_event_time(event: Event, words: Words, language: str, timezone: str) -> str:
    """When an event takes place: `jeudi 30 mars 2023, de 14 h à 17 h 30`.

    `language` is a BCP 47 tag (`fr`, `pt-BR`), `timezone` the newsletter's IANA name. Hours are the
    event's own; its zone is named only where its clock differs from the newsletter's, since a reader
    elsewhere would otherwise come at the wrong hour. Spaces inside an hour do not break (U+00A0). An
    end that is not after the start is not shown. Raises `ConfigError` for an unknown language or zone.
    """
    style = _style(words, language)
    span = local_span(event, timezone)
    if not isinstance(span.start, datetime):
        last = event.last_day
        return style.days(span.start, last) if last > span.start else style.day(span.start)
    start, end = span.start, span.end
    if not isinstance(end, datetime):
        text = style.moment(start)
    elif span.last_day == start.date():
        text = style.hours(start, end)
    else:
        text = style.moments(start, end)
    return text if span.is_local else style.zone(text, start)


def format_short_time(event: Event, words: Words, language: str, timezone: str) -> str:
    """The day and the hour at which an event begins, its days where it has no hour: `30 mars, 14 h`, `14–17 juin`.

    Raises as `format_event_time`.
    """
    span = local_span(event, timezone)
    days, month = day_badge(event, words, language)
    # As the language's own pattern has the two: `30. März`, `March 30`.
    pattern = words.dates.day if words.dates is not None else ""
    between = DAY_AND_MONTH.search(pattern)
    first, last = (month, days) if between and between["first"] == "month" else (days, month)
    day = first + (between["sign"] if between else " ").replace(" ", NBSP) + last
    if not isinstance(span.start, datetime):
        return day
    style = _style(words, language)
    text = f"{day}, {style.clock(span.start)}"
    return text if span.is_local else style.zone(text, span.start)


def format_day(day: date, words: Words, language: str) -> str:
    """One day: `jeudi 30 mars 2023`. Of a datetime, its own day. Raises `ConfigError` for an unknown language."""
    return _style(words, language).day(day.date() if isinstance(day, datetime) else day)


def format_moment(moment: datetime, words: Words, language: str) -> str:
    """A day and its hour, as the moment's own clock has it: `jeudi 30 mars 2023, à 14 h`. Raises as `format_day`."""
    return _style(words, language).moment(moment)


def day_badge(event: Event, words: Words, language: str) -> tuple[str, str]:
    """The day or days and the month of an event, for a badge: `("14–17", "juin")`.

    An event over two months has both, abbreviated: `("30–2", "mars–avr.")`.
    """
    start = event.start.date() if isinstance(event.start, datetime) else event.start
    last = max(event.last_day, start)
    if last == start:
        return str(start.day), _month(language, start)
    days = f"{start.day}–{last.day}"
    if (start.year, start.month) == (last.year, last.month):
        return days, _month(language, start)
    return days, f"{_month(language, start, 'abbreviated')}–{_month(language, last, 'abbreviated')}"


class LocalSpan(Struct, frozen=True, kw_only=True):
    """An event's start and end on one clock; `is_local`: that clock is the newsletter's."""

    start: date | datetime
    end: date | datetime | None
    is_local: bool

    @property
    def last_day(self) -> date:
        """The last day, inclusive; an end at midnight belongs to the day before."""
        return Event(title="", start=self.start, end=self.end).last_day


def local_span(event: Event, timezone: str) -> LocalSpan:
    """The event's span with a timed start and end on the same clock; an end not after the start is dropped.

    Where the event's own clock shows what the newsletter's zone shows, the moments are moved into that
    zone: `14:00+02:00`, as YAML reads it, has an offset but no zone. Moments without an offset are the
    newsletter's. Raises `ConfigError` for an unknown zone.
    """
    if not isinstance(event.start, datetime):
        return LocalSpan(start=event.start, end=event.end, is_local=True)
    zone = parse_zone(timezone)
    start, start_is_local = _localised(event.start, zone)
    if not isinstance(event.end, datetime):
        return LocalSpan(start=start, end=None, is_local=start_is_local)
    end, end_is_local = _localised(event.end, zone)
    if end <= start:
        return LocalSpan(start=start, end=None, is_local=start_is_local)
    if start_is_local and end_is_local:
        return LocalSpan(start=start, end=end, is_local=True)
    return LocalSpan(start=start, end=end.astimezone(start.tzinfo), is_local=False)


def parse_zone(timezone: str) -> ZoneInfo:
    """The zone of an IANA name. Raises `ConfigError` for a name that is none."""
    try:
        return ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):  # not found; no proper name; the name of a folder of the database
        raise ConfigError(
            _("Unknown time zone “{timezone}”").format(timezone=timezone),
            hint=_("Use an IANA name such as Europe/Paris."),
        ) from None


def _localised(moment: datetime, zone: ZoneInfo) -> tuple[datetime, bool]:
    if moment.tzinfo is None:
        return moment.replace(tzinfo=zone), True
    local = moment.astimezone(zone)
    return (local, True) if local.utcoffset() == moment.utcoffset() else (moment, False)


class _Generic:
    """CLDR's own patterns: right in every language, less fluent than a words file."""

    def __init__(self, language: str):
        self.language = language

    @property
    def locale(self) -> Locale:
        return _locale(self.language)

    def day(self, day: date) -> str:
        from babel.dates import format_date

        return format_date(day, "full", locale=self.locale)

    def days(self, first: date, last: date) -> str:
        return f"{self.day(first)} – {self.day(last)}"

    def clock(self, moment: datetime) -> str:
        from babel.dates import format_time

        return format_time(moment.time(), "short", locale=self.locale).replace(" ", NBSP)

    def moment(self, moment: datetime) -> str:
        return self._joined(moment.date(), self.clock(moment))

    def hours(self, start: datetime, end: datetime) -> str:
        return self._joined(start.date(), f"{self.clock(start)} – {self.clock(end)}")

    def moments(self, start: datetime, end: datetime) -> str:
        return f"{self.moment(start)} – {self.moment(end)}"

    def zone(self, text: str, moment: datetime) -> str:
        return f"{text} ({_zone_name(self.locale, moment)})"

    def _joined(self, day: date, clock: str) -> str:
        pattern = str(self.locale.datetime_formats["medium"]).replace("'", "")
        return pattern.replace("{1}", self.day(day)).replace("{0}", clock)


class _Patterned(_Generic):
    """The patterns of a words file."""

    def __init__(self, language: str, patterns: DatePatterns):
        super().__init__(language)
        self.patterns = patterns

    def day(self, day: date) -> str:
        return self.patterns.day.format(**self._names(day))

    def days(self, first: date, last: date) -> str:
        if first.year != last.year:
            pattern = self.patterns.days
        elif first.month != last.month:
            pattern = self.patterns.days_in_year
        else:
            pattern = self.patterns.days_in_month
        end = {f"end_{name}": value for name, value in self._names(last).items()}
        return pattern.format(**self._names(first), **end)

    def clock(self, moment: datetime) -> str:
        pattern = self.patterns.hour_minute if moment.minute else self.patterns.hour
        text = pattern.format(
            hour=moment.hour,
            hour12=moment.hour % 12 or 12,
            minute=f"{moment.minute:02}",
            period=self.patterns.am if moment.hour < 12 else self.patterns.pm,
        )
        return text.replace(" ", NBSP)

    def moment(self, moment: datetime) -> str:
        return self.patterns.moment.format(date=self.day(moment.date()), start=self.clock(moment))

    def hours(self, start: datetime, end: datetime) -> str:
        date_text = self.day(start.date())
        return self.patterns.hours.format(date=date_text, start=self.clock(start), end=self.clock(end))

    def moments(self, start: datetime, end: datetime) -> str:
        return self.patterns.moments.format(
            date=self.day(start.date()),
            start=self.clock(start),
            end_date=self.day(end.date()),
            end=self.clock(end),
        )

    def zone(self, text: str, moment: datetime) -> str:
        return self.patterns.zone.format(text=text, zone=_zone_name(self.locale, moment))

    def _names(self, day: date) -> dict[str, str]:
        return {
            "weekday": _weekday(self.language, day),
            "day": self.patterns.first_of_month if day.day == 1 else str(day.day),
            "month": _month(self.language, day),
            "year": str(day.year),
        }


def _style(words: Words, language: str) -> _Generic:
    # Patterns written for another language would set « Donnerstag, de 14 h » : generic ones are better.
    if language not in MONTH_NAMES:
        # Whether there is such a language.
        _locale(language)
    own = _primary(words.language) == _primary(language)
    return _Patterned(language, words.dates) if own and words.dates is not None else _Generic(language)


def _primary(language: str) -> str:
    return language.replace("_", "-").split("-")[0].lower()


@lru_cache(maxsize=8)
def _locale(language: str) -> Locale:
    from babel.core import Locale, UnknownLocaleError

    for name in (language.replace("-", "_"), _primary(language)):
        try:
            return Locale.parse(name)
        except (UnknownLocaleError, ValueError):
            continue
    raise ConfigError(
        _("Unknown language “{language}”").format(language=language),
        hint=_("Use a code such as fr, en or pt-BR."),
    )


def month_name(day: date, language: str) -> str:
    """The day's month on its own, as in a title: `mars`. Raises `ConfigError` for an unknown language."""
    return str(_locale(language).months["stand-alone"]["wide"][day.month])


def _month(language: str, day: date, width: str = "wide") -> str:
    # Babel takes as long to read its data of French as a section takes from its file to the e-mail.
    if width == "wide" and language in MONTH_NAMES:
        return MONTH_NAMES[language][day.month - 1]
    return str(_locale(language).months["format"][width][day.month])


def _weekday(language: str, day: date) -> str:
    if language in WEEKDAY_NAMES:
        return WEEKDAY_NAMES[language][day.weekday()]
    return str(_locale(language).days["format"]["wide"][day.weekday()])


def _zone_name(locale: Locale, moment: datetime) -> str:
    from babel.dates import get_timezone_gmt, get_timezone_name

    if isinstance(moment.tzinfo, ZoneInfo) or moment.utcoffset() == timedelta(0):
        return get_timezone_name(moment, locale=locale)
    return get_timezone_gmt(moment, locale=locale)
