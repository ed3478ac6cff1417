"""What the e-mail has a look of its own for, and shows plainly all the same: code without colours, links as buttons."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.base.strict import nearest
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript, Text
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.dialects import BUTTON_CLASS
from newsletter_cli.markdown.fences import fence_language, is_known_language, known_languages
from newsletter_cli.markdown.survey import Block, Span, Survey
from newsletter_cli.model import Finding, Level

BUTTON = Pattern(rf"\{{:?[^{{}}\n]*{BUTTON_CLASS}[^{{}}\n]*\}}")


@rule(
    "code-language-unknown",
    Level.INFO,
    _("The language of a block of code is not known"),
    why="""
        A block of code names a language behind its fence, and nobody here knows its colours: readers see all of it in
        one. Mostly the name is misspelt, and the site does not know it either. No name at all, or `text`, asks for no
        colours.
    """,
    bad="`~~~pyton`",
    good="`~~~python`",
)
def code_language_unknown(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each fence whose language Pygments does not have."""
    for text in manuscript.all_texts:
        for block in text.survey.blocks:
            name = fence_language(block.info) if block.kind == "code" else ""
            if not name or is_known_language(name):
                continue
            close = nearest(name, sorted(known_languages()))
            yield code_language_unknown.at(
                text.survey.place(_name_span(text.survey, block, name)),
                _("“{name}” is no language that is known here: the code is shown in one colour").format(
                    name=shorten(name)
                ),
                suggestion=_("did you mean “{key}”?").format(key=close)
                if close
                else _("name another language, or none at all"),
            )


def _name_span(survey: Survey, block: Block, name: str) -> Span:
    """Where the name stands: on the line above the code."""
    text = survey.source.text
    code = survey.span(block, 0, 0).start
    line_end = text.rfind("\n", 0, code)
    line_start = text.rfind("\n", 0, max(line_end, 0)) + 1
    at = text.lower().find(name, line_start, max(line_end, 0))
    return Span(start=code, end=code) if at < 0 else Span(start=at, end=at + len(name))


@rule(
    "button-not-alone",
    Level.INFO,
    _("A link asks to be a button, and is none"),
    why="""
        A link says `{.button}`, and stands in a sentence, a list, a table or a quotation. The e-mail makes a button of
        a link that is a paragraph of its own, in a section or the editorial; elsewhere it stays a link.
    """,
    bad="`To come, [register](https://example.org/register){.button} before Friday.`",
    good="`[Register](https://example.org/register){.button}`, with an empty line before and behind it.",
)
def button_not_alone(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each link with such a class that is not all that its paragraph holds."""
    for text in manuscript.all_texts:
        survey = text.survey
        for mark in survey.marks:
            if mark.kind != "attributes" or not BUTTON.fullmatch(mark.text):
                continue
            link = next((one for one in survey.links if one.span.end == mark.span.start), None)
            if link is None or _is_alone(text, survey.blocks[link.block], link.text):
                continue
            yield button_not_alone.at(
                survey.place(mark.span),
                _("“{words}” stays a link: a button is a paragraph of its own").format(words=shorten(link.text)),
                suggestion=_("put the link between two empty lines, outside of lists, tables and quotations"),
            )


def _is_alone(text: Text, block: Block, words: str) -> bool:
    is_plain = block.kind == "paragraph" and not (block.depth or block.is_quoted or block.is_note)
    return text.role == "body" and is_plain and block.words.strip() == words.strip()
