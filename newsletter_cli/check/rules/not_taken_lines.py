"""Markdown that did not take, as whole lines: the marks of headings and lists, and headings that were to be none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.wording import is_dialogue, shorten
from newsletter_cli.markdown.lines import dominant_newline
from newsletter_cli.markdown.survey import NOT_PROSE, Block, Span, Survey, TextLine
from newsletter_cli.model import Edit, Finding, Level

# Blanks that are none to Markdown; a Mac makes the first with Option and Space.
BLANK = "\u00a0\u2000-\u200a\u202f\u205f\u3000"
WRONG_BLANK = Pattern(
    rf"(?:#{{1,6}}|[-*+]|\d{{1,3}}[.)])(?P<blank>[{BLANK}][{BLANK} \t]*)(?=\S)", rough=r"[-#*+.)][^\S \t\n]"
)
WRONG_INDENT = Pattern(
    rf"(?P<blank>[{BLANK}][{BLANK} \t]*)(?:#{{1,6}}|[-*+]|\d{{1,3}}[.)])[ \t](?=\S)", rough=r"\A[^\S \t\n]"
)
WRONG = Pattern(rf"[{BLANK}]")
MARK = Pattern(r"(?:#{1,6}|[-*+]|\d{1,3}[.)])[ \t]+\S")
HASHES = Pattern(r"(?P<mark>#{2,6})(?=[^\s#{}!\\])|(?P<many>#{7,}[ \t]*)(?=\S)")
# A lone `#` begins a hashtag as well: a heading is a few words, the first with a capital, that are no sentence.
HASH = Pattern(r"#(?=[A-ZÀ-ÖØ-Þ])[^#\n]*[^\s#.!?…:;,]")
HEADING_WORDS = range(2, 9)
BULLET = Pattern(r"(?P<mark>[-+*])(?=[^\W\d_]|[\[«“\"])")
NUMBER = Pattern(r"(?P<mark>(?P<number>\d{1,3})[.)])(?=[^\W\d_]{2}|[\[«“\"])")


@rule(
    "marker-blank",
    Level.WARNING,
    _("The mark of a heading or a list lacks its blank"),
    why="""
        `##Title`, `-item`, `1)item`: without a blank behind it the mark is none, and readers see it. Nor is one where a
        no-break space stands behind or before it, which Option and Space make on a Mac. `--fix` writes the ordinary
        blank. A line with one `#` may be a hashtag: it is told where it reads like a title, and yours to fix. Lines
        with a dash are a list where there are two of them.
    """,
    bad="`##The month in figures`",
    good="`## The month in figures`",
    is_fixable=True,
)
def marker_blank(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each line whose mark is left as text; one for each list (CommonMark 0.31, 4.2 and 5.2)."""
    for text in manuscript.texts:
        survey = text.survey
        for block in survey.blocks:
            if block.kind == "paragraph":
                lines = block.text_lines
                yield from _wrong_blanks(survey, block, lines)
                yield from _headings(survey, block, lines)
                yield from _lists(survey, block, lines)


def _wrong_blanks(survey: Survey, block: Block, lines: Sequence[TextLine]) -> Iterator[Finding]:
    lead = _leading_blank(survey, block)
    if lead is not None and MARK.match(lines[0].text):
        yield marker_blank.at(
            survey.place(lead),
            _("a no-break space keeps the mark of “{words}” from being one").format(words=shorten(lines[0].text, 30)),
            suggestion=_("take the space before it away"),
            edits=survey.edits(lead, ""),
        )
    if block.text.isascii():
        return
    found = [
        (line, match)
        for line in lines
        if (match := WRONG_BLANK.match(line.text) or WRONG_INDENT.match(line.text)) and line.prose[0] != NOT_PROSE
    ]
    if not found:
        return
    first, match = found[0]
    edits: list[Edit] = []
    for line, one in found:
        start, end = one.span("blank")
        edits += survey.edits_in(block, line.start + start, line.start + end, " " if start else "")
    yield marker_blank.at(
        survey.place_in(block, first.start, first.start + max(match.end(), 1)),
        ngettext(
            "a no-break space keeps the mark of “{words}” from being one",
            "no-break spaces keep the marks of {count} lines, from “{words}” on, from being any",
            len(found),
        ).format(count=len(found), words=shorten(first.text, 30)),
        suggestion=_("write an ordinary space there"),
        edits=edits,
    )


def _leading_blank(survey: Survey, block: Block) -> Span | None:
    """Such blanks before the first line, which the parser has taken off."""
    source = survey.source.text
    end = start = survey.span(block, 0, 1).start
    while start > 0 and WRONG.match(source, start - 1, start):
        start -= 1
    return Span(start=start, end=end) if start < end else None


