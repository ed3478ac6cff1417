"""A link that only a person can check."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.links import LinkReport, LinkStatus
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="link-unverifiable", level=Level.INFO, title=_("A site does not let programs check a link"))


def check(report: LinkReport) -> Iterator[Finding]:
    """One finding for each place of an address whose site wants people, or people it knows."""
    for place, outcome in report.places_with(LinkStatus.UNVERIFIABLE):
        yield RULE.at(
            place.place,
            _("not verified: {url} ({reason})").format(url=place.url, reason=outcome.reason),
            suggestion=_("open it once in a browser"),
            subject=place.url,
        )
