"""An image on another site that makes readers wait, or costs them."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.links import LinkReport, RemoteImage
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="image-remote-heavy", level=Level.WARNING, title=_("An image on another site is too heavy"))

HEAVY_BYTES = 800_000
# The text of an e-mail is 680 pixels wide at most, and a screen shows two pixels for each; up to twice that is only
# more than is needed.
WIDEST_PIXELS = 680 * 2 * 2


def check(report: LinkReport) -> Iterator[Finding]:
    """One finding for each place of a remote image over 800 KB (all images of a message) or 2,720 pixels wide."""
    for url, image in report.images.items():
        message = None if image.is_page else _message(url, image)
        if message is None:
            continue
        for place in report.places_by_url.get(url, ()):
            if place.kind == "image":
                hint = _("make it smaller (1,360 pixels wide are enough) and put it beside the section")
                yield RULE.at(place.place, message, suggestion=hint, subject=url)


def _message(url: str, image: RemoteImage) -> str | None:
    if image.size_bytes is not None and image.size_bytes > HEAVY_BYTES:
        size = round(image.size_bytes / 1000)
        return _("the image {url} weighs {size} KB").format(url=url, size=size)
    if image.width is not None and image.width > WIDEST_PIXELS:
        return _("the image {url} is {width} pixels wide").format(url=url, width=image.width)
    return None
