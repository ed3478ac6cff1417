"""What another program understands and an e-mail shows as it stands: shortcodes, fenced divs, attributes in braces."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.pattern import Pattern
from newsletter_cli.check.texts.wording import shorten
from newsletter_cli.markdown.survey import NOT_PROSE, Block, Survey
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="foreign-syntax", level=Level.WARNING, title=_("Another program's mark-up stands in the text"))
SHORTCODE = Pattern(r"\{\{[<%][ \t]*/?[ \t]*[\w./-]+[^{}\n]*?[%>]\}\}|\{\{<[ \t]*/?\*.*?\}\}")
# Of Liquid (Jekyll, Eleventy), those with a meaning of their own: `{% if %}` may well be spoken of.
LIQUID = Pattern(r"\{%-?[ \t]*(?:include|raw|endraw|link|post_url|figure|youtube|highlight|endhighlight)\b[^{}\n]*%\}")
# Whole lines.
DIV = Pattern(r"(?m)^[ \t]*:{3,}(?:[ \t]*(?:\{[^{}\n]*\}|[\w-]+))?[ \t]*:*[ \t]*$")
ADMONITION = Pattern(r"(?m)^!!!\+?[ \t]+\w+.*$")
ATTRIBUTE_LINE = Pattern(r"(?m)^\{:?[ \t]*[.#][\w-]+[^{}\n]*\}[ \t]*$")
ALERT = Pattern(r"\A\[!(?:NOTE|TIP|IMPORTANT|WARNING|CAUTION)\]", re.IGNORECASE)
# Behind an image, a link or words in brackets.
ATTRIBUTES = Pattern(r"(?<=[)\]>])\{:?[ \t]*(?:[.#][\w-]+|[\w-]+=)[^{}\n]*\}")
WIKI = Pattern(r"(?<![\w\])!])!?\[\[[^\W\d_][^\[\]\n]*\]\](?![(\[])")
BRACKET_CODE = Pattern(
    r"\[/(?:caption|gallery|embed|video|audio)\]|\[(?:caption|gallery|embed|video|audio)(?: \w+=[^\[\]\n]*)+\]"
)
INLINE_NOTE = Pattern(r"(?<=[\w.,;:!?»”\"')])\^\[[^\[\]\n]+\]")
CLOSING = Pattern(r":{3,}\s*\Z|\{\{[<%][ \t]*/|\{%-?[ \t]*end|\[/")
HINTS = ("{", ":::", "!!!", "[!", "[[", "[/", "^[", "[caption", "[gallery", "[embed", "[video", "[audio")


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each piece of mark-up of Hugo, Quarto, Jekyll, WordPress, Obsidian, GitHub that `nl` knows not.

    `{{ x }}` in prose is prose, code is code, and attributes behind a heading are understood.
    """
    for text in manuscript.all_texts:
        survey = text.survey
        if not any(hint in survey.source.text for hint in HINTS):
            continue
        has_opened = False
        for block in survey.blocks:
            if block.kind == "code":
                continue
            for start, end in sorted(set(_found(block))):
                # What closes goes with what opens: one finding is enough.
                if not (has_opened and CLOSING.match(block.text, start, end)):
                    yield _finding(survey, block, start, end)
                has_opened = True


def _found(block: Block) -> Iterator[tuple[int, int]]:
    text, prose = block.text, block.prose
    for pattern in (SHORTCODE, LIQUID):
        for found in pattern.finditer(text) if "{{" in text or "{%" in text else ():
            # In raw HTML nothing is prose; elsewhere what is none is code.
            if block.kind == "html" or prose[found.start()] != NOT_PROSE:
                yield found.span()
    if block.kind == "html":
        return
    for pattern in (DIV, ADMONITION, WIKI, BRACKET_CODE, INLINE_NOTE):
        yield from (found.span() for found in pattern.finditer(prose))
    if block.is_quoted:
        yield from (found.span() for found in ALERT.finditer(prose))
    if block.kind != "heading" and "{" in prose:
        for pattern in (ATTRIBUTE_LINE, ATTRIBUTES):
            for found in pattern.finditer(text):
                if prose[found.start()] != NOT_PROSE:
                    yield found.span()


def _finding(survey: Survey, block: Block, start: int, end: int) -> Finding:
    return RULE.at(
        survey.place_in(block, start, end),
        _("“{words}” is mark-up of another program: readers of the e-mail see it as it stands").format(
            words=shorten(block.text[start:end], 40)
        ),
        suggestion=_("say it in plain Markdown, or take it out"),
    )
