"""An issue without a preheader: the inbox fills the line up with whatever comes first."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.readiness import level_by_readiness
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="preheader-missing", level=Level.WARNING, title=_("The issue has no preheader"))


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding where `preheader` is empty; info while sections are still drafts, nothing while all of them are."""
    level = level_by_readiness(manuscript)
    if manuscript.issue.preheader is None and level is not None:
        yield RULE.at(
            manuscript.field("preheader"),
            _("the issue has no preheader: the inbox will show the first words of the e-mail beside the subject"),
            suggestion=_("write 40 to 100 characters into _issue.md: preheader: …"),
            level=level,
        )
