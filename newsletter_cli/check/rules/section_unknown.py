"""A section file that the newsletter's canonical order does not name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newsletter_cli.check.rules.interface import SectionNames
from newsletter_cli.i18n import _
from newsletter_cli.model import Finding, Issue, Level
from newsletter_cli.strict import nearest


def check(issue: Issue, canonical: Sequence[SectionNames]) -> Iterator[Finding]:
    """One finding for each published section outside the canonical order: a slip, or a special of this issue."""
    slugs = [settings.slug for settings in canonical]
    for section in issue.published_sections:
        if section.is_canonical or section.after is not None or not slugs:
            continue
        close = nearest(section.slug, slugs, cutoff=0.75)
        yield Finding(
            file=section.body.file,
            rule="section-unknown",
            level=Level.WARNING if close else Level.INFO,
            message=_("“{slug}” is not among the newsletter's sections").format(slug=section.slug),
            line=1,
            suggestion=_("did you mean “{key}”?").format(key=f"{close}.md")
            if close
            else _("add it to newsletter.toml, or place it with after: SLUG in its front matter"),
        )
