"""A site that takes its time: it may be slow just now, or gone."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.links import LinkReport, LinkStatus
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="link-timeout", level=Level.WARNING, title=_("A site did not answer in time"))


def check(report: LinkReport) -> Iterator[Finding]:
    """One finding for each place of an address that gave no answer within the time set."""
    for place, _outcome in report.places_with(LinkStatus.TIMEOUT):
        yield RULE.at(
            place.place,
            _("no answer in time from {url}").format(url=place.url),
            suggestion=_("open it in a browser; check again before you send"),
            subject=place.url,
        )
