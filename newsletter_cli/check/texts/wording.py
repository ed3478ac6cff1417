"""Words as a message shows them, and as they are compared."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.markdown.survey import NOT_PROSE, TextLine

SHOWN = 50  # characters of a text or an address that a message has room for
SCHEME = Pattern(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)
# A text that is an address itself: with its scheme, or as browsers show it.
ADDRESS = Pattern(r"(?:https?://|www\.)[^\s<>]+", re.IGNORECASE)


def word_set(words: str) -> frozenset[str]:
    """The words of a text, which are separated by blanks."""
    return frozenset(words.split())


def shorten(text: str, limit: int = SHOWN) -> str:
    """The text on one line, cut with “…” where it is longer than `limit` characters.

    The signs that stand for what is no prose are left out.
    """
    line = " ".join(text.replace(NOT_PROSE, "").split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"


def around(text: str, start: int, end: int, reach: int = 15) -> str:
    """A stretch of a text with the words of its line beside it, none of which is cut, nor an address."""
    before = text[max(0, start - reach) : start].rpartition("\n")[2]
    if start - len(before) > 0 and not text[start - len(before) - 1].isspace():
        before = before.partition(" ")[2]
    after = text[end : end + reach].partition("\n")[0]
    following = text[end + len(after) : end + len(after) + 1]
    if following and not following.isspace():
        after = after.rpartition(" ")[0]
    return shorten(before + text[start:end] + after)


def is_dialogue(lines: Sequence[TextLine]) -> bool:
    """Lines of speech begin with a dash, as those of a list do."""
    return lines[0].text.startswith(("-", "–")) and any(
        line.text.rstrip(" \u00a0\u202f»").endswith(("?", "!")) for line in lines
    )


def counted(message: str, count: int) -> str:
    """The message of a finding that stands for several of its kind in the issue."""
    return message if count < 2 else _("{message} ({count} times in this issue)").format(message=message, count=count)


def shown_address(address: str) -> str:
    """An address as a message names it: without scheme, cut."""
    return shorten(SCHEME.sub("", address).rstrip("/"))


def is_address(text: str) -> bool:
    """Whether a text is an address and nothing else."""
    return ADDRESS.fullmatch(text.strip()) is not None


def word_key(text: str) -> str:
    """What two texts have in common that say the same: small letters, one apostrophe, no punctuation around."""
    line = " ".join(text.replace("’", "'").split()).casefold()
    start, end = 0, len(line)
    while start < end and not line[start].isalnum():
        start += 1
    while end > start and not line[end - 1].isalnum():
        end -= 1
    return line[start:end]
