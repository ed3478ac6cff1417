"""Raw HTML, which an e-mail does not always show as it was meant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.addresses import is_embedded_post
from newsletter_cli.check.texts.wording import shorten, word_set
from newsletter_cli.markdown.survey import Mark, Span, Survey
from newsletter_cli.markdown.survey.tags import Tag, find_tags
from newsletter_cli.model import Finding, Level

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


# The programs that come with posts of networks.
WIDGET = Pattern(
    r"\bsrc\s*=\s*[\"']?[^\"'\s<>]*\b(?:platform\.(?:twitter|x)\.com|instagram\.com/embed|tiktok\.com/embed|threads\.net/embed"
    r"|embed\.bsky\.app|embed\.reddit\.com|connect\.facebook\.net|platform\.linkedin\.com|/embed\.js)",
    re.IGNORECASE,
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
        are elements that HTML does not have, whose words stay. A film or an embedded page becomes a link, which is a
        note. What only looks like a tag is `html-unclosed`.
    """,
    bad='`<form action="https://example.org/"><button>Sign up</button></form>`',
    good="`[Sign up](https://example.org/)`",
)
def html_dropped(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each tag that is taken out with what it does, or replaced by a link (info)."""
    for text in manuscript.all_texts:
        if text.survey.html:
            yield from _dropped_in(text.survey)


def _dropped_in(survey: Survey) -> Iterator[Finding]:
    # Here, for the library behind it: most texts have no raw HTML at all.
    from newsletter_cli.markdown.sanitise import DROPPED_WITH_CONTENT, REPLACED_TAGS, TEXT_TAGS

    known = TEXT_TAGS | HARMLESS | (REPLACED_TAGS - PLAYED)
    words = {mark.span.start for mark in survey.tag_words}
    tags = [
        (mark, tag)
        for mark in survey.html
        if not _is_shortcode(survey, mark)
        for tag in find_tags(mark.text)
        if span_in_mark(survey, mark, tag.start, tag.end).start not in words
    ]
    last_end = {tag.name: index for index, (_mark, tag) in enumerate(tags) if tag.is_closing}
    within: str | None = None
    for index, (mark, tag) in enumerate(tags):
        if within is not None:
            within = None if tag.is_closing and tag.name == within else within
            continue
        if tag.is_closing or tag.name in known:
            continue
        yield _dropped_finding(survey, mark, tag, is_lost=tag.name in DROPPED_WITH_CONTENT)
        is_holding = tag.name in HOLDING or tag.name in DROPPED_WITH_CONTENT
        if is_holding and last_end.get(tag.name, -1) > index and not mark.text[tag.start : tag.end].endswith("/>"):
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
    if tag.name == "script" and (is_embedded_post(survey.blocks[mark.block]) or WIDGET.search(mark.text)):
        return html_dropped.at(
            place,
            _("the post of a network is shown as a quotation: e-mails run no programs"),
            suggestion=_("nothing to do, if its words stand here; else quote them, with a link to the post"),
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
