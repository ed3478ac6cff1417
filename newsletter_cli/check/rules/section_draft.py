"""A section that goes out while its author still calls it a draft."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newsletter_cli.check.content import has_content
from newsletter_cli.check.rules.interface import SectionNames
from newsletter_cli.i18n import _
from newsletter_cli.model import Finding, Issue, Level, Status


def check(issue: Issue, canonical: Sequence[SectionNames]) -> Iterator[Finding]:
    """One finding for each published section with `status: draft`; an empty one has a finding already."""
    for section in issue.published_sections:
        if section.status is Status.DRAFT and has_content(section):
            yield Finding(
                file=section.body.file,
                rule="section-draft",
                level=Level.WARNING,
                message=_("“{title}” is still a draft").format(title=section.title),
                line=1,
                suggestion=_("status: ready when it is finished, status: skip to leave it out this time"),
            )
