"""HTML and the mark-up of other programs, which an e-mail does not show as it was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.pattern import Pattern
from newsletter_cli.check.texts.wording import shorten, word_set
from newsletter_cli.markdown.survey import NOT_PROSE, Block, Mark, Span, Survey
from newsletter_cli.markdown.survey.tags import Tag, find_tags
from newsletter_cli.model import Finding, Level

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


@rule(
    "foreign-syntax",
    Level.WARNING,
    _("Another program's mark-up stands in the text"),
    why="""
        Mark-up of another program stands in the text: a shortcode of Hugo, a fenced div or attributes of Quarto, an
        include of Jekyll, a link of a wiki, an alert of GitHub. Your site may understand it, an e-mail shows it as it
        stands. `{{ x }}` in a sentence is prose, and attributes behind a heading are understood.
    """,
    bad="""
        ```markdown
        ::: {.callout-note}
        Bring a coat.
        :::
        ```
    """,
    good="""
        ```markdown
        > **Note:** bring a coat.
        ```
    """,
)
def foreign_syntax(manuscript: Manuscript) -> Iterator[Finding]:
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
            for start, end in sorted(set(_foreign_spans(block))):
                # What closes goes with what opens: one finding is enough.
                if not (has_opened and CLOSING.match(block.text, start, end)):
                    yield _foreign_finding(survey, block, start, end)
                has_opened = True


def _foreign_spans(block: Block) -> Iterator[tuple[int, int]]:
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


def _foreign_finding(survey: Survey, block: Block, start: int, end: int) -> Finding:
    return foreign_syntax.at(
        survey.place_in(block, start, end),
        _("“{words}” is mark-up of another program: readers of the e-mail see it as it stands").format(
            words=shorten(block.text[start:end], 40)
        ),
        suggestion=_("say it in plain Markdown, or take it out"),
    )


WHOLE_TAG = Pattern(r"""<!--.*?-->|<[A-Za-z](?:[^<>"']|"[^"]*"|'[^']*')*>""", re.DOTALL)
ATTRIBUTE_VALUE = Pattern(
    r"""(?P<name>[A-Za-z-]+)\s*=\s*(?:"[^"]*"|'[^']*'|(?P<double>[“”„«][^“”„«»<>"]*[“”»])|(?P<single>[‘’‚][^‘’‚<>"\s]*[‘’]))"""
)
CURLY = Pattern("[“”„«»‘’‚]")


@rule(
    "html-curly-quotes",
    Level.WARNING,
    _("Curly quotes stand in an HTML tag"),
    why="""
        The quotes of an attribute in raw HTML are the curly ones of a word processor. `nl` guesses what is meant,
        your site may not. `--fix` writes straight ones.
    """,
    bad='`<img src="images/gauge.png" alt=“The tide gauge”>`',
    good='`<img src="images/gauge.png" alt="The tide gauge">`',
    is_fixable=True,
)
def html_curly_quotes(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each attribute whose value stands in them; straight ones take their place.

    HTML Living Standard, 13.1.2.3: only `"` and `'` quote a value.
    """
    for text in manuscript.all_texts:
        for mark in text.survey.html:
            if CURLY.search(mark.text):
                for tag in WHOLE_TAG.finditer(mark.text):
                    # A comment is looked at only to be passed over.
                    if tag[0].startswith("<!"):
                        continue
                    for value in ATTRIBUTE_VALUE.finditer(mark.text, *tag.span()):
                        yield from _quotes_finding(text.survey, mark, value)


def _quotes_finding(survey: Survey, mark: Mark, value: re.Match[str]) -> Iterator[Finding]:
    kind = next((kind for kind in ("double", "single") if value[kind]), None)
    if kind is None:
        return
    start, end = value.span(kind)
    quotes = [span_in_mark(survey, mark, *one) for one in ((start, start + 1), (end - 1, end))]
    edits = [edit for span in quotes for edit in survey.edits(span, '"')]
    yield html_curly_quotes.at(
        survey.place(span_in_mark(survey, mark, start, end)),
        _("the quotes behind {name}= are not the straight ones of HTML").format(name=value["name"]),
        suggestion=_('write straight quotes: {name}="…"').format(name=value["name"]),
        edits=edits if all(CURLY.fullmatch(edit.old) for edit in edits) else (),
    )


# A link stands in for these.
PLAYED = frozenset(("iframe", "video", "audio", "embed", "object"))
# Tags that go while their words stay: nothing is lost but looks.
HARMLESS = word_set(
    "acronym address article aside big blink body basefont dir dialog fieldset font footer frameset head header hgroup"
    " html label legend link main marquee menu meta nav nobr noscript optgroup option output param picture plaintext"
    " rb rtc search slot track wbr xmp noframes"
)
# What is of use on a page only; within `form` and `map` the rest is told already.
INTERACTIVE = word_set("area base button canvas form frame input map meter progress textarea")
# What stands within them goes with them.
HOLDING = frozenset((*PLAYED, "form", "map", "button"))


@rule(
    "html-dropped",
    Level.WARNING,
    _("Raw HTML does not reach the readers"),
    why="""
        Raw HTML does not reach the readers: programs, forms and drawings (`<svg>`) are taken out of e-mails, and so
        is what only looks like a tag. A film or an embedded page becomes a link, which is a note.
    """,
    bad="`Dear <first name>, the type is List<int>.`",
    good="``Dear reader, the type is `List<int>`.``",
)
def html_dropped(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each tag that is taken out with what it does, or replaced by a link (info).

    What stands between angle brackets and is no HTML at all, `List<int>`, vanishes as well.
    """
    for text in manuscript.all_texts:
        if text.survey.html:
            yield from _dropped_in(text.survey)


def _dropped_in(survey: Survey) -> Iterator[Finding]:
    # Here, for the library behind it: most texts have no raw HTML at all.
    from newsletter_cli.markdown.sanitise import DROPPED_WITH_CONTENT, REPLACED_TAGS, TEXT_TAGS

    known = TEXT_TAGS | HARMLESS | (REPLACED_TAGS - PLAYED)
    within: str | None = None
    for mark in survey.html:
        if _is_shortcode(survey, mark):
            continue
        for tag in find_tags(mark.text):
            if within is not None:
                within = None if tag.is_closing and tag.name == within else within
                continue
            if tag.is_closing or tag.name in known:
                continue
            yield _dropped_finding(survey, mark, tag, is_lost=tag.name in DROPPED_WITH_CONTENT)
            is_holding = tag.name in HOLDING or tag.name in DROPPED_WITH_CONTENT
            if is_holding and not mark.text[tag.start : tag.end].endswith("/>"):
                within = tag.name


def _dropped_finding(survey: Survey, mark: Mark, tag: Tag, *, is_lost: bool) -> Finding:
    place = survey.place(span_in_mark(survey, mark, tag.start, tag.end))
    if tag.name in PLAYED:
        return html_dropped.at(
            place,
            _("mail readers play no <{tag}>: a link stands in its place").format(tag=tag.name),
            suggestion=_("a linked picture says more: [![What the film shows](picture.png)](https://…)"),
            level=Level.INFO,
        )
    if tag.name in ("script", "style"):
        return html_dropped.at(
            place,
            _("<{tag}> is taken out: e-mails run no programs, and the theme sets their looks").format(tag=tag.name),
            suggestion=_("take it out here, too, and say in words or with a link what it would have shown"),
        )
    if tag.name in ("svg", "math"):
        return html_dropped.at(
            place,
            _("<{tag}> is taken out: mail readers draw none").format(tag=tag.name),
            suggestion=_("save the drawing as a picture: ![What it shows](images/picture.png)"),
        )
    if is_lost or tag.name in INTERACTIVE:
        return html_dropped.at(
            place,
            _("<{tag}> does not work in an e-mail and is taken out").format(tag=tag.name),
            suggestion=_("link to the page where it works: [the form to sign up](https://…)"),
        )
    return html_dropped.at(
        place,
        _("“{typed}” is taken for a tag of HTML and vanishes").format(
            typed=shorten(mark.text[tag.start : tag.end], 40)
        ),
        suggestion=_("put it between backticks if readers are to see it, or write &lt; for the angle bracket"),
    )


def _is_shortcode(survey: Survey, mark: Mark) -> bool:
    """Whether the angle brackets are those of Hugo's `{{<…>}}`."""
    return survey.source.text[max(0, mark.span.start - 2) : mark.span.start] == "{{"


def span_in_mark(survey: Survey, mark: Mark, start: int, end: int) -> Span:
    """Offsets in the text of a piece of raw HTML (one of `Survey.html`) as offsets in the source."""
    block = survey.blocks[mark.block]
    if block.kind == "html":
        return survey.span(block, start, end)
    typed = mark.text[start:end]
    first = mark.span.start + start
    if not survey.source.text.startswith(typed, first):
        # A tag over several lines: marks of containers and line ends stand between.
        first = survey.source.text.find(typed, mark.span.start, mark.span.end)
        if first < 0:
            return mark.span
    return Span(start=first, end=first + len(typed))
