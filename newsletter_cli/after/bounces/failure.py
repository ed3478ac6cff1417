"""Why a delivery failed: the status of a report, the codes and the words of the server, weighed against each other.

The sender's fault and what may pass win over a mailbox that is gone: servers give 5.1.1 for whatever they refuse, and a
slip of one's own authentication would otherwise erase every reader of a provider.
"""

from __future__ import annotations

import re

from msgspec import Struct

from newsletter_cli.after.bounces.statuses import BASIC, Meaning, meaning_of, statuses_in
from newsletter_cli.after.bounces.verdict import Doubt
from newsletter_cli.after.bounces.wording import agrees_with_gone, is_unmistakable, meaning_of_words, says_something

# `smtp; 550 5.1.1 …` (RFC 3464, 2.3.6).
TYPE = re.compile(r"^\s*[\w-]+\s*;\s*")
STORAGE = "552"


class Failure(Struct, frozen=True, kw_only=True):
    """What a failure comes to, the status that says so (empty where none does), and what makes it doubtful."""

    meaning: Meaning
    status: str = ""
    doubt: Doubt | None = None


def judge_failure(status: str, diagnostic: str) -> Failure:
    """`status` as a report has it, or empty; `diagnostic` the server's answer, else what the report says in words."""
    said = TYPE.sub("", diagnostic, count=1)
    inner = statuses_in(said)
    codes = {code: its for code in (*statuses_in(status), *inner) if (its := meaning_of(code)) is not None}
    words = meaning_of_words(said)
    meaning = _weighed(list(codes.values()), words, BASIC.findall(said))
    doubt = None
    if meaning in (Meaning.PERHAPS_GONE, Meaning.OPEN):
        doubt = Doubt.STATUS
    elif meaning is Meaning.GONE and not _is_told(codes, words, inner, said):
        doubt = Doubt.STATUS if Meaning.GONE in codes.values() else Doubt.WORDS
    return Failure(meaning=meaning, status=_telling(codes, meaning), doubt=doubt)


def _weighed(codes: list[Meaning], words: Meaning | None, basic: list[str]) -> Meaning:
    if Meaning.FULL in codes and Meaning.SENDER not in codes:
        return Meaning.FULL
    for meaning in (Meaning.SENDER, Meaning.FULL, Meaning.PASSING):
        if meaning in codes or words is meaning:
            return meaning
    if not codes and any(code.startswith("4") for code in basic):
        return Meaning.PASSING
    for meaning in (Meaning.PERHAPS_GONE, Meaning.GONE):
        if meaning in codes:
            return meaning
    if words is None and STORAGE in basic:
        return Meaning.FULL
    return words or Meaning.OPEN


def _is_told(codes: dict[str, Meaning], words: Meaning | None, inner: list[str], said: str) -> bool:
    """Whether it is certain: the server's own status, or its words. Some programs write 5.1.1 for any answer."""
    if Meaning.GONE in codes.values():
        return (
            words is Meaning.GONE
            or any(codes.get(code) is Meaning.GONE for code in inner)
            or not says_something(said)
            or agrees_with_gone(said)
        )
    return words is Meaning.GONE and is_unmistakable(said)


def _telling(codes: dict[str, Meaning], meaning: Meaning) -> str:
    """The status that decided, else the first."""
    return next((code for code, its in codes.items() if its is meaning), next(iter(codes), ""))
