"""The fields of a section's front matter, read strictly: a wrong value is named with its line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from newsletter_cli.base.errors import ContentError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.strict import nearest
from newsletter_cli.base.values import replace
from newsletter_cli.markdown.frontmatter import Header
from newsletter_cli.markdown.frontmatter.header import NEAR
from newsletter_cli.model import Event, Job, Status
from newsletter_cli.model.field_names import EVENT_FIELDS, JOB_FIELDS, status_named
from newsletter_cli.workspace.recurring import NoRepetition, read_repetition, split_starts
from newsletter_cli.workspace.typed_dates import NotThatDay, read_typed_moment

# What people type around it: “Prêt !”, “« ready »”.
AROUND_STATUS = " \u00a0\u202f.!«»“”"
ENTRY_FIELDS = {"events": EVENT_FIELDS, "jobs": JOB_FIELDS}
# 14, 14:00, 14:00:00, 14h, 14h30, 14 h 30
CLOCK = re.compile(r"(\d{1,2})(?:\s*(?::|h)\s*(\d{2})?(?::00)?)?", re.IGNORECASE)
# Beyond them a slip of the finger (0206 for 2026), which calendars cannot hold besides.
YEARS = range(1900, 2201)
MOST_REVISIONS = 9999

T = TypeVar("T")


def read_status(header: Header) -> Status:
    """The section's status; `ready` where none is given. Raises `ContentError`."""
    text = header.text("status")
    if text is None:
        return Status.READY
    try:
        return Status(status_named(text.strip(AROUND_STATUS)) or text.lower())
    except ValueError:
        names = [status.value for status in Status]
        close = nearest(text.lower(), names)
        raise header.fault(
            _("the status cannot be “{value}”").format(value=text),
            "status",
            hint=_("did you mean “{key}”?").format(key=close)
            if close
            else _("choose one of: {choices}").format(choices=", ".join(names)),
        ) from None


def read_events(header: Header, timezone: str, language: str = "en") -> tuple[Event, ...]:
    """The `events:` of a section. Hours without an offset are those of `timezone`, days are read in `language`.

    Raises `ContentError`, with the other faults in its `also`.
    """

    def read_event(entry: _Entry) -> tuple[Event, ...]:
        title = entry.read(lambda: entry.required("title")) or ""
        spans = _read_spans(entry, timezone, language)
        event = Event(
            title=title,
            start=date.min,
            place=entry.read(lambda: entry.text("place")),
            url=entry.read(lambda: entry.url("url")),
            description=entry.read(lambda: entry.text("description", is_block=True)),
            revised=entry.read(lambda: entry.count("revised")) or 0,
            line=entry.line,
            url_line=entry.line_of("url"),
            description_line=entry.line_of("description"),
        )
        return tuple(replace(event, start=start, end=end) for start, end in spans)

    entries = _read_list(header, "events", EVENT_FIELDS, read_event)
    return tuple(event for events in entries for event in events)


_Span = tuple[date | datetime, date | datetime | None]


def _read_spans(entry: _Entry, timezone: str, language: str) -> list[_Span]:
    """When the event takes place: once, on each of several days, or again and again; empty where it cannot be read."""
    starts = entry.values.get("start")
    if isinstance(starts, str):
        starts = split_starts(starts, language)
    if isinstance(starts, list) and len(starts) > 1:
        if entry.values.get("repeat"):
            entry.faults.append(
                entry.fault(
                    _("the event has several starts and a repetition"), "repeat", hint=_("leave one of them out")
                )
            )
        spans = []
        for value in starts:
            own = replace(entry, values={**entry.values, "start": value})
            start, end = _read_span(own, timezone, language)
            if start is not None:
                spans.append((start, end))
        if entry.values.get("end") and not CLOCK.fullmatch(entry.typed("end").strip()):
            entry.faults.append(
                entry.fault(
                    _("with several starts, “end” can only be an hour"),
                    "end",
                    hint=_("write for instance: {example}").format(example="end: 17:30"),
                )
            )
        return spans
    if isinstance(starts, list) and starts:
        entry = replace(entry, values={**entry.values, "start": starts[0]})
    start, end = _read_span(entry, timezone, language)
    if start is None:
        return []
    text = entry.read(lambda: entry.text("repeat"))
    if text is None:
        return [(start, end)]
    try:
        later = read_repetition(text, start, language)
    except NoRepetition as error:
        entry.faults.append(
            entry.fault(
                _("“{value}”: {reason}").format(value=text, reason=error),
                "repeat",
                hint=_("write for instance: {example}").format(example="repeat: weekly until 2026-12-24")
                + " — "
                + _("or each day: {example}").format(example="start: [2026-12-17T14:00, 2026-12-24T14:00]"),
            )
        )
        return [(start, end)]
    return [(start + step, None if end is None else end + step) for step in later]


