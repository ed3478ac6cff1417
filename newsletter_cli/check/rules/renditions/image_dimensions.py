"""An image whose width is no whole number of pixels: Outlook shows it in its own size, or in none."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="image-dimensions", level=Level.WARNING, title=_("An image has no width that Outlook understands"))
WHOLE = re.compile(r"[1-9][0-9]*")


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each image without a whole number in `width`, or with a `height` that is none (nor `auto`).

    Info for an image of unknown size within a line of a text: its own size may be the right one.
    """
    for image, place in renditions.placed_images:
        address = image.get("src") or ""
        if not WHOLE.fullmatch(image.get("width") or ""):
            yield RULE.at(
                place,
                _("the image {address} does not say how wide it is: Outlook shows it in its own size").format(
                    address=address
                ),
                suggestion=_('put it on a line of its own, or write <img src=… alt=… width="300">'),
                level=None if place == renditions.theme else Level.INFO,
                subject=address,
            )
        elif image.get("height") not in (None, "auto") and not WHOLE.fullmatch(image.get("height") or ""):
            yield RULE.at(
                place,
                _("the height of the image {address} is no whole number of pixels").format(address=address),
                suggestion=_("leave it out: the width is enough"),
                subject=address,
            )
