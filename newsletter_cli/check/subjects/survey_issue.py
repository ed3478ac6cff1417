"""An issue → its texts surveyed: what every rule on content starts from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from newsletter_cli.check.subjects.manuscript import Text
from newsletter_cli.markdown.survey import survey_texts
from newsletter_cli.model import Issue, Section, SourceText

Role = Literal["title", "description"]


def survey_issue(issue: Issue) -> tuple[tuple[Text, ...], tuple[Text, ...]]:
    """The texts of the issue's bodies, the editorial first, and those out of its headers."""
    sections: tuple[Section | None, ...] = (None, *issue.published_sections)
    bodies = [issue.editorial if section is None else section.body for section in sections]
    headers = list(_header_texts(issue))
    surveys = survey_texts(bodies, inexact=[source for _section, _role, source in headers])
    texts = [Text(survey, section) for survey, section in zip(surveys, sections, strict=False)]
    others = [
        Text(survey, section, role)
        for survey, (section, role, _source) in zip(surveys[len(bodies) :], headers, strict=True)
    ]
    return tuple(texts), tuple(others)


def _header_texts(issue: Issue) -> Iterator[tuple[Section, Role, SourceText]]:
    for section in issue.published_sections:
        file = section.body.file
        for event in section.events:
            yield section, "title", SourceText(text=event.title, file=file, first_line=event.line or 1)
            if event.description:
                yield section, "description", SourceText(text=event.description, file=file, first_line=event.line or 1)
        for job in section.jobs:
            yield section, "title", SourceText(text=job.title, file=file, first_line=job.line or 1)