def _read_span(entry: _Entry, timezone: str, language: str) -> tuple[date | datetime | None, date | datetime | None]:
    """The event's start, `None` where it cannot be read, and its end, if any."""
    has_faults = len(entry.faults)
    start = entry.read(lambda: entry.moment("start", timezone, language))
    if start is None:
        if len(entry.faults) == has_faults:
            entry.faults.append(entry.missing("start", example="start: 2026-06-11T14:00"))
        return None, None
    end = entry.read(lambda: entry.moment("end", timezone, language, after=start))
    if end is not None and isinstance(end, datetime) != isinstance(start, datetime):
        entry.faults.append(
            entry.fault(_("the event has an hour at one end only"), "end", hint=_("give both an hour, or neither"))
        )
    elif end is not None and end < start:
        entry.faults.append(
            entry.fault(
                _("the event ends before it begins"),
                "end",
                hint=_("an end on another day needs its date: {example}").format(example="end: 2026-06-12T02:00"),
            )
        )
    return start, end


def read_jobs(header: Header, language: str = "en") -> tuple[Job, ...]:
    """The `jobs:` of a section. Raises `ContentError`, with the other faults in its `also`."""

    def read_job(entry: _Entry) -> Job:
        deadline = entry.read(lambda: entry.moment("deadline", "UTC", language))
        return Job(
            title=entry.read(lambda: entry.required("title")) or "",
            employer=entry.read(lambda: entry.text("employer")),
            url=entry.read(lambda: entry.url("url")),
            reference=entry.read(lambda: entry.text("reference")),
            deadline=deadline.date() if isinstance(deadline, datetime) else deadline,
            line=entry.line,
            url_line=entry.line_of("url"),
        )

    return _read_list(header, "jobs", JOB_FIELDS, read_job)


