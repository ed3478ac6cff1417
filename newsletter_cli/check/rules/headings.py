"""Headings within the texts, and the titles of sections."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.wording import shorten, word_set
from newsletter_cli.markdown.survey import Block
from newsletter_cli.model import Finding, Level

# All of it, but for the attributes that Hugo and Quarto write behind a heading.
BOLD = Pattern(r"(\*\*|__)(?=\S)(.+)(?<=\S)\1[ \t]*(?:\{[^{}]*\})?[ \t]*", re.DOTALL, signs=("**", "__"))


@rule(
    "heading-bold",
    Level.WARNING,
    _("A heading is set in bold"),
    why="""
        A heading, or a section's title, is set in bold as a whole. It is bold already, and the stars turn up in
        tables of contents. `--fix` takes them off headings; words in bold within a heading stay.
    """,
    bad="`### **The tide gauge**`",
    good="`### The tide gauge`",
    is_fixable=True,
)
def heading_bold(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each heading or section title that is bold as a whole; the marks are what goes."""
    for section in manuscript.issue.published_sections:
        if "title" in section.lines and _bold_inner(section.title) is not None:
            yield heading_bold.at(
                manuscript.field("title", section),
                _("the title “{words}” is set in bold").format(words=shorten(section.title.strip("*_ "))),
                suggestion=_("take the marks of bold away: titles are bold already"),
            )
    for text in manuscript.texts:
        survey = text.survey
        for block in survey.blocks:
            found = _bold_inner(block.text) if block.kind == "heading" else None
            if found is None or not _is_marked_bold(block.prose, found):
                continue
            start, end = found.span(2)
            yield heading_bold.at(
                survey.place_in(block, 0, len(block.text)),
                _("the heading “{words}” is set in bold").format(words=shorten(block.words)),
                suggestion=_("take the marks of bold away: headings are bold already"),
                edits=(*survey.edits_in(block, start - 2, start, ""), *survey.edits_in(block, end, end + 2, "")),
            )


def _bold_inner(text: str) -> re.Match[str] | None:
    found = BOLD.fullmatch(text)
    # “**One** and **two**” is bold in places.
    return None if found is None or found[1] in found[2] else found


def _is_marked_bold(prose: str, found: re.Match[str]) -> bool:
    """Whether the marks are marks, and no stars that stand for themselves."""
    return prose[:2] == prose[found.end(2) : found.end(2) + 2] == "\ufffc\ufffc"


# Under the sections' own headings, which are of the second unless the newsletter says otherwise.
FIRST_LEVEL = 3


@rule(
    "heading-level-jump",
    Level.WARNING,
    _("A heading skips a level"),
    why="""
        A heading is two levels or more below the last. Who listens to the page looks for the one in between. A
        section's first heading may be of the third level, or of the shallowest that the issue uses.
    """,
    bad="`### The tide gauge`, then `##### How it works`",
    good="`### The tide gauge`, then `#### How it works`",
)
def heading_level_jump(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each heading more than one level below the last (WCAG 2.2, 1.3.1; RGAA 9.1).

    A section's first heading may be of the third level, or of the shallowest that the issue's texts use.
    """
    headings = [[block for block in text.survey.blocks if _is_own_heading(block)] for text in manuscript.texts]
    top = max(FIRST_LEVEL, min((block.level for found in headings for block in found), default=FIRST_LEVEL))
    for text, found in zip(manuscript.texts, headings, strict=True):
        previous = top - 1
        for block in found:
            if block.level > previous + 1:
                yield heading_level_jump.at(
                    text.survey.place_in(block, 0, len(block.text)),
                    _("the heading “{words}” skips a level").format(words=shorten(block.words)),
                    suggestion=_("write {marks} in front of it").format(marks="#" * (previous + 1)),
                )
            previous = block.level


def _is_own_heading(block: Block) -> bool:
    return block.kind == "heading" and not block.is_quoted and not block.is_note


# `3. `, `3) `, `3.1. `, `III. `: single Roman letters are initials as often (V. Hugo).
NUMBER = Pattern(
    r"(?P<marks>[*_]*)(?P<number>(?P<digits>\d{1,2})(?:\.\d{1,2})*[.)]|(?=[IVX]{2})X{0,2}(?:IX|IV|V?I{0,3})[.)])"
    r"[ \t\u00a0\u202f]+(?=\S)(?!(?:Januar|Februar|März|April|Mai|Juni|Juli|August|[A-Z]\w+(?:em|ob)ber|Oktober)\b)",
    rough=r"\A[*_]*[\dIVX]",
)
# There “3. Oktober” is the third of October.
ORDINAL_DOT = word_set("bs cs da de eo et eu fi fo hr hu is lb lv nb nn no pl sk sl sr tr")
# Headings at and above this level are of the rank of a section.
SECTION_LEVEL = 2


@rule(
    "heading-number",
    Level.WARNING,
    _("A heading is numbered by hand"),
    why="""
        A number is typed in front of a heading or of a section's title; `nl` numbers the sections itself, and next
        month the number is wrong. `--fix` takes it out of headings. Headings within a section that count 1, 2, 3…
        (or down to 1, or anew from 1) are steps, and stay.
    """,
    bad='`title: "3. The tide gauge"`',
    good='`title: "The tide gauge"`',
    is_fixable=True,
)
def heading_number(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each heading or section title with a number in front; in headings, it is what goes.

    Headings within a section that count 1, 2, 3… are steps, and mean it.
    """
    has_ordinals = manuscript.language.lower().split("-")[0] in ORDINAL_DOT
    for section in manuscript.issue.published_sections:
        found = _number(section.title, has_ordinals=has_ordinals)
        if found is not None and "title" in section.lines:
            yield heading_number.at(
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
            yield heading_number.at(
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
    """The levels on which all numbered headings of a text are steps: rows that count from 1 on, or down to 1."""
    counts: dict[int, list[str]] = {}
    for block, number in numbered:
        counts.setdefault(block.level, []).append(number["digits"] or "")
    return frozenset(level for level, digits in counts.items() if level > SECTION_LEVEL and _are_rows(digits))


def _are_rows(digits: Sequence[str]) -> bool:
    """Whether numbers are rows without a gap, each of two at least: 1, 2, 1, 2, 3; or 3, 2, 1."""
    if not all(digits):
        return False
    numbers = [int(one) for one in digits]
    starts = [at for at, number in enumerate(numbers) if number == 0 or (number == 1 and numbers[max(at - 1, 0)] != 0)]
    if numbers == list(range(len(numbers), 0, -1)):
        return len(numbers) > 1
    rows = [numbers[start:end] for start, end in pairwise((*starts, len(numbers)))]
    return starts[:1] == [0] and all(len(row) > 1 and row == list(range(row[0], row[0] + len(row))) for row in rows)
