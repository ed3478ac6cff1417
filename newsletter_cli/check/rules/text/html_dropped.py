"""Raw HTML that no mail reader gets: forms, scripts, films, and what only looks like a tag."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.marks import span_in_mark
from newsletter_cli.check.texts.wording import shorten, word_set
from newsletter_cli.markdown.survey import Mark, Survey
from newsletter_cli.markdown.survey.tags import Tag, find_tags
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="html-dropped", level=Level.WARNING, title=_("Raw HTML does not reach the readers"))
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


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each tag that is taken out with what it does, or replaced by a link (info).

    What stands between angle brackets and is no HTML at all, `List<int>`, vanishes as well.
    """
    for text in manuscript.all_texts:
        if text.survey.html:
            yield from _in_survey(text.survey)


def _in_survey(survey: Survey) -> Iterator[Finding]:
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
            yield _finding(survey, mark, tag, is_lost=tag.name in DROPPED_WITH_CONTENT)
            is_holding = tag.name in HOLDING or tag.name in DROPPED_WITH_CONTENT
            if is_holding and not mark.text[tag.start : tag.end].endswith("/>"):
                within = tag.name


def _finding(survey: Survey, mark: Mark, tag: Tag, *, is_lost: bool) -> Finding:
    place = survey.place(span_in_mark(survey, mark, tag.start, tag.end))
    if tag.name in PLAYED:
        return RULE.at(
            place,
            _("mail readers play no <{tag}>: a link stands in its place").format(tag=tag.name),
            suggestion=_("a linked picture says more: [![What the film shows](picture.png)](https://…)"),
            level=Level.INFO,
        )
    if tag.name in ("script", "style"):
        return RULE.at(
            place,
            _("<{tag}> is taken out: e-mails run no programs, and the theme sets their looks").format(tag=tag.name),
            suggestion=_("take it out here, too, and say in words or with a link what it would have shown"),
        )
    if tag.name in ("svg", "math"):
        return RULE.at(
            place,
            _("<{tag}> is taken out: mail readers draw none").format(tag=tag.name),
            suggestion=_("save the drawing as a picture: ![What it shows](images/picture.png)"),
        )
    if is_lost or tag.name in INTERACTIVE:
        return RULE.at(
            place,
            _("<{tag}> does not work in an e-mail and is taken out").format(tag=tag.name),
            suggestion=_("link to the page where it works: [the form to sign up](https://…)"),
        )
    return RULE.at(
        place,
        _("“{typed}” is taken for a tag of HTML and vanishes").format(
            typed=shorten(mark.text[tag.start : tag.end], 40)
        ),
        suggestion=_("put it between backticks if readers are to see it, or write &lt; for the angle bracket"),
    )


def _is_shortcode(survey: Survey, mark: Mark) -> bool:
    """Whether the angle brackets are those of Hugo's `{{<…>}}`."""
    return survey.source.text[max(0, mark.span.start - 2) : mark.span.start] == "{{"
