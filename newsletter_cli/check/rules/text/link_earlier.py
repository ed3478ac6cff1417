"""An address that an earlier issue has given already."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.given_links import address_key, given_links, is_front_page, is_web
from newsletter_cli.check.texts.wording import is_address, shorten, shown_address
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="link-earlier", level=Level.INFO, title=_("An earlier issue has given this address"))


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each such address, with the number of the latest issue that gave it.

    Standing sections are left alone, and what they link to; so are the front pages of sites.
    """
    if not manuscript.earlier:
        return
    links = [one for one in given_links(manuscript) if is_web(one.href) and not is_front_page(one.href)]
    if not links:
        return
    told = _told(manuscript)
    seen = {address_key(one.href) for one in links if one.is_standing}
    for one in links:
        key = address_key(one.href)
        if key in seen or key not in told:
            continue
        seen.add(key)
        words = shown_address(one.href) if is_address(one.words) else shorten(one.words)
        yield RULE.at(
            one.place,
            _("“{words}” leads to a page that issue {number} has linked to").format(words=words, number=told[key]),
            suggestion=_("say what is new about it, or leave it out"),
            subject=one.href,
        )


def _told(manuscript: Manuscript) -> dict[str, int]:
    """The number of the latest former issue that gave each address."""
    told: dict[str, int] = {}
    for issue in manuscript.earlier:
        for address in issue.addresses:
            told.setdefault(address_key(address), issue.number)
    return told
