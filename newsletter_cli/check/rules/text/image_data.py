"""An image written into the text itself (`data:`): Gmail and Outlook show none of these."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="image-data", level=Level.WARNING, title=_("An image is written into the text"))


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each image with a `data:` address (caniemail, “Base64 image format”)."""
    for text in manuscript.all_texts:
        for image in text.survey.images:
            if image.src[:5].lower() == "data:":
                words = shorten(image.alt or "")
                yield RULE.at(
                    text.survey.place(image.span),
                    _("the image “{words}” is written into the text (data:): most readers will not see it").format(
                        words=words
                    )
                    if words
                    else _("an image is written into the text (data:): most readers will not see it"),
                    suggestion=_(
                        "save it as a file in images/ and give its name: ![What it shows](images/picture.png)"
                    ),
                )
