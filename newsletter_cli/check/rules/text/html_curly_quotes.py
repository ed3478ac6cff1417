"""A word processor's quotes in raw HTML: the site's programs do not take them for quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.marks import span_in_mark
from newsletter_cli.check.texts.pattern import Pattern
from newsletter_cli.markdown.survey import Mark, Survey
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(
    slug="html-curly-quotes", level=Level.WARNING, title=_("Curly quotes stand in an HTML tag"), is_fixable=True
)
TAG = Pattern(r"""<!--.*?-->|<[A-Za-z](?:[^<>"']|"[^"]*"|'[^']*')*>""", re.DOTALL)
VALUE = Pattern(
    r"""(?P<name>[A-Za-z-]+)\s*=\s*(?:"[^"]*"|'[^']*'|(?P<double>[“”„«][^“”„«»<>"]*[“”»])|(?P<single>[‘’‚][^‘’‚<>"\s]*[‘’]))"""
)
CURLY = Pattern("[“”„«»‘’‚]")


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each attribute whose value stands in them; straight ones take their place.

    HTML Living Standard, 13.1.2.3: only `"` and `'` quote a value.
    """
    for text in manuscript.all_texts:
        for mark in text.survey.html:
            if CURLY.search(mark.text):
                for tag in TAG.finditer(mark.text):
                    # A comment is looked at only to be passed over.
                    if tag[0].startswith("<!"):
                        continue
                    for value in VALUE.finditer(mark.text, *tag.span()):
                        yield from _finding(text.survey, mark, value)


def _finding(survey: Survey, mark: Mark, value: re.Match[str]) -> Iterator[Finding]:
    kind = next((kind for kind in ("double", "single") if value[kind]), None)
    if kind is None:
        return
    start, end = value.span(kind)
    quotes = [span_in_mark(survey, mark, *one) for one in ((start, start + 1), (end - 1, end))]
    edits = [edit for span in quotes for edit in survey.edits(span, '"')]
    yield RULE.at(
        survey.place(span_in_mark(survey, mark, start, end)),
        _("the quotes behind {name}= are not the straight ones of HTML").format(name=value["name"]),
        suggestion=_('write straight quotes: {name}="…"').format(name=value["name"]),
        edits=edits if all(CURLY.fullmatch(edit.old) for edit in edits) else (),
    )
