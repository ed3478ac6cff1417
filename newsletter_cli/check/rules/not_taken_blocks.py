"""Markdown that did not take, as whole blocks: code, lists and raw HTML that were to be something else."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.survey import NOT_PROSE, Block, Span, Survey
from newsletter_cli.model import Edit, Finding, Level

MARKED = Pattern(r"!?\[[^\[\]\n]+\]\((?:https?:|mailto:|images/|files/)|(?<![\w*])\*\*[^\W\d_][^*\n]*\*\*(?![\w*])")
# What programs are made of.
CODE_SIGNS = Pattern(r"[{}<>$\\|_`~^=]|\w\(|::|->|//|--|&&|(?m:^\s*[#%])|(?m:;\s*$)")
WORD = Pattern(r"[^\W\d_][\w’'-]*")
SENTENCE = Pattern(r".*[.!?…;,:»”)][*_]{0,3}\s*\Z", re.DOTALL)
SENTENCE_WORDS = 5


@rule(
    "code-indented",
    Level.INFO,
    _("Words became code by their indent"),
    why="""
        Four blanks, or a tab, at the beginning of a paragraph make code of it: a grey box in the e-mail, one endless
        line in some mail readers, and marks and links as they were typed. Told where the words are a sentence, or hold
        links and bold; not of code.
    """,
    bad="""
        ```markdown
            Dear all, this paragraph was pasted out of a mail.
        ```
    """,
    good="`Dear all, this paragraph was pasted out of a mail.`",
)
def code_indented(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each block of indented code that is prose (CommonMark 0.31, 4.4)."""
    for text in manuscript.texts:
        survey = text.survey
        for block in survey.blocks:
            if block.kind == "code" and block.is_indented and _is_prose(block.text):
                yield code_indented.at(
                    survey.place_in(block, 0, len(block.text.partition("\n")[0])),
                    _("“{words}” is shown as code: it is indented").format(words=shorten(block.text, 40)),
                    suggestion=_("take the blanks at the beginning of the line away"),
                )


def _is_prose(text: str) -> bool:
    if MARKED.search(text):
        return True
    words = WORD.findall(text)
    if len(words) < SENTENCE_WORDS or CODE_SIGNS.search(text):
        return False
    stripped = text.strip()
    begins = stripped[0].isupper() or stripped[0] in '«“"-–—*•'
    return begins and (SENTENCE.match(stripped) is not None or not stripped.isascii())


SHALLOW = Pattern(r" {1,3}(?=[-*+] )")
NUMBERED = Pattern(r"(?P<mark>\d{1,9}[.)] +)\S")


