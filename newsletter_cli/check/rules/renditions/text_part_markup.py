"""HTML in the plain text: tags that nobody wrote as prose."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="text-part-markup", level=Level.WARNING, title=_("The plain text has HTML in it"))
TAG = re.compile(
    r"</?[a-zA-Z][a-zA-Z0-9]*(?:\s+[a-zA-Z-]+(?:=(?:\"[^\"]*\"|'[^']*'|[^\s<>]+))?)*\s*/?>|<!--|&(?:nbsp|amp|lt|gt|quot|#\d+);"
)
SPACE = re.compile(r"\s+")


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each tag or reference that no reader of the HTML sees as text: `<div>` in code is code."""
    found = list(dict.fromkeys(TAG.findall(renditions.text)))
    if not found:
        return
    shown = SPACE.sub("", " ".join(one.text for one in renditions.looks.texts) + " ".join(renditions.words))
    for tag in found:
        if SPACE.sub("", tag) not in shown:
            yield RULE.at(
                renditions.field("title"),
                _("the plain text has HTML in it: {tag}").format(tag=tag),
                suggestion=_("look for it in the titles and the legal lines, which are plain text"),
                subject=tag,
            )
