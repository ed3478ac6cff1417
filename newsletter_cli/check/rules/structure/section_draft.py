"""A section that goes out while its author still calls it a draft."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.content import has_content
from newsletter_cli.model import Finding, Level, Rule, Status

RULE = Rule(slug="section-draft", level=Level.WARNING, title=_("A section is still a draft"))


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each published section with `status: draft`; an empty one has a finding already.

    An error where the newsletter requires the section.
    """
    for section in manuscript.issue.published_sections:
        if section.status is Status.DRAFT and has_content(section):
            yield RULE.at(
                manuscript.field("status", section),
                _("“{title}” is still a draft").format(title=section.title),
                suggestion=_("status: ready when it is finished, status: skip to leave it out this time"),
                level=Level.ERROR if manuscript.is_required(section) else None,
            )
