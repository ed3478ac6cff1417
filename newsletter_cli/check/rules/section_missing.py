"""A section that the newsletter requires and the issue does not have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newsletter_cli.check.rules.interface import SectionNames
from newsletter_cli.i18n import _
from newsletter_cli.model import Finding, Issue, Level


def check(issue: Issue, canonical: Sequence[SectionNames]) -> Iterator[Finding]:
    """One finding for each canonical section with `required = true` that has no file (a skipped one has)."""
    present = {section.slug for section in issue.sections}
    folder = issue.editorial.file.rpartition("/")[0]
    for settings in canonical:
        if settings.required and settings.slug not in present:
            yield Finding(
                file=f"{folder}/{settings.slug}.md",
                rule="section-missing",
                level=Level.WARNING,
                message=_("the section “{title}” is missing").format(title=settings.title),
                suggestion=_("nl new {number} makes its file, and leaves the others alone").format(number=issue.number)
                if settings.new
                else _("write the file, or set required = false in newsletter.toml"),
            )
