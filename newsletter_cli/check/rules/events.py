"""Events whose hour or change would not reach a calendar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from newsletter_cli.base.i18n import _
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.dates import day_words
from newsletter_cli.model import Event, Finding, Level, Place
from newsletter_cli.model.event import ToldEvent


@rule(
    "event-hour-skipped",
    Level.WARNING,
    _("An event is at an hour that the clocks leave out"),
    why="""
        In the night when summer time begins, the clocks leave out an hour: an event at 2:30 is shown at 2:30 in the
        e-mail and at 3:30 in calendars.
    """,
    bad="""
        , in Paris:

        ```yaml
        events:
          - title: Night watch
            start: 2027-03-28T02:30
        ```
    """,
    good="""
        ```yaml
        events:
          - title: Night watch
            start: 2027-03-28T03:30
        ```
    """,
)
def event_hour_skipped(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each start or end that no clock shows."""
    for file, event in _events(manuscript):
        for moment in (event.start, event.end):
            if isinstance(moment, datetime) and _is_skipped(moment):
                yield event_hour_skipped.at(
                    Place(file=file, line=event.line or 1),
                    _("on {date} the clocks go forward: there is no {hour}").format(
                        date=day_words(moment.date(), manuscript.language, has_year=True), hour=f"{moment:%H:%M}"
                    ),
                    suggestion=_("did you mean {hour}?").format(hour=f"{_shown(moment):%H:%M}"),
                )


def _is_skipped(moment: datetime) -> bool:
    return _shown(moment).replace(tzinfo=None) != moment.replace(tzinfo=None)


def _shown(moment: datetime) -> datetime:
    """What a clock there shows at that moment."""
    return moment.astimezone(UTC).astimezone(moment.tzinfo)


@rule(
    "event-revised",
    Level.WARNING,
    _("An event was announced with another hour, and calendars would keep that one"),
    why="""
        An event that an earlier issue announced, or this one when it went out, of the same title and day, has other
        hours now. Whoever has it in their calendar keeps the old ones, unless the entry says that it was changed:
        `revised: 1`, the second time `revised: 2`.
    """,
    bad="""
        , announced at 14:00 in the issue before:

        ```yaml
        events:
          - title: The bees
            start: 2026-06-17T15:00
        ```
    """,
    good="the same with `revised: 1`.",
)
def event_revised(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each event whose change calendars would not take."""
    told: dict[str, tuple[int, list[ToldEvent]]] = {}
    # What went out of this very issue counts last: it is the latest that readers were told.
    for earlier in reversed(manuscript.earlier):
        told |= _by_event(earlier.number, map(ToldEvent.of, earlier.events))
    told |= _by_event(manuscript.issue.number, manuscript.told_events)
    for file, event in _events(manuscript):
        number, before = told.get(event.digest, (0, []))
        revised = max((one.revised for one in before), default=0)
        # Two events of one title and day are known by their hours alone.
        is_known = not before or event.span in {one.span for one in before}
        if not is_known and event.revised <= revised:
            yield event_revised.at(
                Place(file=file, line=event.line or 1),
                _("issue {number} announced “{title}” at another hour: calendars keep that one").format(
                    number=number, title=shorten(event.title)
                ),
                suggestion=_("add to the event: {line}").format(line=f"revised: {revised + 1}"),
            )


def _by_event(number: int, events: Iterable[ToldEvent]) -> dict[str, tuple[int, list[ToldEvent]]]:
    found: dict[str, tuple[int, list[ToldEvent]]] = {}
    for event in events:
        found.setdefault(event.digest, (number, []))[1].append(event)
    return found


def _events(manuscript: Manuscript) -> Iterator[tuple[str, Event]]:
    for section in manuscript.issue.published_sections:
        for event in section.events:
            yield section.body.file, event
