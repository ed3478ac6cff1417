"""Mark-up of other programs: what nobody here understands, and what e-mail and text do and the site perhaps not."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.merge_tags import find_places
from newsletter_cli.check.texts.wording import counted, shorten
from newsletter_cli.markdown.dialects import QUOTE_DETAIL
from newsletter_cli.markdown.survey import NOT_PROSE, Block, ForeignMark, Span, Survey
from newsletter_cli.model import Finding, Level

SHORTCODE = Pattern(r"\{\{[<%][ \t]*/?[ \t]*[\w./-]+[^{}\n]*?[%>]\}\}|\{\{<[ \t]*/?\*.*?\}\}", signs=("{{",))
# Of Liquid (Jekyll, Eleventy) and of HedgeDoc, those with a meaning of their own: `{% if %}` may well be spoken of.
LIQUID = Pattern(
    r"\{%-?[ \t]*(?:include|raw|endraw|link|post_url|figure|highlight|endhighlight|hackmd|youtube|vimeo|gist|pdf|figma"
    r"|slideshare|speakerdeck|geogebra|embed|hint|endhint|tabs|endtabs|tab|endtab|content-ref|endcontent-ref|file|code)"
    r"\b[^{}\n]*%\}",
    signs=("{%",),
)
# Whole lines, left over: the rest is understood.
DIV = Pattern(r"(?m)^[ \t]*:{3,}(?:[ \t]*(?:\{[^{}\n]*\}|[\w-]+))?[ \t]*:*[ \t]*$", signs=(":::",))
ADMONITION = Pattern(
    r"(?m)^!!!\+?[ \t]+(?i:note|info|warning|tip|danger|caution|important|abstract)\b.*$", signs=("!!!",)
)
# Behind an image, a link or words in brackets.
ATTRIBUTES = Pattern(r"(?<=[)\]>])\{:?[ \t]*(?:[.#][\w-]+|[\w-]+=)[^{}\n]*\}", signs=("{",))
# Behind the words of a paragraph: `Mind the tide {.red}`.
LAST_ATTRIBUTES = Pattern(r"(?m)(?<=\S)[ ]\{:?[ \t]*\.[A-Za-z][\w-]*(?:[ \t][^{}\n]*)?\}[ \t]*$", signs=("{",))
WIKI = Pattern(r"(?<![\w\])!])!?\[\[[^\W\d_][^\[\]\n]*\]\](?![(\[])", signs=("[[",))
BRACKET_CODE = Pattern(
    r"\[/(?:caption|gallery|embed|video|audio)\]|\[(?:caption|gallery|embed|video|audio)(?: \w+=[^\[\]\n]*)+\]",
    signs=("[/", "[caption", "[gallery", "[embed", "[video", "[audio"),
)
INLINE_NOTE = Pattern(r"(?<=[\w.,;:!?»”\"')])\^\[[^\[\]\n]+\]", signs=("^[",))
CROSS_REFERENCE = Pattern(r"(?<![\w@/.])@(?:fig|tbl|sec|eq|lst|thm|tip|nte|wrn|cau|imp)-[\w-]+", signs=("@",))
# `[@wave2031]`, `[see @wave2031, p. 3]`: its key has a year nearly always, a name has none.
CITATION = Pattern(
    r"\[(?:[^\[\]\n@]{0,30}[ ])?-?@[A-Za-z][\w:-]*\d[^\[\]\n]*\](?![(\[])", signs=("@",), rough=r"\[[^\[\]\n@]*@"
)
CRITIC = Pattern(
    r"\{\+\+[^{}\n]*\+\+\}|\{--[^{}\n]*--\}|\{>>[^{}\n]*<<\}|\{~~[^{}\n]*~~\}|\{==[^{}\n]*==\}",
    signs=("{++", "{--", "{>>", "{~~", "{=="),
)
ICON = Pattern(
    r"(?<![\w:]):(?:material|fontawesome|octicons|simple|fa|fas|fab|far|bi)-[\w-]+:(?!\w)",
    signs=(":",),
    rough=r":(?:m|f|o|s|b)[a-z]{1,10}-",
)
# A page break, a table of contents: the commands of LaTeX that word processors and Pandoc leave in a text.
LATEX = Pattern(
    r"(?m)^[ \t]*\\(?:newpage|pagebreak|clearpage|tableofcontents|vspace\*?\{[^{}\n]*\}|bigskip|noindent)[ \t]*$",
    signs=("\\",),
)
ONE_TILDE = Pattern(r"(?<![\w~/])~(?=[^\W\d_])[^~\n/]{1,80}(?<=[\w.!?»])~(?![\w~/])", signs=("~",))
COMMENT = Pattern(r"(?<![\w%])%%(?=[ \t])[^%\n]+(?<=[ \t])%%(?![\w%])", signs=("%%",))
# In prose: what is code, or understood, is none.
IN_PROSE = {
    "div": DIV,
    "admonition": ADMONITION,
    "wiki": WIKI,
    "bracket-code": BRACKET_CODE,
    "note": INLINE_NOTE,
    "cross-reference": CROSS_REFERENCE,
    "citation": CITATION,
    "critic": CRITIC,
    "icon": ICON,
    "tilde": ONE_TILDE,
    "comment": COMMENT,
}
CLOSING = Pattern(r":{3,}\s*\Z|\{\{[<%][ \t]*/|\{%-?[ \t]*end|\[/")
HINTS = (
    "{",
    ":::",
    "!!!",
    "[[",
    "[/",
    "^[",
    "[caption",
    "[gallery",
    "[embed",
    "[video",
    "[audio",
    "@",
    "~",
    "%%",
    "$$",
)
ICON_HINTS = (":material-", ":fontawesome-", ":octicons-", ":simple-", ":fa", ":bi-", "\\")


@rule(
    "foreign-syntax",
    Level.WARNING,
    _("Another program's mark-up stands in the text"),
    why="""
        Mark-up of another program stands in the text, and `nl` does not understand it: a shortcode of Hugo, an
        include of Jekyll, an embedded page of HedgeDoc, a link of a wiki, a cross-reference of Quarto, a formula.
        Readers of the e-mail see it as it was typed. Each kind is told once for an issue, with how often it stands
        there. `{{ x }}` in a sentence is prose. What e-mail and text understand (`==x==`, `:::info`, `> [!NOTE]`)
        is [`post-syntax`](#post-syntax).
    """,
    bad='`See {{< ref "/projects" >}}, or [[The dunes]].`',
    good="`See [the projects](https://example.org/projects/).`",
)
def foreign_syntax(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each kind of mark-up that `nl` knows and does not understand, at its first place."""
    found: dict[str, list[tuple[Survey, Span, str]]] = {}
    for text in manuscript.all_texts:
        survey = text.survey
        source = survey.source.text
        if not any(hint in source for hint in HINTS) and not any(hint in source for hint in ICON_HINTS):
            continue
        for kind, span, words in _foreign_marks(survey):
            found.setdefault(kind, []).append((survey, span, words))
    for places in found.values():
        survey, span, words = places[0]
        yield foreign_syntax.at(
            survey.place(span),
            counted(
                _("“{words}” is mark-up of another program: readers of the e-mail see it as it stands").format(
                    words=shorten(words, 40)
                ),
                len(places),
            ),
            suggestion=_("say it in plain Markdown, or take it out"),
        )


def _foreign_marks(survey: Survey) -> Iterator[tuple[str, Span, str]]:
    """Each mark with its kind; what closes goes with what opens."""
    marks = [("formula", mark.span, mark.text) for mark in survey.marks if mark.kind == "formula"]
    for block in survey.blocks:
        if block.kind == "code":
            continue
        for kind, start, end in sorted(set(_foreign_spans(block)), key=lambda one: one[1:]):
            if not (any(one[0] == kind for one in marks) and CLOSING.match(block.text, start, end)):
                marks.append((kind, survey.span(block, start, end), block.text[start:end]))
    yield from marks


def _foreign_spans(block: Block) -> Iterator[tuple[str, int, int]]:
    text, prose = block.text, block.prose
    for kind, pattern in (("shortcode", SHORTCODE), ("liquid", LIQUID)):
        for found in pattern.finditer(text) if "{{" in text or "{%" in text else ():
            # In raw HTML nothing is prose; elsewhere what is none is code.
            if block.kind == "html" or prose[found.start()] != NOT_PROSE:
                yield kind, *found.span()
    if block.kind == "html":
        return
    for kind, pattern in IN_PROSE.items():
        for found in pattern.finditer(prose):
            # `[[prenom]]` is told as a place for a name.
            if kind != "wiki" or next(find_places(found[0]), None) is None:
                yield kind, *found.span()
    # Its backslash is an escape, and no prose.
    yield from (("latex", *found.span()) for found in LATEX.finditer(text))
    if block.kind != "heading" and "{" in prose:
        for pattern in (ATTRIBUTES, LAST_ATTRIBUTES):
            for found in pattern.finditer(text):
                if prose[found.end() - 1] != NOT_PROSE:
                    yield "attributes", *found.span()


@rule(
    "post-syntax",
    Level.WARNING,
    _("The site may show a mark as it was typed"),
    why="""
        Words carry a mark that pads and some programs understand, and so do e-mail and text: `==highlighted==`,
        `++inserted++`, `1^st^`, `H~2~O`, `:tada:`, `![](x.png =200x)`, `{.class}`, `[TOC]`, `:::info`, `!!! note`,
        `=== "Tab"`, `> [!NOTE]`. The post keeps what was typed, and a site that does not know the mark shows it to its
        readers. One finding for each kind and issue, with how often it stands there; a note where `post.url` names no
        site. If yours understands it, name it: `extensions = ["highlight"]` under `[post]`.
    """,
    bad="`The tide is ==very== high.`",
    good="`The tide is **very** high.`",
)
def post_syntax(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each kind of mark that is understood here, and that nobody says the site understands."""
    found: dict[str, list[tuple[Survey, ForeignMark]]] = {}
    for text in manuscript.all_texts:
        for mark in () if text.role == "title" else _understood_marks(text.survey):
            if mark.kind not in manuscript.site_extensions:
                found.setdefault(mark.kind, []).append((text.survey, mark))
    for kind, places in found.items():
        survey, mark = places[0]
        yield post_syntax.at(
            survey.place(mark.span),
            counted(
                _("“{words}”: e-mail and text understand it, a site may show it as it was typed").format(
                    words=shorten(mark.text, 40)
                ),
                len(places),
            ),
            suggestion=_(
                'say it in plain Markdown; or, if the site understands it, [post] extensions = ["{kind}"]'
            ).format(kind=kind),
            level=Level.WARNING if manuscript.online_url else Level.INFO,
        )


def _understood_marks(survey: Survey) -> Iterator[ForeignMark]:
    yield from (mark for mark in survey.marks if mark.kind != "formula")
    for block in survey.blocks if "[" in survey.source.text else ():
        if block.is_quoted:
            for found in QUOTE_DETAIL.finditer(block.prose):
                span = survey.span(block, *found.span())
                yield ForeignMark(kind="quote-details", text=found[0], span=span)
