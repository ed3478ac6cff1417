"""A link that leads nowhere, or an image that is not there."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.links import AddressPlace, Cause, LinkReport, LinkStatus, Outcome
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="link-broken", level=Level.ERROR, title=_("A link leads nowhere"))


def check(report: LinkReport) -> Iterator[Finding]:
    """One finding for each place of a broken address; a warning where the fault may have passed tomorrow."""
    for place, outcome in report.places_with(LinkStatus.BROKEN):
        yield RULE.at(
            place.place,
            _message(place, outcome),
            suggestion=_suggestion(outcome),
            level=Level.ERROR if outcome.is_certain else Level.WARNING,
            subject=place.url,
        )
    for url, image in report.images.items():
        if not image.is_page:
            continue
        for place in report.places_by_url.get(url, ()):
            if place.kind == "image":
                message = _("this image is a web page: {url}").format(url=url)
                hint = _("give the address of the picture itself (in the browser: “copy image address”)")
                yield RULE.at(place.place, message, suggestion=hint, level=Level.WARNING, subject=url)


def _message(place: AddressPlace, outcome: Outcome) -> str:
    if place.kind == "image":
        return _("the image {url} is not there: {reason}").format(url=place.url, reason=outcome.reason)
    return _("the link {url} is broken: {reason}").format(url=place.url, reason=outcome.reason)


def _suggestion(outcome: Outcome) -> str:
    if outcome.cause is Cause.NO_SUCH_HOST:
        return _("look for a slip in the name of the site")
    if outcome.cause is Cause.NOT_AN_ADDRESS:
        return _("copy the address from the browser’s address bar")
    if outcome.cause is Cause.TLS:
        return _("tell those who run the site, or link to another")
    if not outcome.is_certain:
        return _("open it in a browser; check again before you send")
    return _("look for the page’s new address, or take the link out")
