"""A section that somebody has to sign, and nobody has."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.content import has_content
from newsletter_cli.model import Finding, Level, Rule, Status

RULE = Rule(slug="author-missing", level=Level.WARNING, title=_("A section has no author"))


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each published section with `author = true` in `newsletter.toml` and no `author:`.

    Info while it is a draft; an empty one has a finding already.
    """
    for section in manuscript.issue.published_sections:
        settings = manuscript.canonical_section(section.slug)
        if settings is None or not settings.author or section.author or not has_content(section):
            continue
        yield RULE.at(
            manuscript.field("author", section),
            _("nobody has signed “{title}”").format(title=section.title),
            suggestion=_("write who did it into its header: author: …"),
            level=Level.INFO if section.status is Status.DRAFT else None,
        )
