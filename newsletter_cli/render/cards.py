"""What the templates of the e-mail and of the archive's page show of an event, of a job offer: one answer for both."""

from __future__ import annotations

from typing import Any

from newsletter_cli.model import Event, Job
from newsletter_cli.render.dates import day_badge, format_day, format_event_time
from newsletter_cli.render.dressing import turned_direction
from newsletter_cli.render.frame import Frame


def event_card(event: Event, frame: Frame) -> dict[str, Any]:
    """An event but for its description, which each page sets in its own way."""
    day, month = day_badge(event, frame.words, frame.language)
    return {
        "title": event.title,
        "dir": turned_direction(event.title, frame.direction),
        "when": format_event_time(event, frame.words, frame.language, frame.timezone),
        "day": day,
        "month": month,
        "place": event.place,
        "url": event.url,
    }


def job_card(job: Job, frame: Frame) -> dict[str, Any]:
    """A job offer."""
    return {
        "title": job.title,
        "dir": turned_direction(job.title, frame.direction),
        "employer": job.employer,
        "reference": job.reference,
        "deadline": None if job.deadline is None else format_day(job.deadline, frame.words, frame.language),
        "url": job.url,
    }
