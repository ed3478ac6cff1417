"""Characters that nobody sees, or that only look like letters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.passages import header_fields
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.markdown.survey import Block, Span, Survey
from newsletter_cli.model import Edit, Finding, Level

INVISIBLE = Pattern(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb"
    "\ufffd\U000e0001\U000e0020-\U000e007f]"
)
SOFT_HYPHEN = "\u00ad"
LOST = "\ufffd"
JOINERS = "\u200c\u200d"
MARKS = "\u200e\u200f\u061c"
BIDI = Pattern("[\u202a-\u202e\u2066-\u2069]")
# Black flag, then signs of U+E0020…: the flags of England, Scotland and Wales.
FLAG = Pattern("\U0001f3f4[\U000e0020-\U000e007f]+")
BREAKS = "\u2028\u2029\x0b\x0c\x1c\x1d\x1e\x1f"
RIGHT_TO_LEFT = Pattern("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
# From Hebrew on up to Khmer and beyond, and in East Asia: scripts that need joiners, or have no blanks.
OTHER_SCRIPT = Pattern("[\u0590-\u1fff\u2c00-\ufdff\ufe70-\ufefc\U00010000-\U0001cfff]")
EMOJI = Pattern("[\u00a9\u00ae\u203c-\u3299\ufe0f\U0001f000-\U0001faff\U000e007f]")


@rule(
    "control-character",
    Level.WARNING,
    _("An invisible character stands in the text"),
    why="""
        A character that nobody sees stands in the text: a zero-width space, a byte order mark, a mark that turns the
        direction of writing round. It cuts words in two for a search and breaks addresses. `--fix` takes it out. A
        soft hyphen is a note, as it may be meant; a “�” says that an encoding was damaged. Emoji, and scripts that
        need such characters, are left alone.
    """,
    bad="`The tide comes.`, with U+200B between the letters of “tide”.",
    good="`The tide comes.`",
    is_fixable=True,
)
def control_character(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each line of a text with such characters, one for each field of a header.

    Joiners within emoji and in the scripts that need them are left alone, and the marks of direction in
    texts that are written from right to left. Taken out are those that carry nothing; a soft hyphen may be
    meant (info), and what a damaged encoding has lost is for a person to write.
    """
    for value, place in header_fields(manuscript):
        faults = _faults(value)
        if faults:
            yield control_character.at(
                place,
                _invisible_message(value, faults),
                suggestion=_invisible_suggestion(value, faults),
                level=_invisible_level(value, faults),
            )
    for text in manuscript.all_texts:
        survey = text.survey
        # One search, in C, is enough for nearly every text.
        if not INVISIBLE.search(survey.published.text):
            continue
        yield from _invisible_in(survey)


def _invisible_in(survey: Survey) -> Iterator[Finding]:
    start = 0
    for line in split_lines(survey.published.text):
        faults = _faults(line)
        if faults:
            spans = [_sign_span(survey, start + index) for index in faults]
            yield control_character.at(
                survey.place(spans[0]),
                _invisible_message(line, faults),
                suggestion=_invisible_suggestion(line, faults),
                level=_invisible_level(line, faults),
                edits=[
                    edit
                    for index, span in zip(faults, spans, strict=True)
                    for edit in _invisible_edits(survey, line, index, span)
                ],
            )
        start += len(line)


def _sign_span(survey: Survey, offset: int) -> Span:
    first = survey.published.source_offset(offset)
    return Span(start=first, end=first + 1)


def _faults(line: str) -> list[int]:
    found = list(INVISIBLE.finditer(line))
    if not found:
        return []
    # Looked up once: a line may hold thousands of such signs.
    is_right_to_left = RIGHT_TO_LEFT.search(line) is not None
    in_flags = {index for flag in FLAG.finditer(line) for index in range(flag.start() + 1, flag.end())}
    return [
        one.start()
        for one in found
        if one.start() not in in_flags and not _is_meant(line, one.start(), is_right_to_left=is_right_to_left)
    ]


def _is_meant(line: str, index: int, *, is_right_to_left: bool) -> bool:
    sign = line[index]
    before, after = line[index - 1 : index] if index else "", line[index + 1 : index + 2]
    if sign in MARKS or BIDI.match(sign):
        # Override marks turn round what has its own direction: never needed.
        return is_right_to_left and sign not in "\u202d\u202e"
    if sign in JOINERS or sign == "\u200b":
        is_script = bool(OTHER_SCRIPT.match(before)) and (not after.strip() or bool(OTHER_SCRIPT.match(after)))
        return is_script or (sign == "\u200d" and bool(EMOJI.match(before)) and bool(EMOJI.match(after)))
    return False


def _invisible_level(line: str, faults: list[int]) -> Level | None:
    return Level.INFO if all(line[index] == SOFT_HYPHEN for index in faults) else None


