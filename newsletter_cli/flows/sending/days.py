"""A send on another day than the issue was made for: its date, and what is over by then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.markdown.dates import day_words
from newsletter_cli.model import Event, Issue

MOST_TOLD = 3


def day_notes(issue: Issue, now: datetime, *, timezone: str, language: str) -> Iterator[str]:
    """What the editor should know of the day of sending. `timezone` and `language` are the newsletter's.

    What was over on the issue's own date is a finding of `nl check` already, and not told again.
    """
    here = now.astimezone(ZoneInfo(timezone))
    dated = None if issue.date is None else issue.date.date()
    if dated is not None and dated != here.date():
        yield _("the issue is dated {date}, and goes out on {day}: readers see its date").format(
            date=day_words(dated, language, has_year=True), day=day_words(here.date(), language, has_year=True)
        )
    over = list(_over(issue, here, dated or date.min, language))
    yield from over[:MOST_TOLD]
    if (more := len(over) - MOST_TOLD) > 0:
        yield ngettext("{count} more is over", "{count} more are over", more).format(count=more)


def _over(issue: Issue, here: datetime, dated: date, language: str) -> Iterator[str]:
    """The events and deadlines that have passed since the issue's date."""
    for section in issue.published_sections:
        for event in section.events:
            if dated <= event.last_day and _is_over(event, here):
                yield _("{file}:{line}: “{title}” is over ({date})").format(
                    file=section.body.file,
                    line=event.line or 1,
                    title=event.title,
                    date=day_words(event.last_day, language, has_year=True),
                )
        for job in section.jobs:
            if job.deadline is not None and dated <= job.deadline < here.date():
                yield _("{file}:{line}: nobody can apply for “{title}” any more ({date})").format(
                    file=section.body.file,
                    line=job.line or 1,
                    title=job.title,
                    date=day_words(job.deadline, language, has_year=True),
                )


def _is_over(event: Event, here: datetime) -> bool:
    if isinstance(event.end, datetime) and event.end.tzinfo is not None:
        return event.end < here
    return event.last_day < here.date()
