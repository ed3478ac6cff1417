"""Signs that were to be read, and that Markdown took for marks of its own."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.survey import NOT_PROSE, Survey
from newsletter_cli.model import Finding, Level

# In the prose, where a mark that took is none: a number, and behind each mark another.
BETWEEN_DIGITS = Pattern(rf"(?<![\w.,{NOT_PROSE}])\d(?:[.,]?\d)*(?:{NOT_PROSE}{{1,3}}\d(?:[.,]?\d)*)+")
NUMBERS = "0123456789.,"


@rule(
    "emphasis-digits",
    Level.WARNING,
    _("Stars between digits became italics"),
    why="""
        Two stars between digits are marks of italics to Markdown: readers see `234` in place of `2*3*4`. `2 * 3 * 4`
        with blanks is shown as it is.
    """,
    bad="`The room holds 2*3*4 = 24 chairs.`",
    good="`The room holds 2 × 3 × 4 = 24 chairs.`",
)
def emphasis_digits(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each row of numbers with a star that took between any two (CommonMark 0.31, 6.2)."""
    for text in manuscript.all_texts:
        if "*" in text.survey.source.text:
            yield from _eaten_stars(text.survey)


def _eaten_stars(survey: Survey) -> Iterator[Finding]:
    for block in survey.blocks:
        if block.kind in ("html", "code") or "*" not in block.text:
            continue
        for found in BETWEEN_DIGITS.finditer(block.prose):
            typed = block.text[found.start() : found.end()]
            if set(typed) <= {"*", *NUMBERS}:
                yield emphasis_digits.at(
                    survey.place_in(block, *found.span()),
                    _("the stars of “{typed}” are taken for italics or bold: readers see {shown}").format(
                        typed=shorten(typed, 30), shown=shorten(typed.replace("*", ""), 30)
                    ),
                    suggestion=_("write × in place of each star, or \\* for a star"),
                )
