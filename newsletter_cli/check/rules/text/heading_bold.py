"""A heading set in bold: it is bold already, and the marks show in some tables of contents."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.pattern import Pattern
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="heading-bold", level=Level.WARNING, title=_("A heading is set in bold"), is_fixable=True)
# All of it, but for the attributes that Hugo and Quarto write behind a heading.
BOLD = Pattern(r"(\*\*|__)(?=\S)(.+)(?<=\S)\1[ \t]*(?:\{[^{}]*\})?[ \t]*", re.DOTALL)


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each heading or section title that is bold as a whole; the marks are what goes."""
    for section in manuscript.issue.published_sections:
        if "title" in section.lines and _inner(section.title) is not None:
            yield RULE.at(
                manuscript.field("title", section),
                _("the title “{words}” is set in bold").format(words=shorten(section.title.strip("*_ "))),
                suggestion=_("take the marks of bold away: titles are bold already"),
            )
    for text in manuscript.texts:
        survey = text.survey
        for block in survey.blocks:
            found = _inner(block.text) if block.kind == "heading" else None
            if found is None or not _is_marked(block.prose, found):
                continue
            start, end = found.span(2)
            yield RULE.at(
                survey.place_in(block, 0, len(block.text)),
                _("the heading “{words}” is set in bold").format(words=shorten(block.words)),
                suggestion=_("take the marks of bold away: headings are bold already"),
                edits=(*survey.edits_in(block, start - 2, start, ""), *survey.edits_in(block, end, end + 2, "")),
            )


def _inner(text: str) -> re.Match[str] | None:
    found = BOLD.fullmatch(text)
    # “**One** and **two**” is bold in places.
    return None if found is None or found[1] in found[2] else found


def _is_marked(prose: str, found: re.Match[str]) -> bool:
    """Whether the marks are marks, and no stars that stand for themselves."""
    return prose[:2] == prose[found.end(2) : found.end(2) + 2] == "\ufffc\ufffc"
