"""Which bare addresses in prose become links."""

from __future__ import annotations

import re
from typing import Any

from linkify_it import LinkifyIt

# What French and English prose puts right behind an address without meaning it as a part of it.
TRAILING = re.compile(r"(?:[:;,.!?…»”“\"'’)\]]|&[a-z]+;)+$")
# An elision or possessive glued to an address: "https://a.example/l’est", "https://a.example's".
GLUED = re.compile(r"[’'](?:est|s|a|on|en|y|un|une|ont|était)$", re.IGNORECASE)
CLOSING = {")": "(", "]": "["}


class ProseLinkify(LinkifyIt):  # type: ignore[misc]
    """linkify-it with a sense of prose.

    Without a scheme, only `www.…` and `….gouv.fr`-like hosts with a path are taken for links:
    `README.md`, `socket.io` and `data.gouv.fr` in a sentence are names. Schemeless links get https.
    """

    def match(self, text: str) -> list[Any] | None:
        """The links in `text`, in order, trimmed of the punctuation of the sentence; `None` without any."""
        return [found for found in map(_trimmed, super().match(text) or []) if found] or None

    def match_at_start(self, text: str) -> Any | None:
        """The link with a scheme that `text` begins with, trimmed likewise."""
        found = super().match_at_start(text)
        return _trimmed(found) if found else None


def _trimmed(found: Any) -> Any | None:
    if not found.schema and not _is_meant_as_link(found.text):
        return None
    if found.schema in ("//", "ftp:"):
        return None
    address = _without_trailing(found.text)
    dropped = len(found.text) - len(address)
    if dropped:
        found.text = found.text[:-dropped]
        found.raw = found.raw[:-dropped]
        found.url = found.url[:-dropped]
        found.last_index -= dropped
    if not found.schema and found.url.startswith("http://"):
        found.url = "https://" + found.url.removeprefix("http://")
    return found


def _is_meant_as_link(address: str) -> bool:
    host, _slash, path = address.lower().partition("/")
    return host.startswith("www.") or (bool(path) and re.search(r"\.(?:fr|com|org|net|eu|gov|edu)$", host) is not None)


def _without_trailing(address: str) -> str:
    """The address without what belongs to the sentence; a bracket closed in the address stays."""
    while True:
        shorter = GLUED.sub("", address)
        last = TRAILING.search(shorter)
        if last:
            kept = last.group()[0]
            if kept in CLOSING and shorter.count(CLOSING[kept]) >= shorter.count(kept):
                shorter = shorter[: last.start() + 1] if len(last.group()) > 1 else shorter
            else:
                shorter = shorter[: last.start()]
        if shorter == address:
            return address
        address = shorter