def _gravest(line: str, faults: list[int]) -> str:
    return min((line[index] for index in faults), key=lambda sign: (sign == SOFT_HYPHEN, sign != LOST))


def _invisible_message(line: str, faults: list[int]) -> str:
    sign = _gravest(line, faults)
    code = f"U+{ord(sign):04X}"
    if sign == LOST:
        return _("a character was lost here: the text was saved or copied in another encoding")
    if sign == SOFT_HYPHEN:
        return _("a soft hyphen ({code}) is hidden in a word, and keeps a search from finding it").format(code=code)
    if BIDI.match(sign) or sign in MARKS:
        return _("a hidden mark of direction ({code}) may turn the order of the text round").format(code=code)
    return _("a character that nobody sees ({code}) is hidden here").format(code=code)


def _invisible_suggestion(line: str, faults: list[int]) -> str:
    if _gravest(line, faults) == LOST:
        return _("write the word again")
    return _("delete it; to write the word again is the surest way")


def _invisible_edits(survey: Survey, line: str, index: int, span: Span) -> tuple[Edit, ...]:
    sign = line[index]
    if sign in (LOST, SOFT_HYPHEN, "\x00"):
        return ()
    if sign in BREAKS:
        is_between_words = line[index - 1 : index].strip() != "" and line[index + 1 : index + 2].strip() != "" and index
        return survey.edits(span, " " if is_between_words else "")
    return survey.edits(span, "")


LETTER = Pattern("[\U0001d400-\U0001d7ff]")
# Letters with accents are not among them: they stay plain in the midst of a word, or come apart.
ACCENTS = "\u0300-\u036f\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff\u0152\u0153"
BETWEEN = "(?:[ \u00a0\u202f'’-]|, )"
WRITTEN = f"[\U0001d400-\U0001d7ff][\U0001d400-\U0001d7ff{ACCENTS}]*"
# Words of such letters, with what joins them to one phrase.
PHRASE = Pattern(
    f"(?:(?<!\\w)[{ACCENTS}]+)?{WRITTEN}(?:{BETWEEN}(?:[Àà]{BETWEEN})?[{ACCENTS}]*{WRITTEN})*", rough=LETTER.pattern
)
# Variables are set in the alphabets with serifs, one letter each, products of two at most; the others make words.
WORD = Pattern(
    f"(?:[\U0001d400-\U0001d49b\U0001d6a4-\U0001d7cb][{ACCENTS}]*){{3}}"
    f"|(?:[\U0001d49c-\U0001d6a3\U0001d7cc-\U0001d7ff][{ACCENTS}]*){{2}}"
)
BOLD = "BOLD"


@rule(
    "math-letters",
    Level.WARNING,
    _("Mathematical letters stand in for bold"),
    why="""
        Words are set in mathematical letters (U+1D400 to U+1D7FF) to look bold where there is no bold. Screen readers
        name each sign by itself, or are silent, and no search finds the word. `--fix` writes plain letters, accents
        included, between the stars of bold where they looked bold. Single letters of a formula are left alone.
    """,
    bad="`The 𝘁𝗶𝗱𝗲 comes.`",
    good="`The **tide** comes.`",
    is_fixable=True,
)
def math_letters(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each phrase in them; fixed, it is in plain letters, accents kept, and bold where it was.

    Only letters of U+1D400 to U+1D7FF are changed (NFKC); single ones, as in a formula, are left alone.
    """
    for value, place in header_fields(manuscript):
        found = _phrase(value)
        if found is not None:
            yield math_letters.at(place, _letters_message(found[0]), suggestion=_letters_suggestion(found[0]))
    for text in manuscript.all_texts:
        survey = text.survey
        if not LETTER.search(survey.source.text):
            continue
        for index, block in enumerate(survey.blocks):
            for phrase in PHRASE.finditer(block.prose):
                if WORD.search(phrase[0]):
                    yield math_letters.at(
                        survey.place_in(block, *phrase.span()),
                        _letters_message(phrase[0]),
                        suggestion=_letters_suggestion(phrase[0]),
                        edits=_letters_edits(survey, index, block, phrase),
                    )


def _phrase(value: str) -> re.Match[str] | None:
    return next((found for found in PHRASE.finditer(value) if WORD.search(found[0])), None)


def _letters_message(phrase: str) -> str:
    return _("“{words}” is set in mathematical signs, which screen readers cannot read").format(
        words=shorten(_plain(phrase))
    )


def _letters_suggestion(phrase: str) -> str:
    return _("write it in letters; for bold, put two stars on either side: **{words}**").format(
        words=shorten(_plain(phrase))
    )


def _plain(phrase: str) -> str:
    letters = "".join(unicodedata.normalize("NFKC", sign) if LETTER.match(sign) else sign for sign in phrase)
    return unicodedata.normalize("NFC", letters)


def _letters_edits(survey: Survey, index: int, block: Block, phrase: re.Match[str]) -> tuple[Edit, ...]:
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
