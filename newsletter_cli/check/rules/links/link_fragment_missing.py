"""A link to a place in a page that has no such place."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.links import LinkReport, LinkStatus
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="link-fragment-missing", level=Level.WARNING, title=_("A page has no place of that name"))


def check(report: LinkReport) -> Iterator[Finding]:
    """One finding for each place of an address whose page is there, but has no element of that `id` (HTML, 7.4.6.4)."""
    for place, outcome in report.places_with(LinkStatus.OK, LinkStatus.REDIRECTED):
        if outcome.is_fragment_missing:
            page, _hash, fragment = place.url.partition("#")
            yield RULE.at(
                place.place,
                _("the page {page} is there, but has no place “#{name}” in it").format(page=page, name=fragment),
                suggestion=_("readers arrive at its top; link to a heading that it has, or drop “#{name}”").format(
                    name=fragment
                ),
                subject=place.url,
            )
