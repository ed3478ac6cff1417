"""A section of which a reader would see the heading and nothing under it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newsletter_cli.check.content import has_content
from newsletter_cli.check.rules.interface import SectionNames
from newsletter_cli.i18n import _
from newsletter_cli.model import Finding, Issue, Level


def check(issue: Issue, canonical: Sequence[SectionNames]) -> Iterator[Finding]:
    """One finding for each published section without text, events or jobs."""
    for section in issue.published_sections:
        if not has_content(section):
            yield Finding(
                file=section.body.file,
                rule="section-empty",
                level=Level.WARNING,
                message=_("“{title}” is empty: readers would see its heading only").format(title=section.title),
                line=section.body.first_line,
                suggestion=_("write it, or leave it out this time with status: skip"),
            )
