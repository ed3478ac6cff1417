"""Links of the e-mail that its plain text lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="text-part-links", level=Level.WARNING, title=_("The plain text lacks a link of the e-mail"))
SPACE = re.compile(r"\s+")


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each address of a link that the text does not have. Places within the page need none."""
    text = _Text(SPACE.sub("", renditions.text))
    seen = set()
    for link in renditions.body.iter("a"):
        address = link.get("href") or ""
        if address in seen or not address or _is_within_page(address, renditions.online_url):
            continue
        seen.add(address)
        if not text.has(SPACE.sub("", address)) and not _is_written_out(address, text):
            yield RULE.at(
                renditions.origin_of(link),
                _("the link to {address} is not in the plain text").format(address=address),
                suggestion=_("who reads the plain text misses it; the theme may have a link of its own"),
                subject=address,
            )


def _is_within_page(address: str, online_url: str | None) -> bool:
    return address.startswith("#") or (online_url is not None and address.partition("#")[0] == online_url)


class _Text:
    """Looks for one address after the other: they stand in the order of the e-mail, or nearly."""

    def __init__(self, text: str):
        self._text = text
        self._position = 0

    def has(self, address: str) -> bool:
        """Whether the address stands in the text, anywhere."""
        found = self._text.find(address, self._position)
        if found < 0:
            return address in self._text
        self._position = found
        return True


def _is_written_out(address: str, text: _Text) -> bool:
    """A mailbox stands in the text as such."""
    scheme, _colon, rest = address.partition(":")
    return scheme.lower() == "mailto" and text.has(SPACE.sub("", unquote(rest.partition("?")[0])))
