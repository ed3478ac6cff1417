"""A link without words: nothing to click on, nothing to read out."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.rules.text.link_empty import NOWHERE
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.wording import shorten, shown_address
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="link-text-empty", level=Level.ERROR, title=_("A link has no words"))


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each link with no letter or digit in its words (WCAG 2.2, 2.4.4; RGAA 6.2).

    A warning where there is a sign at least, such as an arrow. Of a linked image, its alternative text speaks.
    """
    for text in manuscript.all_texts:
        for link in text.survey.links:
            if link.holds_image or link.href.strip() in NOWHERE or any(map(str.isalnum, link.text)):
                continue
            sign = shorten(link.text)
            yield RULE.at(
                text.survey.place(link.span),
                _("the words of the link to {address} are a mere “{sign}”").format(
                    address=shown_address(link.href), sign=sign
                )
                if sign
                else _("the link to {address} has no words: no reader can see it").format(
                    address=shown_address(link.href)
                ),
                suggestion=_("say where it leads: [the programme of the day](https://…)"),
                level=Level.WARNING if sign else None,
                subject=link.href,
            )
