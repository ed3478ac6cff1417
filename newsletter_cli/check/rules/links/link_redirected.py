"""A page that has moved for good: the old address works as long as somebody keeps the signpost."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from newsletter_cli.base.i18n import _
from newsletter_cli.check.links import LinkReport, LinkStatus
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="link-redirected", level=Level.WARNING, title=_("A page has moved for good"), is_fixable=True)


def check(report: LinkReport) -> Iterator[Finding]:
    """One finding for each place of an address that redirects permanently (RFC 9110, 15.4.2 and 15.4.9).

    Not mended where a page within a site has become its front page: that is how many sites say “gone”.
    """
    for place, outcome in report.places_with(LinkStatus.REDIRECTED):
        new = outcome.new_address
        if new is None:
            continue
        if is_front_page(new) and not is_front_page(place.url):
            yield RULE.at(
                place.place,
                _("{url} leads to the front page of the site now: the page may be gone").format(url=place.url),
                suggestion=_("open it, and look for the page’s new address"),
                subject=place.url,
            )
            continue
        yield RULE.at(
            place.place,
            _("{url} has moved for good").format(url=place.url),
            suggestion=_("write {new}").format(new=new),
            edits=place.edits(new),
            subject=place.url,
        )


def is_front_page(url: str) -> bool:
    """Whether an address names a site and nothing in it."""
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query
