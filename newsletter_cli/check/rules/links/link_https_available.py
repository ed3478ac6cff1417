"""A link by `http://` to a page that can be had by `https://`."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.links import LinkReport, LinkStatus
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="link-https-available", level=Level.WARNING, title=_("A link could be https"), is_fixable=True)


def check(report: LinkReport) -> Iterator[Finding]:
    """One finding for each place of an `http://` address that works with `https://`, too (RFC 9110, 4.2.2).

    Silent where the site itself redirects for good: `link-redirected` says so.
    """
    for place, outcome in report.places_with(LinkStatus.OK):
        if outcome.has_https:
            new = f"https:{place.url.removeprefix('http:')}"
            yield RULE.at(
                place.place,
                _("{url} can be had by https, where nobody on the way can read or change it").format(url=place.url),
                suggestion=_("write {new}").format(new=new),
                edits=place.edits_to_https(),
                subject=place.url,
            )
