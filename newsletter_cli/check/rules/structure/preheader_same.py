"""A preheader that says what the subject has said: half of what the inbox shows is lost."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.wording import word_key
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="preheader-same", level=Level.WARNING, title=_("The preheader repeats the subject"))


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding where the preheader is the subject or the title, whatever their punctuation and capitals."""
    issue = manuscript.issue
    preheader = word_key(issue.preheader or "")
    if not preheader:
        return
    is_subject = preheader == word_key(issue.subject or issue.title)
    if is_subject or preheader == word_key(issue.title):
        yield RULE.at(
            manuscript.field("preheader"),
            _("the preheader repeats the subject") if is_subject else _("the preheader repeats the title"),
            suggestion=_("say what the subject leaves out: what else is in it, for whom, until when"),
        )
