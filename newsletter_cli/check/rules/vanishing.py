"""Raw HTML without an end: what follows would vanish, or does."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.raw_html import HIDING, SHOWING
from newsletter_cli.markdown.survey import NOT_PROSE, Mark, Span, Survey
from newsletter_cli.model import Finding, Level

# What begins and is never closed, up to the end of its paragraph.
BEGINNING = Pattern(r"<!--|<[?!]?[\w\[]*")
EMPTY_LINE = Pattern(r"\n[ \t]*\r?\n")
WORDS = Pattern(r"\w.*")
COMMENT = Pattern(r"<!--.*?-->", re.DOTALL)
# Alone on its line, or last in its paragraph; before words or an address it is an arrow.
ENDED = Pattern(r"(?m:^[ \t]*(?P<line>-->)[ \t]*$)|(?<![-<])-->(?=\s*\Z)")
# `<a href="https://example.org/>words</a>`: no tag, for its quotes are odd.
WITH_VALUES = Pattern(r"""(?<!\\)<(?P<name>[A-Za-z][A-Za-z0-9-]*)\s[^<>=]*[\w-]=(?=\S)[^<>]*(?:>|(?=</))""")


@rule(
    "html-unclosed",
    Level.ERROR,
    _("Raw HTML is never closed"),
    why="""
        A comment `<!--`, a `<script>`, a `<style>` or an `<iframe>` is never closed: all that follows is part of it,
        and no reader gets it. The message says from where on. A warning where only the name of an element was typed, as
        in “the `<title>` of a page”, `Map<Style>` or `<first name>`: the e-mail shows it as it was typed, a site takes
        it for a tag and may hide what follows; `--fix` puts a backslash before it. A warning, too, where a comment
        begins within a line and is never closed, where `-->` ends one that has no beginning, or where a quote of a tag
        is not closed (`<a href="https://example.org/>`): readers see it; and where bold, a link, a quotation or a box
        of raw HTML has no end, so that all that follows is bold, linked, quoted or boxed.
    """,
    bad="""
        ```markdown
        <!-- to be told in June

        The gauge is back.
        ```
    """,
    good="""
        ```markdown
        <!-- to be told in June -->

        The gauge is back.
        ```
    """,
    is_fixable=True,
)
def html_unclosed(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each opening without an end, and for each tag that is words (`markdown/raw_html.py` decides)."""
    for text in manuscript.all_texts:
        survey = text.survey
        if "-->" in survey.source.text:
            yield from _ends_alone(survey)
        if "<" not in survey.source.text:
            continue
        for mark in survey.lost:
            yield _lost_finding(survey, mark)
        for mark in survey.unclosed:
            yield _unclosed_finding(survey, mark)
        # Tags whose quotes are not closed: their ends are told with them.
        misquoted = list(_misquoted(survey))
        yield from (_quote_finding(survey, mark) for mark in misquoted)
        broken = {(mark.block, _name(mark.text)) for mark in misquoted}
        for mark in survey.tag_words:
            if (mark.block, _name(mark.text)) not in broken:
                yield _word_finding(survey, mark)
        for block in survey.blocks:
            if block.kind not in ("html", "code") and "<!--" in block.prose:
                start = block.prose.index("<!--")
                yield html_unclosed.at(
                    survey.place_in(block, start, start + 4),
                    _("a comment begins here and is never closed: readers see it"),
                    suggestion=_("write --> where the comment ends, without an empty line before"),
                    level=Level.WARNING,
                )


def _ends_alone(survey: Survey) -> Iterator[Finding]:
    """One finding for each `-->` that readers see: the comment ended before, or never began."""
    for block in survey.blocks:
        if block.kind == "html" and block.text.lstrip().startswith("<!--"):
            # What stands behind the comment on its last line: of a comment within a comment the first end counts.
            prose = COMMENT.compiled.sub(lambda comment: NOT_PROSE * len(comment[0]), block.text)
        else:
            prose = block.prose if block.kind in ("paragraph", "heading") else ""
        for found in ENDED.finditer(prose):
            start, end = found.span("line") if found["line"] else found.span()
            yield html_unclosed.at(
                survey.place_in(block, start, end),
                _("--> ends a comment that does not begin here: readers see it"),
                suggestion=_("take it away, or write <!-- where the comment begins"),
                level=Level.WARNING,
            )


