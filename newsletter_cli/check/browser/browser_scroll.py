"""An e-mail wider than the screen of a telephone: every line has to be pushed to and fro."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from lxml.html import HtmlElement

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Place, Rule

if TYPE_CHECKING:
    from newsletter_cli.check.browser.measure import Measured

RULE = Rule(slug="browser-scroll", level=Level.WARNING, title=_("The e-mail is wider than a telephone's screen"))
SHOWN = 40  # characters of an element's text


def check(renditions: Renditions, measured: Mapping[str, Measured]) -> Iterator[Finding]:
    """One finding for each place with something that does not fit into 320 px (WCAG 2.2, 1.4.10)."""
    narrow = measured["narrow"]
    if narrow.scroll_px <= narrow.width_px:
        return
    places: dict[Place, HtmlElement | None] = {}
    for element in narrow.wide:
        places.setdefault(renditions.origin_of(element), element)
    if not places:
        places[renditions.theme] = None
    for place, culprit in places.items():
        text = "" if culprit is None else " ".join((culprit.get("alt") or culprit.text_content()).split())
        yield RULE.at(
            place,
            _("the e-mail is {scroll} px wide on a screen of {width} px: “{text}”").format(
                scroll=narrow.scroll_px, width=narrow.width_px, text=text[:SHOWN]
            )
            if text
            else _("the e-mail is {scroll} px wide on a screen of {width} px").format(
                scroll=narrow.scroll_px, width=narrow.width_px
            ),
            suggestion=_("fewer columns in a table, a shorter word or address, a narrower picture"),
        )
