"""Which bare addresses in prose become links."""

from __future__ import annotations

import re
from typing import Any

from linkify_it import LinkifyIt

from newsletter_cli.base.pattern import Pattern

# What French and English prose puts right behind an address without meaning it as a part of it; and the marks of
# emphasis, as in GitHub Flavored Markdown 0.29, 6.9. A backslash at a line's end is a line break, and never of an
# address (RFC 3986): Goldmark ends one before it, too.
TRAILING = frozenset(":;,.!?…»”“\"'’)]*_~\\")
# An elision or possessive glued to an address: "https://a.example/l’est", "https://a.example's".
GLUED = Pattern(r"[’'](?:est|s|a|on|en|y|un|une|ont|était)$", re.IGNORECASE)
LONGEST_GLUED = len("’était")
# What might be an address without its scheme: the host begins with www, or a path follows it.
SCHEMELESS = re.compile(r"www\.|(?<![/\w@.-])(?:[\w-]+\.)+(?:fr|com|org|net|eu|gov|edu)/", re.IGNORECASE)
# linkify-it's own patterns for these two name every punctuation mark of Unicode: 30 ms to compile, at every start.
# An address ends at white space, at a quotation mark, or at the punctuation of languages without spaces.
HTTP = Pattern(r"//(?=[\w\[])[^\s<>\"`«»“”„\u200b\u2060。、，；：！？（）「」『』【】]+")
EMAIL = r"(^|[^\w.+%@/-])([\w.+%-]*[\w+%-]@(?:[\w-]+\.)+[\w-]*\w)"
CLOSING = {")": "(", "]": "["}


class ProseLinkify(LinkifyIt):  # type: ignore[misc]
    """linkify-it with a sense of prose.

    Without a scheme, only `www.…` and `….gouv.fr`-like hosts with a path are taken for links:
    `README.md`, `socket.io` and `data.gouv.fr` in a sentence are names. Schemeless links get https.
    """

    def __init__(self) -> None:
        super().__init__()
        self.re["http"] = HTTP
        self.re["email_fuzzy"] = EMAIL

    def pretest(self, text: str) -> bool:
        """Whether `text` may hold a link. Plain searches: linkify-it's own test compiles 30 ms of patterns."""
        return "://" in text or "@" in text or SCHEMELESS.search(text) is not None

    test = pretest

    def match(self, text: str) -> list[Any] | None:
        """The links in `text`, in order, trimmed of the punctuation of the sentence; `None` without any."""
        self.set({"fuzzy_link": SCHEMELESS.search(text) is not None, "fuzzy_email": "@" in text})
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
    end = len(address)
    unopened = {closing: address.count(closing) - address.count(opening) for closing, opening in CLOSING.items()}
    while end:
        glued = GLUED.search(address, max(0, end - LONGEST_GLUED), end)
        last = address[end - 1]
        if glued:
            end = glued.start()
        elif last in TRAILING and unopened.get(last, 1) > 0:
            if last in unopened:
                unopened[last] -= 1
            end -= 1
        else:
            break
    return address[:end]
