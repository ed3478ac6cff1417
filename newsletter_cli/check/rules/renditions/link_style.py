"""A link in a text that looks like the text: readers do not find it."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import html

from newsletter_cli.base.i18n import _
from newsletter_cli.check.looks import Look, contrast_of
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="link-style", level=Level.WARNING, title=_("A link looks like the text around it"))
BLOCKS = ("p", "li", "dd", "dt", "blockquote")
LEAST = 3.0


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for all links within a line of text that nothing but their colour tells apart (WCAG 2.2, 1.4.1).

    An underline does, a line below, bold letters in text that is not bold, or a background of their own. Colour alone
    does when it stands at 3:1 to the text around (technique G183), in the dark as in the light.
    """
    looks = renditions.looks
    alike = []
    # How many letters each block has: it may hold thousands of links.
    letters: dict[html.HtmlElement, int] = {}
    for link in renditions.body.iter("a"):
        block = next(link.iterancestors(*BLOCKS), None)
        if not link.get("href") or block is None or looks.light[link].is_hidden:
            continue
        if block not in letters:
            letters[block] = _count_letters(block)
        if 0 < _count_letters(link) < letters[block] and any(
            not _stands_out(_inmost(link, mode), mode[block]) for mode in (looks.light, looks.dark)
        ):
            alike.append(link)
    if alike:
        yield RULE.at(
            renditions.theme,
            _("links look like the text around them: “{text}”").format(
                text=" ".join(alike[0].text_content().split())[:40]
            ),
            suggestion=_("underline them: text-decoration: underline"),
        )


def _inmost(link: html.HtmlElement, looks: object) -> Look:
    """The look of the words: `<a><b>…</b></a>` is as bold as it looks."""
    element = link
    while len(element) == 1 and not (element.text or "").strip() and not (element[0].tail or "").strip():
        element = element[0]
    found: Look = looks[element]  # type: ignore[index]
    return found


def _count_letters(element: html.HtmlElement) -> int:
    return sum(map(str.isalpha, "".join(element.itertext())))


def _stands_out(link: Look, text: Look) -> bool:
    if link.is_underlined or link.has_border_below or (link.is_bold and not text.is_bold) or link.paper != text.paper:
        return True
    if link.ink is None or text.ink is None:
        return True
    return contrast_of(link.ink, text.ink) >= LEAST
