"""Signs that nobody sees: they cut words in two for a search, break addresses, turn the order of the text round."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.header_fields import header_fields
from newsletter_cli.check.texts.pattern import Pattern
from newsletter_cli.markdown.source import split_lines
from newsletter_cli.markdown.survey import Span, Survey
from newsletter_cli.model import Edit, Finding, Level, Rule

RULE = Rule(
    slug="control-character", level=Level.WARNING, title=_("An invisible character stands in the text"), is_fixable=True
)
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


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each line of a text with such characters, one for each field of a header.

    Joiners within emoji and in the scripts that need them are left alone, and the marks of direction in
    texts that are written from right to left. Taken out are those that carry nothing; a soft hyphen may be
    meant (info), and what a damaged encoding has lost is for a person to write.
    """
    for value, place in header_fields(manuscript):
        faults = _faults(value)
        if faults:
            yield RULE.at(
                place, _message(value, faults), suggestion=_suggestion(value, faults), level=_level(value, faults)
            )
    for text in manuscript.all_texts:
        survey = text.survey
        # One search, in C, is enough for nearly every text.
        if not INVISIBLE.search(survey.published.text):
            continue
        yield from _in_survey(survey)


def _in_survey(survey: Survey) -> Iterator[Finding]:
    start = 0
    for line in split_lines(survey.published.text):
        faults = _faults(line)
        if faults:
            spans = [_span(survey, start + index) for index in faults]
            yield RULE.at(
                survey.place(spans[0]),
                _message(line, faults),
                suggestion=_suggestion(line, faults),
                level=_level(line, faults),
                edits=[
                    edit
                    for index, span in zip(faults, spans, strict=True)
                    for edit in _edits(survey, line, index, span)
                ],
            )
        start += len(line)


def _span(survey: Survey, offset: int) -> Span:
    first = survey.published.source_offset(offset)
    return Span(start=first, end=first + 1)


def _faults(line: str) -> list[int]:
    # Looked up once: a line may hold thousands of such signs.
    is_right_to_left = RIGHT_TO_LEFT.search(line) is not None
    in_flags = {index for flag in FLAG.finditer(line) for index in range(flag.start() + 1, flag.end())}
    return [
        found.start()
        for found in INVISIBLE.finditer(line)
        if found.start() not in in_flags and not _is_meant(line, found.start(), is_right_to_left=is_right_to_left)
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


def _level(line: str, faults: list[int]) -> Level | None:
    return Level.INFO if all(line[index] == SOFT_HYPHEN for index in faults) else None


def _gravest(line: str, faults: list[int]) -> str:
    return min((line[index] for index in faults), key=lambda sign: (sign == SOFT_HYPHEN, sign != LOST))


def _message(line: str, faults: list[int]) -> str:
    sign = _gravest(line, faults)
    code = f"U+{ord(sign):04X}"
    if sign == LOST:
        return _("a character was lost here: the text was saved or copied in another encoding")
    if sign == SOFT_HYPHEN:
        return _("a soft hyphen ({code}) is hidden in a word, and keeps a search from finding it").format(code=code)
    if BIDI.match(sign) or sign in MARKS:
        return _("a hidden mark of direction ({code}) may turn the order of the text round").format(code=code)
    return _("a character that nobody sees ({code}) is hidden here").format(code=code)


def _suggestion(line: str, faults: list[int]) -> str:
    if _gravest(line, faults) == LOST:
        return _("write the word again")
    return _("delete it; to write the word again is the surest way")


def _edits(survey: Survey, line: str, index: int, span: Span) -> tuple[Edit, ...]:
    sign = line[index]
    if sign in (LOST, SOFT_HYPHEN, "\x00"):
        return ()
    if sign in BREAKS:
        is_between_words = line[index - 1 : index].strip() != "" and line[index + 1 : index + 2].strip() != "" and index
        return survey.edits(span, " " if is_between_words else "")
    return survey.edits(span, "")
