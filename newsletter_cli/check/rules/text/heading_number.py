"""A number typed in front of a heading: the sections are numbered when the issue is put together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.pattern import Pattern
from newsletter_cli.check.texts.wording import shorten, word_set
from newsletter_cli.markdown.survey import Block
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="heading-number", level=Level.WARNING, title=_("A heading is numbered by hand"), is_fixable=True)
# `3. `, `3) `, `3.1. `, `III. `: single Roman letters are initials as often (V. Hugo).
NUMBER = Pattern(
    r"(?P<marks>[*_]*)(?P<number>(?P<digits>\d{1,2})(?:\.\d{1,2})*[.)]|(?=[IVX]{2})X{0,2}(?:IX|IV|V?I{0,3})[.)])"
    r"[ \t\u00a0\u202f]+(?=\S)(?!(?:Januar|Februar|März|April|Mai|Juni|Juli|August|[A-Z]\w+(?:em|ob)ber|Oktober)\b)"
)
# There “3. Oktober” is the third of October.
ORDINAL_DOT = word_set("bs cs da de eo et eu fi fo hr hu is lb lv nb nn no pl sk sl sr tr")
# Headings at and above this level are of the rank of a section.
SECTION_LEVEL = 2


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each heading or section title with a number in front; in headings, it is what goes.

    Headings within a section that count 1, 2, 3… are steps, and mean it.
    """
    has_ordinals = manuscript.language.lower().split("-")[0] in ORDINAL_DOT
    for section in manuscript.issue.published_sections:
        found = _number(section.title, has_ordinals=has_ordinals)
        if found is not None and "title" in section.lines:
            yield RULE.at(
                manuscript.field("title", section),
                _("the number in the title “{words}” is typed by hand").format(words=shorten(section.title)),
                suggestion=_("take “{number}” away: the sections are numbered by themselves").format(
                    number=found["number"]
                ),
            )
    for text in manuscript.texts:
        survey = text.survey
        headings = [block for block in survey.blocks if block.kind == "heading"]
        numbered = [
            (block, number)
            for block in headings
            if (number := _number(block.text, has_ordinals=has_ordinals)) is not None
        ]
        steps = _steps(numbered)
        for block, number in numbered:
            if block.level in steps:
                continue
            yield RULE.at(
                survey.place_in(block, *number.span("number")),
                _("the number in the heading “{words}” is typed by hand").format(words=shorten(block.words)),
                suggestion=_("take “{number}” away: the sections are numbered by themselves").format(
                    number=number["number"]
                ),
                edits=survey.edits_in(block, number.start("number"), number.end(), ""),
            )


def _number(text: str, *, has_ordinals: bool) -> re.Match[str] | None:
    found = NUMBER.match(text)
    if found is None or (has_ordinals and found["number"].endswith(".") and found["digits"]):
        return None
    return found


def _steps(numbered: Sequence[tuple[Block, re.Match[str]]]) -> frozenset[int]:
    """The levels on which the headings of a text count from 1 on without a gap."""
    counts: dict[int, list[str]] = {}
    for block, number in numbered:
        counts.setdefault(block.level, []).append(number["digits"] or "")
    return frozenset(
        level
        for level, digits in counts.items()
        if level > SECTION_LEVEL and len(digits) > 1 and digits == [str(one) for one in range(1, len(digits) + 1)]
    )
