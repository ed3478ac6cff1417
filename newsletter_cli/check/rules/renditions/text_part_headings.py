"""Headings of the e-mail that its plain text lacks, or has in another order."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import html

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.origins import HEADINGS, squeezed
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="text-part-headings", level=Level.WARNING, title=_("The plain text lacks a heading of the e-mail"))


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each heading that the text does not have behind the one before it."""
    text = squeezed(renditions.text)
    position = 0
    for heading in renditions.body.iter(*HEADINGS):
        if renditions.looks.light[heading].is_hidden:
            continue
        end = _end_of(heading, text, position)
        if end is not None:
            position = end
            continue
        yield RULE.at(
            renditions.origin_of(heading),
            _("the heading “{text}” is not in the plain text, or not in its place").format(
                text=" ".join(heading.text_content().split())
            ),
            suggestion=_("who reads the plain text misses it; the theme may have a heading of its own"),
        )


def _end_of(heading: html.HtmlElement, text: str, position: int) -> int | None:
    """Where the heading ends in the text, from `position` on; `None` where it is not there.

    Its pieces one after the other: behind a link the text says which, and in the place of an image what it shows.
    """
    for piece in heading.itertext():
        said = squeezed(piece)
        found = text.find(said, position)
        if found < 0:
            return None
        position = found + len(said)
    return position
