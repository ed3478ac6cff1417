"""A backtick without its twin: what should be code is prose, or the rest of the section is code."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.pattern import Pattern
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.source import split_lines
from newsletter_cli.markdown.survey import Survey
from newsletter_cli.model import Finding, Level, Place, Rule

RULE = Rule(slug="backtick-odd", level=Level.WARNING, title=_("A backtick has no twin"))
TICKS = Pattern(r"`+")
LETTER_ON_BOTH_SIDES = Pattern(r"[^\W\d_]`[^\W\d_]")
FENCE = Pattern(r"[ \t>]*(?:[-+*]|\d+[.)])?[ \t>]*(?P<fence>`{3,}|~{3,})")


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each backtick that is text, and for a fence of code that the text ends in."""
    for text in manuscript.texts:
        survey = text.survey
        if "`" not in survey.source.text and "~~~" not in survey.source.text:
            continue
        for block in survey.blocks:
            for found in TICKS.finditer(block.prose) if "`" in block.prose else ():
                is_apostrophe = LETTER_ON_BOTH_SIDES.fullmatch(block.prose, found.start() - 1, found.end() + 1)
                yield RULE.at(
                    survey.place_in(block, *found.span()),
                    _("the backtick of “{words}” has no twin, and shows as it is").format(
                        words=shorten(block.text[max(0, found.start() - 15) : found.end() + 15])
                    ),
                    suggestion=_("write an apostrophe there: ’")
                    if is_apostrophe
                    else _("put one on either side of the code: `pip install`, or take it away"),
                )
        yield from _open_fence(survey)


def _open_fence(survey: Survey) -> Iterator[Finding]:
    """A finding where the last block is a fence that nobody closed: a closed one ends in a line of its own."""
    if not survey.is_exact or not survey.blocks or survey.blocks[-1].kind != "code":
        return
    block = survey.blocks[-1]
    lines = split_lines(survey.published.text)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    content = next(index for index in range(len(lines) - 1, -1, -1) if starts[index] <= block.lines[0])
    opening = content - 1
    found = FENCE.match(lines[opening]) if opening >= 0 else None
    if found is None:
        # Without any line of content the first line found is that of the fence.
        found, opening = FENCE.match(lines[content]), content
    if found is None:
        return
    fence = found["fence"]
    closing = re.compile(rf"[ \t>]*{re.escape(fence[0])}{{{len(fence)},}}[ \t]*$")
    if any(closing.match(line.rstrip("\r\n")) for line in lines[opening + 1 :]):
        return
    yield RULE.at(
        Place(file=survey.source.file, line=survey.line_of(survey.published.source_offset(starts[opening]))),
        _("the code that begins here never ends: all that follows is shown as code"),
        suggestion=_("write {fence} on a line of its own where it ends").format(fence=fence),
    )
