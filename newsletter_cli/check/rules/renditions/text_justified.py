"""Justified text: the gaps between its words make rivers that dyslexic readers lose their line in."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="text-justified", level=Level.WARNING, title=_("Text is justified"))


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each place of a text that is justified, one for the theme (WCAG 2.2, 1.4.8)."""
    seen = set()
    for shown in renditions.running_texts:
        if shown.light.align != "justify":
            continue
        is_typed = any(one.get("align") == "justify" for one in (shown.element, *shown.element.iterancestors()))
        place = renditions.origin_of(shown.element) if is_typed else renditions.theme
        if place not in seen:
            seen.add(place)
            yield RULE.at(
                place,
                _("“{text}” is justified: the gaps between the words are hard on many readers").format(
                    text=shown.text[:40]
                ),
                suggestion=_('leave out align="justify"') if is_typed else _("text-align: left in the theme"),
            )
