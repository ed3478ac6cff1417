"""The fragments of the online post's headings, as Hugo makes them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import count, pairwise

from markdown_it.token import Token

OWN_ANCHOR = re.compile(r"\s*\{(?:[^{}]*\s)?#([^\s{}]+)[^{}]*\}\s*$")
# What Hugo calls a heading of punctuation alone.
NAMELESS = "heading"


class Anchors:
    """The fragments given so far in one post: none is given twice (`même`, `même-1`)."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        # What is taken stays taken: headings of one name need not count from the first again.
        self._numbers: dict[str, Iterator[int]] = {}

    @property
    def given(self) -> frozenset[str]:
        """All that have been given so far."""
        return frozenset(self._taken)

    def give(self, heading: str, *, own: str | None = None) -> str:
        """The fragment of the next heading; `own` is the one that the editor wrote behind it."""
        anchor = own or hugo_anchor(heading) or NAMELESS
        if own is None and anchor in self._taken:
            numbers = self._numbers.setdefault(anchor, count(1))
            anchor = next(name for number in numbers if (name := f"{anchor}-{number}") not in self._taken)
        self._taken.add(anchor)
        return anchor

    def pass_over(self, tokens: Iterable[Token]) -> dict[int, str]:
        """Gives the headings within a text theirs, as Hugo does on its way to the next section.

        Returned are those given, by the line (from 0) of the text on which the heading begins.
        """
        given: dict[int, str] = {}
        for opening, inline in pairwise(tokens):
            if opening.type == "heading_open":
                text = "".join(token.content for token in inline.children or [] if token.type != "html_inline")
                anchor = self.give(OWN_ANCHOR.sub("", text), own=own_anchor(text))
                if opening.map is not None:
                    given[opening.map[0]] = anchor
        return given


def own_anchor(title: str) -> str | None:
    """The fragment in the `{#fragment .class}` behind a title."""
    found = OWN_ANCHOR.search(title)
    return found.group(1) if found else None


def hugo_anchor(heading: str) -> str:
    """The fragment Hugo gives a heading (`markup.goldmark.parser.autoHeadingIDType: github`).

    Letters and digits of any script, hyphens and underscores stay, spaces become hyphens, the rest goes.
    """
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")
