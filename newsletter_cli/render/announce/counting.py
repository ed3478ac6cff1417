"""How long a text is by the rule of the network that it is for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from newsletter_cli.render.announce.clusters import count_clusters

# Mastodon, `StatusLengthValidator`: every address counts as so many, however long it is.
ADDRESS_LENGTH = 23
# What counts as an address there, beside `http`, whole or not: so many more at most.
OTHER_ADDRESS = re.compile(r"(?:dat|dweb|ipfs|ipns|ssb|gopher|gemini)://|xmpp:|magnet:", re.IGNORECASE)
SCHEME = re.compile(r"https?://", re.IGNORECASE)
BEFORE = re.compile(r"[A-Za-z0-9@＠$#＃\u202a-\u202e]")
HOST = re.compile(
    r"(?:[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?\.)+(?P<top>xn--[0-9A-Za-z]+|[A-Za-z]+)(?=[^0-9A-Za-z@+-]|$)(?::\d+)?"
)
# `/…`: signs that may stand in a path, those that it may end with, and a part in brackets, with one more pair inside.
PATH_SIGN = re.compile(r"[^\s<>()?]")
PATH_END = re.compile(r"[^\s()?!*\"'「」<>;:=,.$%\[\]~&|@]")
IN_BRACKETS = re.compile(r"\((?:[^\s<>()?]*\([^\s<>()?]+\)[^\s<>()?]*|[^\s<>()?]+)\)")
QUERY = re.compile(r"\?[a-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@^\u00a0-\U0010fffd]*[a-z0-9_&=#/\-\u00a0-\U0010fffd]", re.I)
# A person on another server is counted without it.
MENTION = re.compile(r"(?<![=/\w])(@[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*)@\w+(?:[.-]+\w+)*(?![@＠]|://)", re.IGNORECASE)


def mastodon_length(text: str) -> int:
    """As Mastodon counts: addresses as 23, people without their server, else grapheme clusters; never too few."""
    counted, end = [], 0
    for first, last in _addresses(text):
        counted += [text[end:first], "x" * ADDRESS_LENGTH]
        end = last
    counted.append(text[end:])
    doubtful = sum(len(OTHER_ADDRESS.findall(part)) for part in counted)
    return count_clusters(MENTION.sub(r"\1", "".join(counted))) + ADDRESS_LENGTH * doubtful


def utf16_length(text: str) -> int:
    """As browsers count, where an emoji is two: what a network counts that says no more than “characters”."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def octet_length(text: str) -> int:
    """Octets in UTF-8."""
    return len(text.encode("utf-8", "surrogatepass"))


def _addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where the addresses stand that Mastodon makes links of; what it takes for text is none."""
    end = 0
    for found in SCHEME.finditer(text):
        if found.start() < end or (found.start() and BEFORE.match(text[found.start() - 1])):
            continue
        host = HOST.match(text, found.end())
        if host is not None and (host["top"].startswith("xn--") or host["top"].lower() in _top_domains()):
            end = _end_of_query(text, _end_of_path(text, host.end()))
            yield found.start(), end


def _end_of_path(text: str, start: int) -> int:
    end = at = start
    if text[start : start + 1] != "/":
        return start
    while at < len(text):
        if bracket := IN_BRACKETS.match(text, at):
            end = at = bracket.end()
        elif PATH_SIGN.match(text, at):
            at += 1
            if PATH_END.match(text, at - 1):
                end = at
        else:
            break
    return end


def _end_of_query(text: str, start: int) -> int:
    found = QUERY.match(text, start)
    return start if found is None else found.end()


@cache
def _top_domains() -> frozenset[str]:
    from linkify_it.tlds import TLDS

    return frozenset(map(str.lower, TLDS))
