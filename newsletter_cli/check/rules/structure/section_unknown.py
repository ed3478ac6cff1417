"""A section file that the newsletter's canonical order does not name."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.base.strict import nearest
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.model import Finding, Level, Place, Rule

RULE = Rule(slug="section-unknown", level=Level.INFO, title=_("A section is not among the newsletter's"))


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each published section outside the canonical order: a slip, or a special of this issue."""
    slugs = [settings.slug for settings in manuscript.canonical]
    for section in manuscript.issue.published_sections:
        if section.is_canonical or section.after is not None or not slugs:
            continue
        close = nearest(section.slug, slugs, cutoff=0.75)
        yield RULE.at(
            Place(file=section.body.file, line=1),
            _("“{slug}” is not among the newsletter's sections").format(slug=section.slug),
            level=Level.WARNING if close else Level.INFO,
            suggestion=_("did you mean “{key}”?").format(key=f"{close}.md")
            if close
            else _("add it to newsletter.toml, or place it with after: SLUG in its front matter"),
        )
