"""An image of the front matter whose file is not there: the post is shared without its picture."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.rules.text.image_file_missing import missing_file
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="front-matter-image-missing", level=Level.ERROR, title=_("An image of the front matter is missing"))


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each relative address in `images:` that leads to no file of the issue.

    An address that begins with `/` belongs to the site.
    """
    for image in manuscript.issue.images:
        fault = missing_file(image, manuscript.assets)
        if fault is not None:
            yield RULE.at(manuscript.field("images"), fault[0], suggestion=fault[1], subject=image)
