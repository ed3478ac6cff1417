"""Conditional comments, as Word takes them: what they hold becomes part of the page, or leaves it.

https://learn.microsoft.com/en-us/previous-versions/windows/internet-explorer/ie-developer/compatibility/ms537512(v=vs.85)
"""

from __future__ import annotations

import re

# What Outlook 2016 to 2024 call themselves.
WORD_VERSION = 16
# Everybody but Word sees what stands between these.
REVEALED = re.compile(
    r"<!--\s*\[if\s+([^\]]*)\]>\s*(?:<!)?-->(.*?)<!--\s*<!\[endif\]\s*-->|<!\[if\s+([^\]]*)\]>(.*?)<!\[endif\]>",
    re.DOTALL | re.IGNORECASE,
)
# To everybody else it is one comment.
HIDDEN = re.compile(r"<!--\s*\[if\s+([^\]]*)\]>(.*?)<!\[endif\]\s*-->", re.DOTALL | re.IGNORECASE)
TERM = re.compile(r"(!)?\s*(?:(lte|lt|gte|gt)\s+)?(mso|vml|\w+)\s*([\d.]+)?", re.IGNORECASE)
PARENTHESES = re.compile(r"\(([^()]*)\)")


def taken_by_word(page: str) -> str:
    """The page with what is meant for Word in it, and without what is hidden from it."""
    page = REVEALED.sub(lambda found: (found[2] or found[4] or "") if holds(found[1] or found[3]) else "", page)
    return HIDDEN.sub(lambda found: found[2] if holds(found[1]) else "", page)


def holds(condition: str) -> bool:
    """Whether a condition (`gte mso 9`, `mso | IE`, `!mso`) holds in Word. One that is not understood does not."""
    while PARENTHESES.search(condition):
        condition = PARENTHESES.sub(lambda found: "mso" if holds(found[1]) else "none", condition)
    return any(all(_term_holds(term) for term in part.split("&")) for part in condition.split("|"))


def _term_holds(term: str) -> bool:
    found = TERM.fullmatch(term.strip())
    if found is None:
        return False
    is_turned, comparison, name, version = found.groups()
    return (not is_turned) is (name.lower() == "vml" or (name.lower() == "mso" and _compares(comparison, version)))


def _compares(comparison: str | None, version: str | None) -> bool:
    if version is None:
        return True
    number = float(version)
    return {
        None: number == WORD_VERSION,
        "lt": number > WORD_VERSION,
        "lte": number >= WORD_VERSION,
        "gt": number < WORD_VERSION,
        "gte": number <= WORD_VERSION,
    }[comparison and comparison.lower()]
