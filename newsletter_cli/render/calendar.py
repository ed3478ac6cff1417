"""The agenda as an iCalendar file (RFC 5545) that Outlook, Thunderbird and Apple Calendar open.

There is no METHOD: with one, Outlook takes the file for an invitation. Nothing depends on the clock:
DTSTAMP is the issue's date.
"""

from __future__ import annotations

import calendar as days_of_months
import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.markdown.text import strip_markup
from newsletter_cli.model import Event, Issue
from newsletter_cli.render.dates import LocalSpan, local_span, parse_zone
from newsletter_cli.render.kept import CALENDARS, Calendars

if TYPE_CHECKING:
    import icalendar

PRODID = "-//nl//newsletter-cli//EN"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
# What TEXT may not hold (RFC 5545, 3.3.11), plus the two separators that some readers take for line ends.
_CONTROL = Pattern("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_WHOLE = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_SPACE = re.compile(r"[\x00-\x20\x7f-\x9f\u2028\u2029]+")


def build_calendar(
    issue: Issue,
    *,
    newsletter_name: str,
    timezone: str,
    uid_domain: str,
    description_text: Callable[[str], str] = strip_markup,
    kept: Calendars = CALENDARS,
) -> bytes | None:
    """The events of the published sections as an `.ics` file, or `None` where there is none.

    `timezone` is the newsletter's IANA name, `uid_domain` the right-hand side of the UIDs.
    `description_text` turns an event's Markdown into plain text; an assembler that resolves reference
    links across sections hands in its own. `kept`: where calendars written before are found. The bytes
    depend on the other arguments alone (and on the version of the time zone data). Raises `ConfigError`
    for an unknown zone.
    """
    if not issue.events:
        return None
    zone = parse_zone(timezone)
    when = issue.date or _EPOCH
    spans = [local_span(event, timezone) for event in issue.events]
    zones = _ruled_zones(spans)
    uids = event_uids(issue.events, newsletter_name, uid_domain)
    plan = _Plan(
        name=_line(newsletter_name),
        timezone=timezone,
        stamp=(when if when.tzinfo else when.replace(tzinfo=zone)).astimezone(UTC).replace(microsecond=0),
        zones=zones,
        entries=[
            _Entry(
                uid=uid,
                title=event.title,
                times=_times(span, zones),
                place=event.place,
                url=event.url,
                description=description_text(event.description) if event.description else "",
                revised=event.revised,
            )
            for event, span, uid in zip(issue.events, spans, uids, strict=True)
        ],
    )
    # icalendar takes as long to load as a tenth of an assembly.
    return kept.written(repr(plan), lambda: _written(plan))


class _Entry(Struct, frozen=True, kw_only=True):
    """An event as the calendar has it: its start and, maybe, its end (exclusive), its description as plain text."""

    uid: str
    title: str
    times: tuple[date, ...]
    place: str | None
    url: str | None
    description: str
    revised: int


class _Plan(Struct, frozen=True, kw_only=True):
    """All that the octets of a calendar depend on, the rules of its zones included."""

    name: str
    timezone: str
    stamp: datetime
    zones: dict[str, _RuledZone]
    entries: list[_Entry]


def _written(plan: _Plan) -> bytes:
    from icalendar import Calendar

    calendar = Calendar()
    calendar["PRODID"] = _text(PRODID)
    calendar.add("version", "2.0")
    calendar["X-WR-CALNAME"] = _text(plan.name)
    calendar["X-WR-TIMEZONE"] = _text(plan.timezone)
    for rule in plan.zones.values():
        calendar.add_component(rule.component())
    for entry in plan.entries:
        component = _component(entry)
        component["UID"] = _text(entry.uid)
        component.add("dtstamp", plan.stamp)
        component.add("sequence", entry.revised)
        calendar.add_component(component)
    return bytes(calendar.to_ical())


def event_uids(events: Iterable[Event], newsletter_name: str, uid_domain: str) -> list[str]:
    """A stable UID for each event, from the newsletter, the event's title and its first day.

    The day tells the sessions of a series apart. Neither the hour, the place nor the issue's number is
    in it: a correction, or the same event announced again next month, updates the entry that a reader
    already has instead of adding a second one. An event moved to another day, or renamed, is a new
    entry. Events of one title and day are numbered in the order of the hours.
    """
    seen: dict[tuple[str, str], int] = {}
    uids = []
    for event in events:
        title = _line(unicodedata.normalize("NFKC", event.title)).casefold()
        start = event.start.date() if isinstance(event.start, datetime) else event.start
        key = (title, start.isoformat())
        seen[key] = seen.get(key, 0) + 1
        rank = [str(seen[key])] if seen[key] > 1 else []
        digest = hashlib.sha256("\x00".join([_line(newsletter_name), *key, *rank]).encode("utf-8", "replace"))
        uids.append(f"{digest.hexdigest()[:32]}@{uid_domain}")
    return uids


def _component(entry: _Entry) -> icalendar.Event:
    from icalendar import Event as Component
    from icalendar import vUri

    component = Component()
    component["SUMMARY"] = _text(_line(entry.title))
    for name, time in zip(("dtstart", "dtend"), entry.times, strict=False):
        component.add(name, time)
    if not isinstance(entry.times[0], datetime):
        component["TRANSP"] = _text("TRANSPARENT")  # a fair of four days does not make its readers busy
    if entry.place and _line(entry.place):
        component["LOCATION"] = _text(_line(entry.place))
    description = _CONTROL.sub(" ", entry.description).strip()
    if entry.url and (url := _SPACE.sub("", entry.url)):  # a line end would begin a property of its own
        component["URL"] = vUri(url)
        if url not in description and _WHOLE.match(url):
            # Google and Outlook do not show URL.
            description = f"{description}\n\n{url}".lstrip()
    if description:
        component["DESCRIPTION"] = _text(description)
    return component


def _text(value: str) -> icalendar.vText:
    # icalendar writes the two characters "\N" of a text as a line end: « C:\News » would lose its N.
    from icalendar import vText

    class ExactText(vText):
        def to_ical(self) -> bytes:
            escaped = re.sub(r"[\\;,]", r"\\\g<0>", str(self)).replace("\r\n", "\n").replace("\n", r"\n")
            return escaped.encode("utf-8", "replace")

    return ExactText(value)


def _line(text: str) -> str:
    """The text on one line; non-breaking spaces stay."""
    return _SPACE.sub(" ", text).strip(" ")


def _times(span: LocalSpan, zones: Mapping[str, _RuledZone]) -> tuple[date, ...]:
    if isinstance(span.start, datetime):
        return tuple(_moment(one, zones) for one in (span.start, span.end) if isinstance(one, datetime))
    last = min(max(span.last_day, span.start), date.max - timedelta(days=1))
    return span.start, last + timedelta(days=1)  # exclusive (RFC 5545, 3.6.1)


def _moment(moment: datetime, zones: Mapping[str, _RuledZone]) -> datetime:
    zone = moment.tzinfo
    return moment if isinstance(zone, ZoneInfo) and zone.key in zones else moment.astimezone(UTC)


# Time zones. Outlook reads a VTIMEZONE only if it has one STANDARD and at most one DAYLIGHT, each with a yearly
# RRULE, and ignores RDATE ([MS-OXCICAL] 2.1.3.1.1.19); icalendar's own VTIMEZONE has one observance a year,
# dated in the wrong offset (7.3). A zone that follows no yearly rule is written in UTC, right everywhere.


class _Onset(Struct, frozen=True, kw_only=True):
    """A yearly change of offset: on the `nth` (-1: last) `weekday` of `month`, at `clock` by the old offset."""

    month: int
    weekday: int
    nth: int
    clock: timedelta
    before: timedelta
    after: timedelta
    name: str


class _RuledZone(Struct, frozen=True, kw_only=True):
    key: str
    onsets: tuple[_Onset, ...]
    offset: timedelta
    name: str

    def component(self) -> icalendar.Timezone:
        from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

        component = Timezone()
        component["TZID"] = _text(self.key)
        for onset in self.onsets:
            part = TimezoneDaylight() if onset.after > onset.before else TimezoneStandard()
            part.add("dtstart", datetime.combine(_nth_weekday(1970, onset), datetime.min.time()) + onset.clock)
            part.add(
                "rrule",
                {"freq": "yearly", "bymonth": onset.month, "byday": f"{onset.nth}{_DAYS[onset.weekday]}"},
            )
            self._add_offsets(part, onset.before, onset.after, onset.name)
            component.add_component(part)
        if not self.onsets:
            part = TimezoneStandard()
            part.add("dtstart", datetime(1970, 1, 1))  # noqa: DTZ001 - an onset is local time by definition
            self._add_offsets(part, self.offset, self.offset, self.name)
            component.add_component(part)
        return component

    @staticmethod
    def _add_offsets(part: icalendar.Component, before: timedelta, after: timedelta, name: str) -> None:
        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part["TZNAME"] = _text(name)


def _ruled_zones(spans: Iterable[LocalSpan]) -> dict[str, _RuledZone]:
    """The zones of the timed events that follow one yearly rule around them, by name in order."""
    years: dict[str, list[int]] = {}
    for span in spans:
        for moment in (span.start, span.end):
            if isinstance(moment, datetime) and isinstance(moment.tzinfo, ZoneInfo) and moment.tzinfo.key != "UTC":
                years.setdefault(moment.tzinfo.key, []).append(moment.year)
    found = ((key, _ruled_zone(key, min(span), max(span))) for key, span in sorted(years.items()))
    return {key: zone for key, zone in found if zone is not None}


def _ruled_zone(key: str, first_year: int, last_year: int) -> _RuledZone | None:
    # Years on both sides tell "the last Sunday" from "the fourth"; more would only meet older rules.
    first, last = max(first_year - 1, 2), min(last_year + 3, 9998)
    if last - first > 50:
        return None
    zone = ZoneInfo(key)
    years = [_onsets(zone, year) for year in range(first, last + 1)]
    middle = datetime(first_year, 7, 1, tzinfo=zone)
    offset, name = middle.utcoffset() or timedelta(), middle.tzname() or key
    if not any(years):
        return _RuledZone(key=key, onsets=(), offset=offset, name=name)
    if any(len(onsets) != 2 for onsets in years):
        return None
    common = [_common_onset([onsets[position] for onsets in years]) for position in (0, 1)]
    if (
        common[0] is None
        or common[1] is None
        or (common[0].after > common[0].before) == (common[1].after > common[1].before)
    ):
        return None
    return _RuledZone(key=key, onsets=(common[0], common[1]), offset=offset, name=name)


def _onsets(zone: ZoneInfo, year: int) -> list[list[_Onset]]:
    """The changes of offset in a year; of each, what it can be called: the nth weekday and, maybe, the last."""
    start = datetime(year, 1, 1, tzinfo=UTC)
    weeks = [start + timedelta(days=7 * week) for week in range(53)] + [datetime(year + 1, 1, 1, tzinfo=UTC)]
    found = []
    for low, high in pairwise(weeks):
        before, after = _offset(zone, low), _offset(zone, high)
        if before == after:
            continue
        instant = _change_between(zone, low, high)
        local = (instant + before).replace(tzinfo=None)
        clock = timedelta(hours=local.hour, minutes=local.minute)
        name = instant.astimezone(zone).tzname() or zone.key
        nths = [(local.day - 1) // 7 + 1]
        if local.day + 7 > days_of_months.monthrange(local.year, local.month)[1]:
            nths.insert(0, -1)
        found.append(
            [
                _Onset(
                    month=local.month,
                    weekday=local.weekday(),
                    nth=nth,
                    clock=clock,
                    before=before,
                    after=after,
                    name=name,
                )
                for nth in nths
            ]
        )
    return found


def _change_between(zone: ZoneInfo, low: datetime, high: datetime) -> datetime:
    """The one change of offset after `low`, to the minute."""
    before = _offset(zone, low)
    while high - low > timedelta(minutes=1):
        middle = low + (high - low) // 2
        low, high = (middle, high) if _offset(zone, middle) == before else (low, middle)
    return high.replace(second=0, microsecond=0)


def _common_onset(years: list[list[_Onset]]) -> _Onset | None:
    return next((onset for onset in years[0] if all(onset in other for other in years[1:])), None)


def _offset(zone: ZoneInfo, moment: datetime) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()


def _nth_weekday(year: int, onset: _Onset) -> date:
    first, length = days_of_months.monthrange(year, onset.month)
    day = 1 + (onset.weekday - first) % 7 + 7 * (onset.nth - 1 if onset.nth > 0 else 3)
    if onset.nth < 0 and day + 7 <= length:
        day += 7
    return date(year, onset.month, day)
