"""Servers' answers that say the same, counted together, with nothing left in them that tells whom they are about.

Addresses, domains, tokens, numbers and ids go out of each. Of the words that remain, one is repeated only where it is a
word that mail servers use (`server_words.py`) or was said of several people; never one that its own recipient is called
by.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Collection
from functools import lru_cache

from msgspec import Struct

from newsletter_cli.base.privacy import without_addresses
from newsletter_cli.deliver.ledger.breakdown import SaidRow
from newsletter_cli.deliver.server_words import KNOWN
from newsletter_cli.model.delivery import DeliveryState, Reply

# What was said of as many people is about none of them.
ENOUGH = 5
# Different answers that are remembered; the rest is counted together.
MOST_KINDS = 2_000
MOST_WORDS = 20_000
LONGEST = 300
GAP = "…"
OTHERS = ""

# What was decided since stands behind a server's words.
DECIDED = re.compile(r"\s*\(nl: [^()]*\)$")
CODES = re.compile(r"(?:[245]\d\d[ -])?(?:[245]\.\d{1,3}\.\d{1,3}(?=\W|$) ?)?")
# What is no word of a language: in brackets of an address or between quotation marks, with a dot, a digit, a slash or
# the like in it.
ODD = re.compile(r"<[^>]*>|'[^'\s]+'|\"[^\"]*\"|“[^”]*”|«[^»]*»|\S*[\d@/\\=_%+*$&#~^|{}\[\]]\S*|[^\s.]+\.(?=[^\s.])\S*")
MARK_UP = re.compile(r"[<>@\"]")
WORD = re.compile(r"[^\W\d_]+")
GAPS = re.compile(rf"\s*{GAP}[^\w{GAP}]*(?:\s*{GAP}[^\w{GAP}]*)+")
# Shorter ones stand within other words by chance.
SHORTEST_WITHIN = 4


class Saying(Struct, frozen=True, kw_only=True):
    """An answer, and for how many people. `status` is the code and the enhanced one, as far as there are; `text` is
    empty for the answers that were too many to tell apart.
    """

    state: DeliveryState
    status: str
    text: str
    count: int


class Sayings:
    """Gathers answers one by one, in little memory; `groups` says what they come to."""

    def __init__(self) -> None:
        self._kinds: Counter[tuple[DeliveryState, str, str]] = Counter()
        self._words: Counter[str] = Counter()

    def add(self, row: SaidRow, *, note: str | None = None) -> None:
        """One answer. `note`: what `nl` itself noted in its place, in words that are shown as they are."""
        if note is not None:
            kind = (row.state, "", note)
        else:
            status, text, words = _spoken(row.code, row.reply)
            own = words and _own(row, words)
            text = _without(text, own) if own else text
            known = words - KNOWN - own if own else words - KNOWN
            if len(self._words) < MOST_WORDS:
                self._words.update(known)
            kind = (row.state, status, text)
        if kind not in self._kinds and len(self._kinds) >= MOST_KINDS:
            kind = (row.state, "", OTHERS)
        self._kinds[kind] += 1

    def groups(self, notes: Collection[str] = ()) -> list[Saying]:
        """The answers, the commonest first. `notes` are those that `add` was given: they are whole."""
        rare = {word for word, count in self._words.items() if count < ENOUGH}
        merged: Counter[tuple[DeliveryState, str, str]] = Counter()
        for (state, status, text), count in self._kinds.items():
            shown = text if text in notes else _only(text, rare, self._words)
            merged[state, status, shown] += count
        return [
            Saying(state=state, status=status, text=text, count=count)
            for (state, status, text), count in sorted(merged.items(), key=lambda one: (-one[1], one[0]))
        ]


@lru_cache(maxsize=4096)
def _spoken(code: int, reply: str) -> tuple[str, str, frozenset[str]]:
    """The status of an answer, its text without what is no word, and its words in lower case."""
    text = DECIDED.sub("", unicodedata.normalize("NFC", reply[: 4 * LONGEST])).removeprefix("nl: ")
    # All that is left of the words of somebody who was erased.
    text = "" if text == str(code) else text
    # Neither what drives a page nor what turns its order round.
    if not text.isprintable():
        text = "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in text)
    enhanced = Reply(code, text).enhanced_status
    status = " ".join(filter(None, (str(code or ""), enhanced)))
    text = without_addresses(CODES.sub("", text, count=1), GAP)
    text = _tidy(MARK_UP.sub(" ", ODD.sub(GAP, text)))[:LONGEST]
    return status, text, frozenset(map(str.casefold, WORD.findall(text)))


def _own(row: SaidRow, words: frozenset[str]) -> frozenset[str]:
    """Of the words, those that the recipient is called by."""
    local = row.address.rpartition("@")[0] or row.address
    called = {*_words_of(local), *_words_of(row.name)}
    if row.fields:
        called.update(*(_words_of(str(value)) for value in json.loads(row.fields).values()))
    found = words & called
    parts = [one for one in called if len(one) >= SHORTEST_WITHIN]
    joined = "".join(sorted(_words_of(local), key=local.casefold().find))
    within = {
        word
        for word in words - KNOWN
        if any(part in word for part in parts) or (len(word) >= SHORTEST_WITHIN and word in joined)
    }
    return frozenset(found | within)


def _words_of(text: str) -> frozenset[str]:
    return frozenset(map(str.casefold, WORD.findall(unicodedata.normalize("NFC", text))))


def _without(text: str, words: frozenset[str]) -> str:
    return _tidy(WORD.sub(lambda word: GAP if word[0].casefold() in words else word[0], text))


def _only(text: str, rare: Collection[str], counted: Collection[str]) -> str:
    """The text with the words alone that may be repeated."""

    def kept(word: re.Match[str]) -> str:
        one = word[0].casefold()
        return word[0] if one in KNOWN or (one in counted and one not in rare) else GAP

    return _tidy(WORD.sub(kept, text))


def _tidy(text: str) -> str:
    """Gaps beside each other are one, blanks too."""
    text = re.sub(rf"\w*{GAP}[\w{GAP}]*", GAP, text)
    text = GAPS.sub(f" {GAP} ", " ".join(text.split())).replace("  ", " ")
    return text.strip(f" {GAP}:;,-") or (GAP if text.strip() else "")
