"""A heading two levels below the one above it: who listens to the page looks for what was left out."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.survey import Block
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="heading-level-jump", level=Level.WARNING, title=_("A heading skips a level"))


# Under the sections' own headings, which are of the second unless the newsletter says otherwise.
FIRST_LEVEL = 3


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each heading more than one level below the last (WCAG 2.2, 1.3.1; RGAA 9.1).

    A section's first heading may be of the third level, or of the shallowest that the issue's texts use.
    """
    headings = [[block for block in text.survey.blocks if _is_own_heading(block)] for text in manuscript.texts]
    top = max(FIRST_LEVEL, min((block.level for found in headings for block in found), default=FIRST_LEVEL))
    for text, found in zip(manuscript.texts, headings, strict=True):
        previous = top - 1
        for block in found:
            if block.level > previous + 1:
                yield RULE.at(
                    text.survey.place_in(block, 0, len(block.text)),
                    _("the heading “{words}” skips a level").format(words=shorten(block.words)),
                    suggestion=_("write {marks} in front of it").format(marks="#" * (previous + 1)),
                )
            previous = block.level


def _is_own_heading(block: Block) -> bool:
    return block.kind == "heading" and not block.is_quoted and not block.is_note
