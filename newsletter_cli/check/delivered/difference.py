"""One thing that is not as it was handed over, or that is worth knowing of the way."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from msgspec import Struct

from newsletter_cli.base.privacy import without_addresses

MOST_SIGNS = 160
# What is about the sender's own addresses cannot be told without them.
NAMING_ADDRESSES = frozenset({"from-rewritten", "reply-to-changed", "sender-added"})


class Difference(Struct, frozen=True, kw_only=True):
    """`kind` is stable, for scripts; `place` is a header or a part of the message; `was` and `now` are excerpts, empty
    where there is nothing to show. A note says what is worth knowing, and is no change.
    """

    kind: str
    message: str
    place: str = ""
    was: str = ""
    now: str = ""
    is_note: bool = False

    def as_dict(self) -> dict[str, Any]:
        """For scripts."""
        return {
            "kind": self.kind,
            "place": self.place,
            "message": self.message,
            "was": self.was or None,
            "now": self.now or None,
        }


def shown(differences: Iterable[Difference]) -> Iterator[Difference]:
    """The same, fit to be shown: on one line each, not too long, without the addresses of people."""
    for one in differences:
        is_naming = one.kind in NAMING_ADDRESSES
        was, now, message = (text if is_naming else without_addresses(text) for text in (one.was, one.now, one.message))
        yield Difference(
            kind=one.kind, message=message, place=one.place, was=excerpt(was), now=excerpt(now), is_note=one.is_note
        )


def excerpt(text: str, most: int = MOST_SIGNS) -> str:
    """The text on one line, cut where it is long. Blanks that must not break stay what they are."""
    line = " ".join("".join(sign if sign.isprintable() or sign in "\u00a0\u202f" else " " for sign in text).split(" "))
    line = " ".join(word for word in line.split(" ") if word)
    return line if len(line) <= most else line[: most - 1] + "…"
