"""Time zones as Outlook reads them in a calendar file.

It reads a VTIMEZONE only if it has one STANDARD and at most one DAYLIGHT, each with a yearly RRULE, and ignores RDATE
([MS-OXCICAL] 2.1.3.1.1.19); icalendar's own VTIMEZONE has one observance a year, dated in the wrong offset (RFC 5545,
7.3). A zone that follows no yearly rule is written in UTC, right everywhere.
"""

from __future__ import annotations

import calendar as days_of_months
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct

from newsletter_cli.render.dates import LocalSpan

if TYPE_CHECKING:
    import icalendar

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class _Onset(Struct, frozen=True, kw_only=True):
    """A yearly change of offset: on the `nth` (-1: last) `weekday` of `month`, at `clock` by the old offset."""

    month: int
    weekday: int
    nth: int
    clock: timedelta
    before: timedelta
    after: timedelta
    name: str


class RuledZone(Struct, frozen=True, kw_only=True):
    """A zone that changes its offset by one rule every year, or never."""

    key: str
    onsets: tuple[_Onset, ...]
    offset: timedelta
    name: str

    def component(self) -> icalendar.Timezone:
        """As it is written into a calendar."""
        from icalendar import Timezone, TimezoneDaylight, TimezoneStandard, vText

        component = Timezone()
        component["TZID"] = vText(self.key)
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
        from icalendar import vText

        part.add("tzoffsetfrom", before)
        part.add("tzoffsetto", after)
        part["TZNAME"] = vText(name)


def ruled_zones(spans: Iterable[LocalSpan]) -> dict[str, RuledZone]:
    """The zones of the timed events that follow one yearly rule around them, by name in order."""
    years: dict[str, list[int]] = {}
    for span in spans:
        for moment in (span.start, span.end):
            if isinstance(moment, datetime) and isinstance(moment.tzinfo, ZoneInfo) and moment.tzinfo.key != "UTC":
                years.setdefault(moment.tzinfo.key, []).append(moment.year)
    found = ((key, _ruled_zone(key, min(span), max(span))) for key, span in sorted(years.items()))
    return {key: zone for key, zone in found if zone is not None}


def _ruled_zone(key: str, first_year: int, last_year: int) -> RuledZone | None:
    # Years on both sides tell "the last Sunday" from "the fourth"; more would only meet older rules.
    first, last = max(first_year - 1, 2), min(last_year + 3, 9998)
    if last - first > 50:
        return None
    zone = ZoneInfo(key)
    years = [_onsets(zone, year) for year in range(first, last + 1)]
    middle = datetime(first_year, 7, 1, tzinfo=zone)
    offset, name = middle.utcoffset() or timedelta(), middle.tzname() or key
    if not any(years):
        return RuledZone(key=key, onsets=(), offset=offset, name=name)
    if any(len(onsets) != 2 for onsets in years):
        return None
    common = [_common_onset([onsets[position] for onsets in years]) for position in (0, 1)]
    if (
        common[0] is None
        or common[1] is None
        or (common[0].after > common[0].before) == (common[1].after > common[1].before)
    ):
        return None
    return RuledZone(key=key, onsets=(common[0], common[1]), offset=offset, name=name)


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
