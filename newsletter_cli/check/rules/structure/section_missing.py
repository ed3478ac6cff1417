"""A section that the newsletter requires and the issue does not have."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.model import Finding, Level, Place, Rule

RULE = Rule(slug="section-missing", level=Level.ERROR, title=_("A required section is missing"))


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each canonical section with `required = true` that has no file (a skipped one has)."""
    present = {section.slug for section in manuscript.issue.sections}
    for settings in manuscript.canonical:
        if settings.required and settings.slug not in present:
            yield RULE.at(
                Place(file=f"{manuscript.issue_folder}/{settings.slug}.md"),
                _("the section “{title}” is missing").format(title=settings.title),
                suggestion=_("nl new {number} makes its file, and leaves the others alone").format(
                    number=manuscript.issue.number
                )
                if settings.new
                else _("write the file, or set required = false in newsletter.toml"),
            )
