"""Links that were given before: in an earlier issue, or further up in this one."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.addresses import GivenLink, address_key, given_links, is_front_page, is_web
from newsletter_cli.check.texts.wording import is_address, shorten, shown_address, word_key
from newsletter_cli.model import Finding, Level


@rule(
    "link-earlier",
    Level.INFO,
    _("An earlier issue has given this address"),
    why="""
        An issue of the last two years has linked to this page. Often it is meant; sometimes last month's news was
        left in. Nothing is said of standing sections and what they link to, nor of the front pages of sites.
    """,
    bad="`[The survey is open](https://example.org/survey)`, in issues 3 and 4.",
    good="the link in issue 3, and the results in issue 4.",
)
def link_earlier(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each such address, with the number of the latest issue that gave it.

    Standing sections are left alone, and what they link to; so are the front pages of sites.
    """
    if not manuscript.earlier:
        return
    links = [one for one in given_links(manuscript) if is_web(one.href) and not is_front_page(one.href)]
    if not links:
        return
    told = _told_before(manuscript)
    seen = {address_key(one.href) for one in links if one.is_standing}
    for one in links:
        key = address_key(one.href)
        if key in seen or key not in told:
            continue
        seen.add(key)
        words = shown_address(one.href) if is_address(one.words) else shorten(one.words)
        yield link_earlier.at(
            one.place,
            _("“{words}” leads to a page that issue {number} has linked to").format(words=words, number=told[key]),
            suggestion=_("say what is new about it, or leave it out"),
            subject=one.href,
        )


def _told_before(manuscript: Manuscript) -> dict[str, int]:
    """The number of the latest former issue that gave each address."""
    told: dict[str, int] = {}
    for issue in manuscript.earlier:
        for address in issue.addresses:
            told.setdefault(address_key(address), issue.number)
    return told


@rule(
    "link-twice",
    Level.INFO,
    _("An address is given twice"),
    why="""
        The issue has given this address before, in the same words: in another section, or as another item of the same
        list. Nothing is said of standing sections and what they link to, of linked images (whose caption is often
        linked, too), nor of the front pages of sites.
    """,
    bad="`[The atlas](https://example.org/atlas)` in the agenda, and again under the readings.",
    good="once, where it matters most.",
)
def link_twice(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each web address that the issue has given before, in the same words.

    In one section, only items of a list are looked at: a text may well name a thing again. Standing sections are left
    alone, and what they link to; so are linked images, beside which their caption is often linked too, and the front
    pages of sites.
    """
    links = [one for one in given_links(manuscript) if is_web(one.href)]
    standing = {address_key(one.href) for one in links if one.is_standing}
    first: dict[tuple[str, str], GivenLink] = {}
    for one in links:
        key = address_key(one.href)
        if key in standing or (one.link is not None and one.link.holds_image) or is_front_page(one.href):
            continue
        before = first.setdefault((key, "" if is_address(one.words) else word_key(one.words)), one)
        if before is one or (before.section is one.section and not (_is_item(one) and _is_item(before))):
            continue
        words = shown_address(one.href) if is_address(one.words) else shorten(one.words)
        yield link_twice.at(
            one.place,
            _("“{words}” leads where {file}:{line} leads already").format(
                words=words, file=before.place.file, line=before.place.line
            ),
            suggestion=_("once is enough, where it matters most"),
            subject=one.href,
        )


def _is_item(one: GivenLink) -> bool:
    """Whether a link is (nearly) all that an item of a list says."""
    if one.text is None or one.link is None:
        return False
    block = one.text.survey.blocks[one.link.block]
    return block.depth > 0 and len(block.words) < 2 * len(one.words) + 20
