"""The fields of a section's front matter, read strictly: a wrong value is named with its line."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from newsletter_cli.base.i18n import _
from newsletter_cli.base.strict import nearest
from newsletter_cli.base.values import replace
from newsletter_cli.base.web.address import parse_address
from newsletter_cli.markdown.frontmatter import Header
from newsletter_cli.model import Event, Job, Status
from newsletter_cli.model.field_names import EVENT_FIELDS, JOB_FIELDS, status_named
from newsletter_cli.workspace.entries import CLOCK, YEARS, Entry, read_list
from newsletter_cli.workspace.typed_dates import NotThatDay, read_typed_moment, split_starts

# What people type around it: “Prêt !”, “« ready »”.
AROUND_STATUS = " \u00a0\u202f.!«»“”"
ENTRY_FIELDS = {"events": EVENT_FIELDS, "jobs": JOB_FIELDS}


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


def read_due(header: Header, timezone: str, language: str) -> date | datetime | None:
    """Until when the text is to be there; an hour without an offset is one of `timezone`. Raises `ContentError`."""
    value = header.values.get("due")
    if value is None or value == "":
        return None
    typed = header.typed.get(("due",), str(value))
    if not isinstance(value, date):
        try:
            value = read_typed_moment(typed, language) if isinstance(value, str | int) else None
        except NotThatDay as error:
            raise header.fault(str(error), "due", hint=_("correct the day or the date")) from None
    if isinstance(value, datetime) and value.tzinfo is None:
        value = value.replace(tzinfo=ZoneInfo(timezone))
    if isinstance(value, date) and value.year in YEARS:
        return value
    raise header.fault(
        _("“{value}” is no date").format(value=typed),
        "due",
        hint=_("write a day as 2026-06-11, with its hour as 2026-06-11T14:00"),
    )


def read_pad(header: Header) -> str | None:
    """The address of the pad where the text is written; `None` where none is given. Raises `ContentError`."""
    text = header.text("pad")
    if text is None:
        return None
    # As a Markdown text would have it.
    address = text.removeprefix("<").removesuffix(">").strip()
    try:
        parse_address(address)
    except ValueError:
        raise header.fault(
            _("“{value}” is no address of a pad").format(value=text),
            "pad",
            hint=_("write for instance: {example}").format(example="pad: https://pad.example.org/s/agenda"),
        ) from None
    return address


def read_events(header: Header, timezone: str, language: str = "en") -> tuple[Event, ...]:
    """The `events:` of a section. Hours without an offset are those of `timezone`, days are read in `language`.

    Raises `ContentError`, with the other faults in its `also`.
    """

    def read_event(entry: Entry) -> tuple[Event, ...]:
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

    entries = read_list(header, "events", EVENT_FIELDS, read_event)
    return tuple(event for events in entries for event in events)


_Span = tuple[date | datetime, date | datetime | None]


def _read_spans(entry: Entry, timezone: str, language: str) -> list[_Span]:
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
    from newsletter_cli.workspace.recurring import NoRepetition, read_repetition

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


def _read_span(entry: Entry, timezone: str, language: str) -> tuple[date | datetime | None, date | datetime | None]:
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

    def read_job(entry: Entry) -> Job:
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

    return read_list(header, "jobs", JOB_FIELDS, read_job)