def _lost_finding(survey: Survey, mark: Mark) -> Finding:
    begun = BEGINNING.match(mark.text)
    opening = begun[0] if begun else mark.text[:4]
    gap = EMPTY_LINE.search(mark.text)
    words = WORDS.search(mark.text, gap.end() if gap else len(opening))
    closing = "-->" if opening == "<!--" else "?>" if opening == "<?" else "]]>" if "[" in opening else ">"
    if opening[1:].isalpha():
        opening, closing = f"{opening}>", f"</{opening[1:]}>"
    if words is None or gap is None:
        return html_unclosed.at(
            survey.place(mark.span),
            _("{opening} is never closed").format(opening=opening),
            suggestion=_("write {closing} where it ends").format(closing=closing),
            level=Level.WARNING,
        )
    block = survey.blocks[mark.block]
    line = survey.line_of(survey.span(block, len(block.text) - len(mark.text) + words.start(), len(block.text)).start)
    return html_unclosed.at(
        survey.place(mark.span),
        _("{opening} is never closed: from line {line} on (“{words}”) nothing reaches the readers").format(
            opening=opening, line=line, words=shorten(words[0], 40)
        ),
        suggestion=_("write {closing} where it ends").format(closing=closing),
    )


def _unclosed_finding(survey: Survey, mark: Mark) -> Finding:
    name = mark.text[1:].split()[0].rstrip("/>")
    is_closed_here = name.lower() in HIDING | SHOWING
    message = (
        _("{tag} is never closed: on a site all that follows is part of it")
        if is_closed_here
        else _("{tag} is never closed: what follows it is part of it, in the e-mail too")
    )
    return html_unclosed.at(
        survey.place(mark.span),
        message.format(tag=shorten(f"<{name}>", 30)),
        suggestion=_("write {closing} behind it").format(closing=f"</{name}>")
        if is_closed_here
        else _("write {closing} where it ends").format(closing=f"</{name}>"),
        level=None if is_closed_here else Level.WARNING,
    )


def _name(typed: str) -> str:
    """The name of the element: “a” for `<a href="…` and for `</a>`."""
    found = WORDS.search(typed)
    return found[0].split()[0].split(">")[0].lower() if found else ""


def _misquoted(survey: Survey) -> Iterator[Mark]:
    """The tags that are none, as one of their quotes is not closed, each up to its first quote."""
    words = {mark.span.start for mark in survey.tag_words}
    for index, block in enumerate(survey.blocks):
        if block.kind == "code" or "=" not in block.text or "<" not in block.text:
            continue
        for found in WITH_VALUES.finditer(block.text):
            is_odd = found[0].count('"') % 2 or ('"' not in found[0] and found[0].count("'") % 2)
            end = found.start() + min((at for sign in "\"'" if (at := found[0].find(sign)) > 0), default=0) + 1
            span = survey.span(block, found.start(), end)
            if is_odd and (block.prose[found.start()] == "<" or span.start in words):
                yield Mark(block.text[found.start() : end], span, index)


def _quote_finding(survey: Survey, mark: Mark) -> Finding:
    return html_unclosed.at(
        survey.place(mark.span),
        _("a quote of “{typed}…” is never closed: readers see the tag as it was typed").format(
            typed=shorten(mark.text, 40)
        ),
        suggestion=_('write a quotation mark on both sides of each value: <a href="https://…">'),
        level=Level.WARNING,
    )


def _word_finding(survey: Survey, mark: Mark) -> Finding:
    start = mark.span.start
    is_whole = mark.text.endswith(">") and survey.source.text.startswith(mark.text, start)
    return html_unclosed.at(
        survey.place(mark.span),
        _("“{typed}” is shown as it was typed; a site takes it for a tag, and may hide what follows").format(
            typed=shorten(mark.text, 40)
        ),
        suggestion=_("put it between backticks, or a backslash before it"),
        level=Level.WARNING,
        edits=survey.edits(Span(start=start, end=start + 1), "\\<") if is_whole else (),
    )
