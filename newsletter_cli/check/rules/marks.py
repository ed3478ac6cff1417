"""Marks of Markdown that went wrong, and lists that are none."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from msgspec import Struct

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.wording import around, is_dialogue, shorten
from newsletter_cli.markdown.lines import dominant_newline, split_lines
from newsletter_cli.markdown.survey import NOT_PROSE, Block, Survey, TextLine
from newsletter_cli.model import Edit, Finding, Level, Place

TICKS = Pattern(r"`+", signs=("`",))
LETTER_ON_BOTH_SIDES = Pattern(r"[^\W\d_]`[^\W\d_]", signs=("`",))
FENCE = Pattern(r"[ \t>]*(?:[-+*]|\d+[.)])?[ \t>]*(?P<fence>`{3,}|~{3,})", signs=("```", "~~~"))


@rule(
    "backtick-odd",
    Level.WARNING,
    _("A backtick has no twin"),
    why="""
        A backtick has no twin: it shows as it is, or what should be code is not. Also a fence of code that never
        ends, so that the rest of the section is code.
    """,
    bad="``Start with `make and wait.``",
    good="``Start with `make` and wait.``",
)
def backtick_odd(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each backtick that is text, and for a fence of code that the text ends in."""
    for text in manuscript.texts:
        survey = text.survey
        if "`" not in survey.source.text and "~~~" not in survey.source.text:
            continue
        for block in survey.blocks:
            for found in TICKS.finditer(block.prose) if "`" in block.prose else ():
                is_apostrophe = LETTER_ON_BOTH_SIDES.fullmatch(block.prose, found.start() - 1, found.end() + 1)
                yield backtick_odd.at(
                    survey.place_in(block, *found.span()),
                    _("the backtick of “{words}” has no twin, and shows as it is").format(
                        words=around(block.text, *found.span())
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
    yield backtick_odd.at(
        Place(file=survey.source.file, line=survey.line_of(survey.published.source_offset(starts[opening]))),
        _("the code that begins here never ends: all that follows is shown as code"),
        suggestion=_("write {fence} on a line of its own where it ends").format(fence=fence),
    )


# What is left of the marks as text: `**bold`, `** bold **`, `**bold **`. Not `2 ** 3`, `**kwargs`, `src/**/x`.
OPENED = Pattern(
    r"(?<![\w*/\\])\*\*(?!kwargs|args|options)(?:[«“(\"][ \u00a0\u202f]?)?[^\W\d_][^*\n]*(?:\*\*)?", signs=("**",)
)
PADDED = Pattern(r"(?<![\w*])\*\*[ \u00a0]+[^\W\d_][^*\n]*?[ \u00a0]*\*\*(?!\*)", signs=("**",))
# Not “le __ mars à __ h”, nor “Name: __ Town: __”: places to fill in.
PADDED_LINES = Pattern(
    rf"(?<![\w_{NOT_PROSE}])__[ \u00a0]+[^\W\d_][^_:\n]*?[ \u00a0]*__(?![\w_])(?![ \u00a0]*(?:h\b|[/:€%]))",
    signs=("__",),
)
UNDERLINED = Pattern(r"(?<![\w_])__[^\W_]+[ \u00a0][^\n]*?(?:__|$)", signs=("__",))
# Before a number two tildes may say “about”, unless one more follows.
STRUCK = Pattern(r"(?<![\w~/])~~(?:[^\W\d_][^~\n]*(?:~~)?|\d[^~\n]*(?<=\S)~{1,2}(?!\w))", signs=("~~",))
# `*word *`: a blank keeps the second star from closing.
ITALIC = Pattern(r"(?<![\w*\\])\*[^\W\d_][^*\n]{0,80}?[ \u00a0]\*(?![\w*])(?=[ \u00a0]*[^\W\d_])", signs=("*",))
# `word**« words »**`: a mark between a letter and a quotation mark neither opens nor closes.
PAIR = Pattern(r"(?<![*\\])\*\*(?=[^\s*])[^*\n]{0,200}?[^\W\d_][^*\n]{0,200}(?<=[^\s*\\])\*\*(?!\*)", signs=("**",))
# What is left of two marks that met; five in a row are those of a hotel.
DOUBLED = Pattern(r"(?<=[^\W\d_])\*{4}(?![*\w])(?=[\s:;.,!?)]|\Z)", signs=("****",))
STARRED = Pattern(r"h[oôÔ]tel|restaurant|[ée]toile|\bstars?\b", re.IGNORECASE)
PATTERNS = (
    (OPENED, None),
    (PADDED, None),
    (PAIR, None),
    (DOUBLED, None),
    (UNDERLINED, None),
    (PADDED_LINES, None),
    (STRUCK, None),
    (ITALIC, Level.INFO),
)
# “12 %**” and, further on, “**without Corsica”: the mark of a note.
NOTE_MARK = Pattern(r"[\w%)»]\*\*(?![\w*])", signs=("**",))


@rule(
    "emphasis-unclosed",
    Level.WARNING,
    _("Bold or italics is not closed"),
    why="""
        Stars, underscores or tildes that should have made bold, italics or strike-through show as they are: they are
        not closed, a blank stands inside, or a letter right before or behind a quotation mark. Stars as the
        mark of a note, or of a hotel, are left alone.
    """,
    bad="`The **red buoy is back.`",
    good="`The **red buoy** is back.`",
)
def emphasis_unclosed(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each mark that opens and finds no end in its paragraph (CommonMark 0.31, 6.2).

    Stars as the mark of a note are left alone.
    """
    for text in manuscript.all_texts:
        survey = text.survey
        if not any(sign in survey.source.text for sign in ("*", "__", "~~")):
            continue
        blocks = [block for block in survey.blocks if block.kind not in ("html", "code")]
        has_notes = any(_is_note_mark(block) for block in blocks if "**" in block.prose)
        for block in blocks:
            if "*" not in block.prose and "__" not in block.prose and "~~" not in block.prose:
                continue
            taken = -1
            for pattern, level in PATTERNS:
                if (has_notes and pattern is OPENED) or (pattern is DOUBLED and STARRED.search(block.text)):
                    continue
                for found in pattern.finditer(block.prose):
                    if found.start() <= taken:
                        continue
                    taken = found.start()
                    yield emphasis_unclosed.at(
                        survey.place_in(block, *found.span()),
                        _("the marks of “{words}” show as they are: they are not closed").format(
                            words=shorten(found[0].replace(NOT_PROSE, ""), 30)
                        ),
                        suggestion=_("put the same mark on both sides, without a blank inside: **like this**"),
                        level=level,
                    )


def _is_note_mark(block: Block) -> bool:
    return NOTE_MARK.search(block.prose) is not None and not OPENED.search(block.prose)


# Signs that are nothing but a bullet, and go; emoji may say something, and stay.
BULLET = "•‣⁃▪▫■□◦●○∙·→➔➜➝➞➤▶►▸–"
# Digits, © and the like are emoji to Unicode only with U+FE0F behind them: not these.
EMOJI = "\U0001f300-\U0001faff\U0001f1e6-\U0001f1ff\u2600-\u27bf\u2b00-\u2bff\u231a-\u231b\u23e9-\u23f3"
LISTED_LINE = Pattern(
    f"(?P<bullet>[{BULLET}])\ufe0f?[ \\t\u00a0\u202f]*(?=\\S)"
    f"|(?P<emoji>[{EMOJI}][{EMOJI}\ufe0f\u200d\U0001f3fb-\U0001f3ff]*)[ \\t\u00a0\u202f]*(?=\\S)"
)
# `- 3. ` would be a list in the list, `- # ` a heading.
BLOCK_START = Pattern(r"\d+[.)](?:\s|$)|[-+*](?:\s|$)|>|#{1,6}(?:\s|$)|```|~~~|\[[ xX]\]|([-*_] *){3,}$")
CONTINUED = Pattern(r"[a-zà-öø-ÿœ(,;:]")


class _ListedLines(Struct, frozen=True):
    """Lines `first` to `last` of a block (indexes), those that begin an item, and whether text follows."""

    items: tuple[int, ...]
    last: int


@rule(
    "list-disguised",
    Level.WARNING,
    _("Lines are a list in disguise"),
    why="""
        Two lines or more in a row begin with “•”, “–”, an arrow or an emoji: a list to the eye, one long sentence to
        a screen reader, and on a narrow screen to everybody. `--fix` makes a list of them: a bullet becomes `-`, an
        emoji stays behind one. Within another list or a quote it is yours to fix. Dialogue with dashes is left
        alone.
    """,
    bad="""
        ```markdown
        🌊 The tide gauge is open on Sunday
        🌙 The moon is full on Monday
        ```
    """,
    good="""
        ```markdown
        - 🌊 The tide gauge is open on Sunday
        - 🌙 The moon is full on Monday
        ```
    """,
    is_fixable=True,
)
def list_disguised(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for two or more such lines in a row in a paragraph (RGAA 9.3; WCAG 2.2, 1.3.1).

    Fixed, they are a list: a bullet becomes `-`, an emoji stays behind one, and not a byte of the text changes.
    Dialogue, which begins with dashes too, is left alone.
    """
    for text in manuscript.all_texts:
        survey = text.survey
        for block in survey.blocks:
            if block.kind != "paragraph" or "\n" not in block.text:
                continue
            lines = block.text_lines
            for found in _lists(lines):
                first = lines[found.items[0]]
                yield list_disguised.at(
                    survey.place_in(block, first.start, first.end),
                    ngettext(
                        "{count} lines from “{words}” on are a list in disguise",
                        "{count} lines from “{words}” on are a list in disguise",
                        len(found.items),
                    ).format(count=len(found.items), words=shorten(first.text, 30)),
                    suggestion=_("begin each of them with a dash and a blank, so that they become a real list"),
                    edits=_list_edits(survey, block, lines, found),
                )


def _lists(lines: Sequence[TextLine]) -> Iterator[_ListedLines]:
    kinds = [_bullet_of(line.text) if not line.prose.startswith(NOT_PROSE) else "" for line in lines]
    index = 0
    while index < len(lines):
        if not kinds[index]:
            index += 1
            continue
        items = [index]
        last = index
        while last + 1 < len(lines):
            following = last + 1
            if kinds[following] == kinds[index]:
                items.append(following)
            elif kinds[following] or not CONTINUED.match(lines[following].text):
                break
            last = following
        if len(items) > 1 and lines[items[0]].text.rstrip().endswith(":"):
            # “📣 Nous recrutons :” is above the list, and no part of it.
            del items[0]
        # A line may run on in the next; yet two beginnings make the list.
        if len(items) > 1 and not is_dialogue([lines[item] for item in items]):
            yield _ListedLines(tuple(items), last)
        index = last + 1


def _bullet_of(line: str) -> str:
    """The bullet a line begins with, or `emoji`: those of a list may differ."""
    first = line[:1]
    found = None if first.isascii() or first.isalpha() else LISTED_LINE.match(line)
    return "" if found is None else found["bullet"] or "emoji"


def _list_edits(survey: Survey, block: Block, lines: Sequence[TextLine], found: _ListedLines) -> tuple[Edit, ...]:
    """Nothing is fixed within a list or a quote, where a line may stand outside of what it belongs to."""
    if block.depth or block.is_quoted or block.is_note or not survey.is_exact:
        return ()
    newline = dominant_newline(survey.source.text)
    edits: list[Edit] = []
    for index in found.items:
        line = lines[index]
        mark = LISTED_LINE.match(line.text)
        if mark is None or BLOCK_START.match(line.text, mark.end() if mark["bullet"] else 0):
            return ()
        blank_line = newline if index == found.items[0] and index > 0 else ""
        old = mark[0] if mark["bullet"] else mark["emoji"]
        new = "- " if mark["bullet"] else f"- {old}"
        edits += survey.edits_in(block, line.start, line.start + len(old), blank_line + new)
    if found.last + 1 < len(lines):
        # Otherwise it would be read as the last item's second line.
        after = lines[found.last + 1].start
        edits += survey.edits_in(block, after, after + 1, newline + block.text[after])
    return tuple(edits)
