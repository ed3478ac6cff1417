"""An image without an `alt` attribute: a screen reader spells out its address."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="image-alt-attribute", level=Level.WARNING, title=_("An image of the e-mail has no alt attribute"))


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each such image (WCAG 2.2, 1.1.1). `nl` gives the editors' images one: it is the theme's."""
    for image, place in renditions.placed_images:
        if image.get("alt") is None:
            yield RULE.at(
                place,
                _("the image {address} has no alt attribute").format(address=image.get("src")),
                suggestion=_('alt="" for an ornament, else what the picture says'),
                subject=image.get("src"),
            )
