"""A picture of the theme that is a link and has no alternative text: with images off there is nothing to click on."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="image-link-alt", level=Level.WARNING, title=_("A linked picture has no alternative text"))


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each link of the theme that holds images and no text at all (WCAG 2.2, 2.4.4; RGAA 6.2).

    Those of the editors are reported where they were typed (`image-alt-missing`).
    """
    for link in renditions.body.iter("a"):
        images = list(link.iter("img"))
        if not link.get("href") or not images or link.text_content().strip() or link.get("aria-label"):
            continue
        has_alt = any((image.get("alt") or "").strip() for image in images)
        if not has_alt and renditions.origins.find(images[0]) is None:
            yield RULE.at(
                renditions.theme,
                _("the picture that links to {address} has no alternative text").format(address=link.get("href")),
                suggestion=_("say in alt where the link leads"),
                subject=link.get("href"),
            )
