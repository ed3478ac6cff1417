"""A preheader of a length that inboxes show badly."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="preheader-length", level=Level.INFO, title=_("The preheader is too short or too long"))
LEAST, MOST = 40, 100


def check(renditions: Renditions) -> Iterator[Finding]:
    """Info below 40 characters (the inbox fills up with the e-mail's first words) and above 100 (it cuts)."""
    preheader = " ".join((renditions.preheader or "").split())
    if not preheader or LEAST <= len(preheader) <= MOST:
        return
    yield RULE.at(
        renditions.field("preheader"),
        _("the preheader has {count} characters; inboxes show between 40 and 100 well").format(count=len(preheader)),
        suggestion=_("a few more words: what the subject does not say yet")
        if len(preheader) < LEAST
        else _("the weightiest words first: the end is cut off"),
    )