class _Entry(Struct, frozen=True):
    """One item of a list in a header. `faults`: all that is wrong with it."""

    header: Header
    key: str
    index: int
    values: Mapping[str, Any]
    faults: list[ContentError] = field(default_factory=list)

    def read(self, read: Callable[[], T]) -> T | None:
        """What `read` gives; `None` where it raises `ContentError`, which is remembered."""
        try:
            return read()
        except ContentError as fault:
            self.faults.append(fault)
            return None

    @property
    def line(self) -> int:
        return self.header.line(self.key, self.index)

    def line_of(self, name: str) -> int:
        return self.header.line(self.key, self.index, name)

    def fault(self, message: str, name: str, hint: str | None = None) -> ContentError:
        return self.header.fault(message, self.key, self.index, name, hint=hint)

    def missing(self, name: str, example: str) -> ContentError:
        message = _("entry {position} of “{key}” has no {name}").format(
            position=self.index + 1, key=self.key, name=name
        )
        return self.fault(message, name, hint=_("write for instance: {example}").format(example=example))

    def typed(self, name: str) -> str:
        """The value as it was typed: YAML makes 1050 of 17:30, 7 of 007 and false of No."""
        value = self.values[name]
        return value if isinstance(value, str) else self.header.typed.get((self.key, self.index, name), str(value))

    def text(self, name: str, *, is_block: bool = False) -> str | None:
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, list | dict):
            raise self.fault(_("“{key}” must be a text").format(key=name), name, hint=_("put it in double quotes"))
        text = self.typed(name).strip()
        return (text if is_block else " ".join(text.split("\n"))) or None

    def count(self, name: str) -> int:
        """How often something happened: 0 where nothing is said."""
        value = self.values.get(name)
        if value is None or value == "":
            return 0
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_REVISIONS:
            return value
        raise self.fault(
            _("“{key}” is a number: how often it was changed after it went out").format(key=name),
            name,
            hint=_("write for instance: {example}").format(example=f"{name}: 1"),
        )

    def required(self, name: str) -> str:
        text = self.text(name)
        if text is None:
            raise self.missing(name, example=f"{name}: …")
        return text

    def url(self, name: str) -> str | None:
        text = self.text(name)
        if text is not None and not re.match(r"(https?://|mailto:|tel:|/|\.{0,2}/|www\.)", text, re.IGNORECASE):
            raise self.fault(
                _("“{value}” is no address").format(value=text), name, hint=_("an address begins with https://")
            )
        return f"https://{text}" if text is not None and text.lower().startswith("www.") else text

    def moment(
        self, name: str, timezone: str, language: str, after: date | datetime | None = None
    ) -> date | datetime | None:
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, date):
            value = self.typed(name)
            clock = CLOCK.fullmatch(value.strip())
            if clock and isinstance(after, datetime):
                return self._at(after, int(clock[1]), int(clock[2] or 0), name)
            try:
                value = read_typed_moment(value, language)
            except NotThatDay as error:
                raise self.fault(str(error), name, hint=_("correct the day or the date")) from None
        if isinstance(value, datetime) and value.tzinfo is None:
            value = value.replace(tzinfo=ZoneInfo(timezone))
        if isinstance(value, date) and value.year in YEARS:
            return value
        raise self.fault(
            _("“{value}” is no date").format(value=self.typed(name)),
            name,
            hint=_("write a day as 2026-06-11, with its hour as 2026-06-11T14:00"),
        )

    def _at(self, day: datetime, hour: int, minute: int, name: str) -> datetime:
        if hour == 24 and minute == 0:
            return datetime.combine(day.date() + timedelta(days=1), time(0), day.tzinfo)
        if hour > 23 or minute > 59:
            raise self.fault(_("“{value}” is no hour").format(value=self.typed(name)), name)
        return day.replace(hour=hour, minute=minute)


def _read_list(header: Header, key: str, known: tuple[str, ...], read: Callable[[_Entry], T]) -> tuple[T, ...]:
    value = header.values.get(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise header.fault(
            _("“{key}” must be a list").format(key=key), key, hint=_("each entry begins with a dash: - title: …")
        )
    entries: list[T] = []
    faults: list[ContentError] = []
    for index, item in enumerate(value):
        if not isinstance(item, dict):
            faults.append(
                header.fault(
                    _("entry {position} of “{key}” is not made of keys and values").format(position=index + 1, key=key),
                    key,
                    index,
                    hint=_("it begins with: - title: …"),
                )
            )
            continue
        entry = _Entry(header, key, index, item)
        entry.faults.extend(_unknown_keys(entry, known))
        entries.append(read(entry))
        faults += entry.faults
    if faults:
        faults[0].also = tuple(faults[1:])
        raise faults[0]
    return tuple(entries)


def _unknown_keys(entry: _Entry, known: tuple[str, ...]) -> Iterator[ContentError]:
    for name in entry.values:
        if name not in known:
            close = nearest(str(name), list(known), cutoff=NEAR)
            yield entry.fault(
                _("the key “{key}” does not exist here").format(key=f"{entry.key}.{name}"),
                str(name),
                hint=_("did you mean “{key}”?").format(key=close)
                if close
                else _("the keys here are: {keys}").format(keys=", ".join(known)),
            )
