"""An issue without a subject: the inbox shows its title, which says little."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.readiness import level_by_readiness
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="subject-missing", level=Level.WARNING, title=_("The issue has no subject"))


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding where `subject` is empty; info while sections are still drafts, nothing while all of them are."""
    level = level_by_readiness(manuscript)
    if manuscript.issue.subject is None and level is not None:
        yield RULE.at(
            manuscript.field("subject"),
            _("the issue has no subject: the inbox will show its title"),
            suggestion=_("write what is best in it into _issue.md: subject: …"),
            level=level,
        )
