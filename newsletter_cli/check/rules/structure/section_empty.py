"""A section with a heading and nothing under it."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.content import has_content
from newsletter_cli.model import Finding, Level, Place, Rule

RULE = Rule(slug="section-empty", level=Level.WARNING, title=_("A section has nothing under its heading"))


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each published section without text, events or jobs; an error where it is required."""
    for section in manuscript.issue.published_sections:
        if not has_content(section):
            yield RULE.at(
                Place(file=section.body.file, line=section.body.first_line),
                _("“{title}” is empty: readers would see its heading only").format(title=section.title),
                suggestion=_("write it, or leave it out this time with status: skip"),
                level=Level.ERROR if manuscript.is_required(section) else None,
            )
