"""An issue without a summary: search engines and the site's list of posts make one up."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.readiness import level_by_readiness
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="summary-missing", level=Level.WARNING, title=_("The issue has no summary"))


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding where `summary` is empty; info while sections are still drafts, nothing while all of them are."""
    level = level_by_readiness(manuscript)
    if manuscript.issue.summary is None and level is not None:
        yield RULE.at(
            manuscript.field("summary"),
            _("the issue has no summary: the site's list of posts will show its first words"),
            suggestion=_("write one sentence into _issue.md: summary: …"),
            level=level,
        )
