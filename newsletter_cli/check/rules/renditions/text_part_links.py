"""Links of the e-mail that its plain text lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.i18n import _
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="text-part-links", level=Level.WARNING, title=_("The plain text lacks a link of the e-mail"))
SPACE = re.compile(r"\s+")


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each address of a link that the text does not have. Places within the page need none."""
    text = SPACE.sub("", renditions.text)
    seen = set()
    for link in renditions.body.iter("a"):
        address = link.get("href") or ""
        if address in seen or not address or _is_within_page(address, renditions.online_url):
            continue
        seen.add(address)
        if SPACE.sub("", address) not in text and not _is_written_out(address, text):
            yield RULE.at(
                renditions.origin_of(link),
                _("the link to {address} is not in the plain text").format(address=address),
                suggestion=_("who reads the plain text misses it; the theme may have a link of its own"),
                subject=address,
            )


def _is_within_page(address: str, online_url: str | None) -> bool:
    return address.startswith("#") or (online_url is not None and address.partition("#")[0] == online_url)


def _is_written_out(address: str, text: str) -> bool:
    """A mailbox stands in the text as such."""
    scheme, _colon, rest = address.partition(":")
    return scheme.lower() == "mailto" and SPACE.sub("", unquote(rest.partition("?")[0])) in text