@rule(
    "list-shallow",
    Level.INFO,
    _("A list within a list is not indented enough"),
    why="""
        Below `1.` a list within the list has to be indented by three blanks, as far as the words of the item; with one
        or two it ends the numbered list, and three lists stand one below the other. `--fix` indents it.
    """,
    bad="""
        ```markdown
        1. one
          - a part of it
        2. two
        ```
    """,
    good="""
        ```markdown
        1. one
           - a part of it
        2. two
        ```
    """,
    is_fixable=True,
)
def list_shallow(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each row of bullets right below a numbered item that is indented, and too little for it."""
    for text in manuscript.texts:
        survey = text.survey
        if not survey.is_exact or not any(block.is_item and not block.depth > 1 for block in survey.blocks):
            continue
        items = {
            survey.line_of(survey.span(block, 0, 1).start): block
            for block in survey.blocks
            if block.is_item and block.depth == 1 and block.text
        }
        yield from _shallow_lists(survey, items)


def _shallow_lists(survey: Survey, items: dict[int, Block]) -> Iterator[Finding]:
    lines, first_line = survey.lines, survey.source.first_line
    starts = [0]
    for one in lines:
        starts.append(starts[-1] + len(one))
    width = 0
    run: list[tuple[int, int]] = []
    for index, line in enumerate((*lines, "")):
        is_item = first_line + index in items
        shallow = SHALLOW.match(line) if is_item else None
        if width and shallow and shallow.end() < width:
            run.append((index, width - shallow.end()))
            continue
        if run:
            # What is indented below belongs to an item of the run: not ours to move line by line.
            is_whole = not line.startswith(" ")
            yield _shallow_finding(survey, run, lines, starts, is_whole=is_whole)
            run = []
        numbered = NUMBERED.match(line) if is_item else None
        width = len(numbered["mark"]) if numbered else 0


def _shallow_finding(
    survey: Survey, run: Sequence[tuple[int, int]], lines: Sequence[str], starts: Sequence[int], *, is_whole: bool
) -> Finding:
    index, missing = run[0]
    edits: list[Edit] = []
    for one, blanks in run:
        edits += survey.edits(Span(start=starts[one], end=starts[one] + 1), " " * (blanks + 1))
    line = lines[index].rstrip("\r\n")
    end = starts[index] + len(line)
    return list_shallow.at(
        survey.place(Span(start=end - len(line.lstrip(" ")), end=end)),
        _("“{words}” ends the numbered list above instead of standing within it").format(
            words=shorten(line.lstrip(" "), 30)
        ),
        suggestion=ngettext("indent it by {count} blank more", "indent it by {count} blanks more", missing).format(
            count=missing
        ),
        edits=edits if is_whole else (),
    )


TAG = Pattern(
    r"<!--.*?(?:-->|\Z)|<(?P<name>pre|code|script|style|textarea|svg|math)\b.*?(?:</(?P=name)\s*>|\Z)|<[^<>]*>",
    re.DOTALL | re.IGNORECASE,
)
IN_HTML = Pattern(
    r"!?\[[^\[\]\n]+\]\((?:https?://|mailto:|[^\s()]+\.\w)[^()\n]*\)|(?<![\w*])\*\*[^\s*][^*\n]*\*\*(?![\w*])"
    r"|(?<![\w*\\])\*[^\W\d_](?:[^*\n]*[^\s*])?\*(?![\w*])|(?<![\w_/.=-])_[^\W\d_](?:[^_\n]*[^\s_])?_(?![\w_/.=-])"
    r"|(?<![\w_])__[^\s_][^_\n]*__(?![\w_])|(?m:^[ \t]*(?:#{1,6}|[-*+]) (?=\S)(?![-*+ ]*$))"
)

BEHIND = Pattern(rf"[^\n{NOT_PROSE}\[*_]{{0,20}}(?!\w)")


@rule(
    "html-markdown",
    Level.WARNING,
    _("Markdown stands within raw HTML"),
    why="""
        Within raw HTML nothing is Markdown, up to the next empty line: readers see the stars and the brackets. An empty
        line behind the opening tag and one before the closing tag make Markdown of what stands between, in a `<div>` or
        `<details>`; in a `<p>` write `<strong>` and `<a href>`, or take the tags away.
    """,
    bad="`<p>**New:** [the tide gauge](https://example.org/gauge)</p>`",
    good='`<p><strong>New:</strong> <a href="https://example.org/gauge">the tide gauge</a></p>`',
)
def html_markdown(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each block of raw HTML with Markdown among its words (CommonMark 0.31, 4.6)."""
    for text in manuscript.texts:
        survey = text.survey
        for block in survey.blocks:
            if block.kind != "html" or not any(sign in block.text for sign in ("*", "](", "_", "#", "- ")):
                continue
            words = TAG.compiled.sub(lambda tag: NOT_PROSE * len(tag[0]), block.text)
            found = IN_HTML.search(words)
            if found:
                yield html_markdown.at(
                    survey.place_in(block, *found.span()),
                    _("“{words}” stands within raw HTML, and shows as it was typed").format(
                        words=_as_typed(block.text, words, *found.span())
                    ),
                    suggestion=_("leave an empty line before and after it, or say it in HTML"),
                )


def _as_typed(text: str, words: str, start: int, end: int) -> str:
    """A stretch of raw HTML, and the words behind it up to the next tag, mark or line."""
    behind = BEHIND.match(words, end)
    return shorten(text[start:end] + (behind[0] if behind else ""), 40)
