"""The texts of front matter that reach readers: titles, subject, preheader, summary."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.model import Place, Section


def header_fields(manuscript: Manuscript) -> Iterator[tuple[str, Place]]:
    """Each such text that somebody typed, with its line. Those of events and jobs are `Manuscript.header_texts`."""
    issue = manuscript.issue
    for name in ("title", "summary", "subject", "preheader"):
        value = getattr(issue, name)
        if value and name in issue.lines:
            yield value, manuscript.field(name)
    for section in issue.published_sections:
        yield from _of_section(manuscript, section)


def _of_section(manuscript: Manuscript, section: Section) -> Iterator[tuple[str, Place]]:
    for name in ("title", "author"):
        value = getattr(section, name)
        if value and name in section.lines:
            yield value, manuscript.field(name, section)
    file = section.body.file
    for event in section.events:
        if event.place:
            yield event.place, Place(file=file, line=event.line or 1)
    for job in section.jobs:
        if job.employer:
            yield job.employer, Place(file=file, line=job.line or 1)
