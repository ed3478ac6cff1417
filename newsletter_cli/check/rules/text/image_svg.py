"""An SVG drawing: Gmail and Outlook show a broken frame."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.pattern import Pattern
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="image-svg", level=Level.WARNING, title=_("An image is an SVG drawing"))
DRAWING = Pattern(r"(?!data:)[^?#]*\.svgz?(?:[?#]|$)|data:image/svg", re.IGNORECASE)


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each image whose file is an SVG (caniemail, “SVG image format”)."""
    for text in manuscript.all_texts:
        for image in text.survey.images:
            if DRAWING.match(image.src):
                name = shorten(image.src.rpartition("/")[2]) if image.src[:5].lower() != "data:" else "SVG"
                yield RULE.at(
                    text.survey.place(image.span),
                    _("{name} is an SVG drawing, which many mail readers do not show").format(name=name),
                    suggestion=_("save it as PNG, twice as wide as it is shown"),
                    subject=image.src[:200],
                )
