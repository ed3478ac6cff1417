"""An address given twice in one issue."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.given_links import GivenLink, address_key, given_links, is_front_page, is_web
from newsletter_cli.check.texts.wording import is_address, shorten, shown_address
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="link-twice", level=Level.INFO, title=_("An address is given twice"))


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each web address that the issue has given before.

    Standing sections are left alone, and what they link to; so are linked images, beside which their caption is
    often linked too, and the front pages of sites, except twice in one section.
    """
    links = [one for one in given_links(manuscript) if is_web(one.href)]
    standing = {address_key(one.href) for one in links if one.is_standing}
    first: dict[str, GivenLink] = {}
    for one in links:
        key = address_key(one.href)
        if key in standing or (one.link is not None and one.link.holds_image):
            continue
        before = first.setdefault(key, one)
        if before is one or (is_front_page(one.href) and before.section is not one.section):
            continue
        words = shown_address(one.href) if is_address(one.words) else shorten(one.words)
        yield RULE.at(
            one.place,
            _("“{words}” leads where {file}:{line} leads already").format(
                words=words, file=before.place.file, line=before.place.line
            ),
            suggestion=_("once is enough, where it matters most"),
            subject=one.href,
        )
