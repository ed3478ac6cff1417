"""The agenda as an iCalendar file (RFC 5545) that Outlook, Thunderbird and Apple Calendar open.

There is no METHOD: with one, Outlook takes the file for an invitation. Nothing depends on the clock:
DTSTAMP is the issue's date.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from msgspec import Struct

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.markdown.text import strip_markup
from newsletter_cli.model import Event, Issue
from newsletter_cli.render.dates import LocalSpan, local_span, parse_zone
from newsletter_cli.render.kept import CALENDARS, Calendars
from newsletter_cli.render.zones import RuledZone, ruled_zones

if TYPE_CHECKING:
    import icalendar

PRODID = "-//nl//newsletter-cli//EN"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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
    zones = ruled_zones(spans)
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
    zones: dict[str, RuledZone]
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


def _times(span: LocalSpan, zones: Mapping[str, RuledZone]) -> tuple[date, ...]:
    if isinstance(span.start, datetime):
        return tuple(_moment(one, zones) for one in (span.start, span.end) if isinstance(one, datetime))
    last = min(max(span.last_day, span.start), date.max - timedelta(days=1))
    return span.start, last + timedelta(days=1)  # exclusive (RFC 5545, 3.6.1)


def _moment(moment: datetime, zones: Mapping[str, RuledZone]) -> datetime:
    zone = moment.tzinfo
    return moment if isinstance(zone, ZoneInfo) and zone.key in zones else moment.astimezone(UTC)
