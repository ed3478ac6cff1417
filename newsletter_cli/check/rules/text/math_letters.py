"""Mathematical letters that stand in for bold: screen readers name each sign, or say nothing at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.header_fields import header_fields
from newsletter_cli.check.texts.pattern import Pattern
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.survey import Block, Survey
from newsletter_cli.model import Edit, Finding, Level, Rule

RULE = Rule(
    slug="math-letters", level=Level.WARNING, title=_("Mathematical letters stand in for bold"), is_fixable=True
)
LETTER = Pattern("[\U0001d400-\U0001d7ff]")
# Letters with accents are not among them: they stay plain in the midst of a word, or come apart.
ACCENTS = "\u0300-\u036f\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0152\u0153"
BETWEEN = "(?:[ \u00a0\u202f'’-]|, )"
WRITTEN = f"[\U0001d400-\U0001d7ff][\U0001d400-\U0001d7ff{ACCENTS}]*"
# Words of such letters, with what joins them to one phrase.
PHRASE = Pattern(f"(?:(?<!\\w)[{ACCENTS}]+)?{WRITTEN}(?:{BETWEEN}(?:[Àà]{BETWEEN})?[{ACCENTS}]*{WRITTEN})*")
# Variables are set in the alphabets with serifs, one letter each, products of two at most; the others make words.
WORD = Pattern(
    f"(?:[\U0001d400-\U0001d49b\U0001d6a4-\U0001d7cb][{ACCENTS}]*){{3}}"
    f"|(?:[\U0001d49c-\U0001d6a3\U0001d7cc-\U0001d7ff][{ACCENTS}]*){{2}}"
)
BOLD = "BOLD"


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each phrase in them; mended, it is in plain letters, accents kept, and bold where it was.

    Only letters of U+1D400 to U+1D7FF are changed (NFKC); single ones, as in a formula, are left alone.
    """
    for value, place in header_fields(manuscript):
        found = _phrase(value)
        if found is not None:
            yield RULE.at(place, _message(found[0]), suggestion=_suggestion(found[0]))
    for text in manuscript.all_texts:
        survey = text.survey
        if not LETTER.search(survey.source.text):
            continue
        for index, block in enumerate(survey.blocks):
            for phrase in PHRASE.finditer(block.prose):
                if WORD.search(phrase[0]):
                    yield RULE.at(
                        survey.place_in(block, *phrase.span()),
                        _message(phrase[0]),
                        suggestion=_suggestion(phrase[0]),
                        edits=_edits(survey, index, block, phrase),
                    )


def _phrase(value: str) -> re.Match[str] | None:
    return next((found for found in PHRASE.finditer(value) if WORD.search(found[0])), None)


def _message(phrase: str) -> str:
    return _("“{words}” is set in mathematical signs, which screen readers cannot read").format(
        words=shorten(_plain(phrase))
    )


def _suggestion(phrase: str) -> str:
    return _("write it in letters; for bold, put two stars on either side: **{words}**").format(
        words=shorten(_plain(phrase))
    )


def _plain(phrase: str) -> str:
    letters = "".join(unicodedata.normalize("NFKC", sign) if LETTER.match(sign) else sign for sign in phrase)
    return unicodedata.normalize("NFC", letters)


def _edits(survey: Survey, index: int, block: Block, phrase: re.Match[str]) -> tuple[Edit, ...]:
    start, end = phrase.span()
    mark = "**" if _wants_bold(survey, index, block, phrase) else ""
    return survey.edits_in(block, start, end, f"{mark}{_plain(phrase[0])}{mark}")


def _wants_bold(survey: Survey, index: int, block: Block, phrase: re.Match[str]) -> bool:
    """Whether stars are to keep the weight: not in a heading, which has it, nor beside stars, which they would join."""
    start, end = phrase.span()
    around = block.text[max(0, start - 1) : start] + block.text[end : end + 1]
    if block.kind in ("heading", "term") or "*" in around or "\\" in around:
        return False
    if not all(BOLD in unicodedata.name(sign, "") for sign in phrase[0] if LETTER.match(sign)):
        return False
    first = survey.span(block, start, start + 1).start
    return not any(run.is_strong and run.start <= first < run.end for run in survey.runs_of(index))
