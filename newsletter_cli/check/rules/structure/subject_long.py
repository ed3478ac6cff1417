"""A subject that inboxes cut."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="subject-long", level=Level.WARNING, title=_("The subject is too long"))
MOST = 60  # characters; telephones show some 40 of them


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding above 60 characters. Without a subject the title is the subject."""
    name = "subject" if manuscript.issue.subject else "title"
    subject = " ".join((manuscript.issue.subject or manuscript.issue.title).split())
    if len(subject) > MOST:
        yield RULE.at(
            manuscript.field(name),
            _("the subject has {count} characters; inboxes cut it after {most} or earlier").format(
                count=len(subject), most=MOST
            )
            if name == "subject"
            else _("the title serves as the subject and has {count} characters; inboxes cut it after {most}").format(
                count=len(subject), most=MOST
            ),
            suggestion=_("the weightiest words first, the rest into the preheader"),
        )
