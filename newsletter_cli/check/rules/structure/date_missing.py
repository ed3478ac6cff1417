"""An issue without a date: nothing can be said of what is past and what is to come."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.readiness import level_by_readiness
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="date-missing", level=Level.WARNING, title=_("The issue has no date"))


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding where `date` is empty; info while sections are still drafts, nothing while all of them are."""
    level = level_by_readiness(manuscript)
    if manuscript.issue.date is None and level is not None:
        yield RULE.at(
            manuscript.field("date"),
            _("the issue has no date"),
            suggestion=_("write it into _issue.md: date: 2026-06-11"),
            level=level,
        )