def _headings(survey: Survey, block: Block, lines: Sequence[TextLine]) -> Iterator[Finding]:
    for line in lines:
        if not line.prose.startswith("#"):
            continue
        found = HASHES.match(line.text)
        if found is None and not (len(lines) == 1 and HASH.fullmatch(line.text) and _is_title(line.text)):
            continue
        mark = found["mark"] if found else "#"
        edits: tuple[Edit, ...] = ()
        if mark and found:
            edits = survey.edits_in(block, line.start + len(mark) - 1, line.start + len(mark), "# ")
        yield marker_blank.at(
            survey.place_in(block, line.start, line.end),
            _("“{words}” is no heading: a blank is missing behind the mark").format(words=shorten(line.text, 40))
            if mark
            else _("“{words}” is no heading: there are six levels at most").format(words=shorten(line.text, 40)),
            suggestion=_("write {mark} and a blank").format(mark=mark or "######"),
            edits=edits,
        )


def _is_title(text: str) -> bool:
    return len(text.split()) in HEADING_WORDS


def _lists(survey: Survey, block: Block, lines: Sequence[TextLine]) -> Iterator[Finding]:
    for pattern in (BULLET, NUMBER):
        items = [
            (line, found)
            for line in lines
            if line.prose[:1] not in ("", NOT_PROSE) and (found := pattern.match(line.text))
        ]
        # One alone: dialogue, the mark of a note, a year. Within a list it is an item that lost its blank.
        is_list = len(items) > 1 or (bool(items) and block.is_item and items[0][0].start > 0)
        if not is_list or (pattern is NUMBER and not _is_counted([found["number"] for _line, found in items])):
            continue
        if pattern is BULLET and (
            len({found["mark"] for _line, found in items}) > 1 or is_dialogue([line for line, _found in items])
        ):
            continue
        first = items[0][0]
        edits: list[Edit] = []
        for line, found in items:
            end = line.start + found.end("mark")
            edits += survey.edits_in(block, end - 1, end, f"{found['mark'][-1]} ")
        # A number other than 1 begins no list below a line of text.
        is_safe = pattern is BULLET or first.start == 0 or items[0][1]["number"] == "1" or block.is_item
        yield marker_blank.at(
            survey.place_in(block, first.start, first.end),
            ngettext(
                "“{words}” is no item of a list: a blank is missing behind the mark",
                "{count} lines from “{words}” on are no list: a blank is missing behind the marks",
                len(items),
            ).format(count=len(items), words=shorten(first.text, 30)),
            suggestion=_("write {mark} and a blank").format(mark=items[0][1]["mark"]),
            edits=edits if is_safe else (),
        )


def _is_counted(numbers: Sequence[str]) -> bool:
    return all(int(after) == int(before) + 1 for before, after in pairwise(numbers))


UNDERLINE = Pattern(r"[ \t>]*(?P<line>-+|=+)[ \t]*")
SENTENCE = Pattern(r".*[.!?…;,:»”)][*_]{0,3}\s*\Z", re.DOTALL)
LONG = 100  # characters: no heading is as long


@rule(
    "heading-underlined",
    Level.WARNING,
    _("A paragraph became a heading"),
    why="""
        A line of `---` right below a paragraph makes a heading of it. Told where the paragraph has several lines, ends
        as a sentence does, or is longer than any heading. `--fix` puts an empty line before the dashes, which makes
        them the rule that they were to be. A short title underlined on purpose is left alone.
    """,
    bad="""
        ```markdown
        The registration ends on Friday.
        ---
        ```
    """,
    good="""
        ```markdown
        The registration ends on Friday.

        ---
        ```
    """,
    is_fixable=True,
)
def heading_underlined(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each setext heading that reads like a paragraph (CommonMark 0.31, 4.3)."""
    for text in manuscript.texts:
        survey = text.survey
        for block in survey.blocks:
            if block.kind != "heading" or block.level > 2:
                continue
            end = survey.span(block, 0, len(block.text)).end
            line_end = survey.source.text.find("\n", end)
            if line_end < 0 or survey.source.text[end:line_end].strip():
                continue
            following = survey.source.text[line_end + 1 :].partition("\n")[0].rstrip("\r")
            found = UNDERLINE.fullmatch(following)
            if found is None or not _is_paragraph(block, found["line"]):
                continue
            start = line_end + 1 + found.start("line")
            is_rule = found["line"][0] == "-" and len(found["line"]) > 2
            newline = dominant_newline(survey.source.text)
            can_fix = is_rule and not block.depth and not block.is_quoted and found.start("line") == 0
            yield heading_underlined.at(
                survey.place_in(block, 0, len(block.text)),
                _("the line {line} below makes a heading of “{words}”").format(
                    line=shorten(found["line"], 10), words=shorten(block.words, 40)
                ),
                suggestion=_("leave an empty line before it, or take it out"),
                edits=survey.edits(Span(start=start, end=start + 1), f"{newline}-") if can_fix else (),
            )


def _is_paragraph(block: Block, line: str) -> bool:
    is_drawn_for_it = len(line) > 2 * len(block.words) // 3
    is_sentence = len(block.words) > LONG or SENTENCE.match(block.words) is not None
    return (is_sentence and not is_drawn_for_it) or ("\n" in block.text and line[0] == "-" and not is_drawn_for_it)
