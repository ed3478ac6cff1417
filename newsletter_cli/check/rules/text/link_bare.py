"""An address where words should be: screen readers spell it out, everybody else looks at a string of signs."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.given_links import is_web
from newsletter_cli.check.texts.pattern import Pattern
from newsletter_cli.check.texts.wording import SCHEME, is_address, shown_address
from newsletter_cli.markdown.survey import Link, Survey
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="link-bare", level=Level.WARNING, title=_("An address stands in the text instead of words"))
SHORT = 30  # characters, without scheme: what can be read and remembered
# `[text] (https://…)` is another slip, `{{< video https://… >}}` another program's: each has a rule of its own.
OTHER_SLIP = Pattern(r"\][^\S\n]+\($|\{\{[<%][^{}\n]*$|<[^<>\n]*=[ \t]*[“”„«\"']?$")


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each web address shown as such (RGAA 6.1); info where it is short, or that of a site as a whole.

    A site named by its host alone, `www.example.org`, is a name; e-mail addresses are meant to be read.
    """
    for text in manuscript.all_texts:
        for link in text.survey.links:
            if link.holds_image or not is_web(link.href) or not is_address(link.text) or _is_name(link.text):
                continue
            if link.kind == "bare" and _is_other_slip(text.survey, link):
                continue
            shown = SCHEME.sub("", link.text).rstrip("/")
            is_short = len(shown) <= SHORT or "/" not in shown
            yield RULE.at(
                text.survey.place(link.span),
                _("the address {address} stands bare in the text").format(address=shown_address(link.text)),
                suggestion=_("put it behind words that say where it leads: [the programme of the day](https://…)"),
                level=Level.INFO if is_short else None,
                subject=link.href,
            )


def _is_name(text: str) -> bool:
    return "://" not in text and "/" not in text.strip().rstrip("/")


def _is_other_slip(survey: Survey, link: Link) -> bool:
    line = survey.source.text.rfind("\n", 0, link.span.start) + 1
    return OTHER_SLIP.search(survey.source.text[line : link.span.start]) is not None
