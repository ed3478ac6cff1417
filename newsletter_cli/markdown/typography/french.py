"""French: non-breaking spaces, guillemets, apostrophes.

After the “Lexique des règles typographiques en usage à l’Imprimerie nationale”: a narrow space before `; ! ?`, a
non-breaking one before `:`, inside guillemets, between a number and its unit. Canadian French has no space before
`; ! ?` (https://vitrinelinguistique.oqlf.gouv.qc.ca).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

from newsletter_cli.markdown.typography.correction import (
    NARROW,
    NO_BREAK,
    OPAQUE,
    UNBREAKABLE,
    Correction,
    TypographyRules,
)
from newsletter_cli.markdown.typography.guess import has_other_words
from newsletter_cli.markdown.typography.marks import apostrophe, ellipsis
from newsletter_cli.markdown.typography.quotes import find_pairs

SIGNS = re.compile(r"[;!?:%€°«»']|\.{3}| {2,}")
FOLLOWING = frozenset(")]»”\"'’…., \n\t\r" + OPAQUE + "".join(UNBREAKABLE))
# Or a space.
BEHIND_SEMICOLON = frozenset('»”"' + OPAQUE)
# Behind these a mark stands with a space.
ENDING = frozenset('%€°)]»”"')
SEGMENT = re.compile(r"[.!?:;\n«»“”\"()\ufffc]")
# Behind these a space before a mark is no slip: “( !”. Nor is one behind another mark, but before a guillemet: “! »”.
NOTHING_BEFORE = frozenset("\n\r\t([{«“")
HIGH_MARKS = frozenset(";!?:")
# Names that end in a mark, headers of mails.
NAMES = frozenset(("Yahoo", "Kahoot", "Joomla", "Jeopardy", "useR", "Wham"))
LABELS = frozenset(("Re", "RE", "Fwd", "FW", "Tr", "TR"))
NUMBER = re.compile(r"(?:.*[«“\"°\u00a0\u202f])?[(\[«“\"'’≈~<>=+\-–—±/\u00a0\u202f]*\d[\d.,\u00a0\u202f–-]*")
WORD_END = re.compile(r"[^\s\ufffc]*$")
UNITS = "kg|km|cm|mm|Mo|Go|To|ko|Ko|kWh|MWh|GWh|TWh|ha|ms|min|h|k€|M€|Md€|millions?|milliards?"


def find_french(text: str, rules: TypographyRules, *, is_canadian: bool = False) -> Iterator[Correction]:
    """The corrections of a French text, in no order."""
    narrow = NARROW if rules.narrow else NO_BREAK
    has_guillemets = "«" in text and _is_even(text)
    if any(map(str.isdigit, text)):
        # Before the rest: of two corrections of one place the first holds.
        yield from _in_measures(text)
    for found in SIGNS.finditer(text):
        sign, at = found[0], found.start()
        if sign in ";!?":
            one = None if is_canadian else _before_high_mark(text, at, narrow)
        elif sign in "«»":
            one = _inside_guillemet(text, at) if has_guillemets else None
        else:
            one = HANDLERS[sign[:2]](text, at)
        if one is not None:
            yield one
    if rules.quotes and ('"' in text or "“" in text):
        for start, end in find_pairs(text):
            yield from _guillemets(text, start, end)


@cache
def _measures() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """12 kg, 14 h; and the minutes behind an hour."""
    return (
        re.compile(rf"\d( +)(?=(?:{UNITS})(?!\w))"),
        re.compile(r"\d[ \u00a0\u202f]*h( +)(?=\d\d(?!\d))"),
    )


def _in_measures(text: str) -> Iterator[Correction]:
    for pattern in _measures():
        for found in pattern.finditer(text):
            start, end = found.span(1)
            yield Correction(start=start, end=end, new=NO_BREAK, kind="space")


def _before_high_mark(text: str, at: int, space: str) -> Correction | None:
    if text[at - 1 : at] in (";", "!", "?", "…"):
        return None
    end = at + 1
    while text[at] != ";" and text[end : end + 1] in ("!", "?"):
        end += 1
    following = text[end : end + 1]
    if following and (
        following not in FOLLOWING
        or (text[at] == ";" and not following.isspace() and following not in BEHIND_SEMICOLON)
    ):
        return None
    one = _space_before(text, at, space)
    if one is not None or at == 0:
        return one
    if not _may_precede(text, at):
        return None
    word = _word_before(text, at)
    is_entity = text[at] == ";" and "&" in word
    if word in NAMES or is_entity or has_other_words(_segment_before(text, at), "fr"):
        return None
    return Correction(start=at, end=at, new=space, kind="space")


def _before_colon(text: str, at: int) -> Correction | None:
    following = text[at + 1 : at + 2]
    is_quoted = following in ("»", "”") or (following == '"' and not text[at + 2 : at + 3].isalnum())
    if following and not following.isspace() and following != OPAQUE and not is_quoted:
        return None
    one = _space_before(text, at, NO_BREAK)
    if one is not None or at == 0:
        return one
    word = _word_before(text, at)
    if (
        not _may_precede(text, at)
        or text[at - 1].isdigit()
        or len(word) < 2
        or word in LABELS
        or set(word) & set("/\\@:=_{}<>#")
    ):
        return None
    following_words = SEGMENT.split(text[at + 1 : at + 200], maxsplit=1)[0]
    if has_other_words(_segment_before(text, at), "fr") or has_other_words(following_words, "fr"):
        return None
    return Correction(start=at, end=at, new=NO_BREAK, kind="space")


def _may_precede(text: str, at: int) -> bool:
    """Whether what stands right before is the end of something: a word, a closing bracket or quotation mark."""
    before = text[at - 1]
    if before == '"':
        return at > 1 and (text[at - 2].isalnum() or text[at - 2] in ".,…!?)%€'’»”" + OPAQUE)
    return before.isalnum() or before in ENDING


def _space_before(text: str, at: int, space: str) -> Correction | None:
    """The spaces before a mark as one that does not break; nothing where there are none, or at a line's beginning."""
    start = at
    while start and (text[start - 1] == " " or text[start - 1] in UNBREAKABLE):
        start -= 1
    if start == at or (at - start == 1 and text[start] in UNBREAKABLE):
        return None
    if start == 0 or text[start - 1] in NOTHING_BEFORE or (text[at] != "»" and text[start - 1] in HIGH_MARKS):
        return None
    return Correction(start=start, end=at, new=space, kind="space")


def _inside_guillemet(text: str, at: int) -> Correction | None:
    if text[at] == "»":
        one = _space_before(text, at, NO_BREAK)
        has_none = at > 0 and not text[at - 1].isspace() and text[at - 1] not in UNBREAKABLE
        return one or (Correction(start=at, end=at, new=NO_BREAK, kind="space") if has_none else None)
    end = at + 1
    while text[end : end + 1] == " " or (text[end : end + 1] and text[end] in UNBREAKABLE):
        end += 1
    following = text[end : end + 1]
    if not following or following in "\n\r" or (end - at == 2 and text[at + 1] in UNBREAKABLE):
        return None
    return Correction(start=at + 1, end=end, new=NO_BREAK, kind="space")


def _is_even(text: str) -> bool:
    """Whether each guillemet has its fellow, and words between them: others are arrows, or another language's."""
    depth = 0
    last = ""
    for sign in re.findall(r"[«»]|[^«»\s\u00a0\u202f]+", text):
        if sign == "»" and last == "«":
            return False
        depth += (sign == "«") - (sign == "»")
        if depth < 0:
            return False
        last = sign
    return depth == 0


def _guillemets(text: str, start: int, end: int) -> Iterator[Correction]:
    first, last = start + 1, end
    while text[first] == " " or text[first] in UNBREAKABLE:
        first += 1
    while text[last - 1] == " " or text[last - 1] in UNBREAKABLE:
        last -= 1
    yield Correction(start=start, end=first, new=f"«{NO_BREAK}", kind="quote")
    yield Correction(start=last, end=end + 1, new=f"{NO_BREAK}»", kind="quote")


def _before_percent(text: str, at: int) -> Correction | None:
    following = text[at + 1 : at + 2]
    if following.isalnum() or at == 0:
        return None
    start = at
    while start and text[start - 1] == " ":
        start -= 1
    if not NUMBER.fullmatch(_word_before(text, start)):
        return None
    return Correction(start=start, end=at, new=NO_BREAK, kind="space")


def _around_degree(text: str, at: int) -> Correction | None:
    """`n° 2`, `20 °C`."""
    start, end = at, at + 1
    while start and text[start - 1] == " ":
        start -= 1
    if start < at and text[start - 1 : start].isdigit() and text[at + 1 : at + 2] in ("C", "F"):
        return Correction(start=start, end=at, new=NO_BREAK, kind="space")
    if _word_before(text, at).lower().lstrip('([«“"') != "n":
        return None
    while text[end : end + 1] == " ":
        end += 1
    return Correction(start=at + 1, end=end, new=NO_BREAK, kind="space") if text[end : end + 1].isdigit() else None


def _double_space(text: str, at: int) -> Correction | None:
    end = at
    while text[end : end + 1] == " ":
        end += 1
    before, after = text[at - 1 : at] if at else "", text[end : end + 1]
    if not before or not after or before.isspace() or after.isspace() or before in "«:|" or after in ";!?:»%€|":
        return None
    return Correction(start=at, end=end, new=" ", kind="double-space")


def _word_before(text: str, at: int) -> str:
    """What stands before, up to the last blank."""
    found = WORD_END.search(text[max(0, at - 80) : at])
    return found[0] if found else ""


def _segment_before(text: str, at: int) -> str:
    return SEGMENT.split(text[max(0, at - 200) : at])[-1]


# By the first two characters of what is found.
HANDLERS: dict[str, Callable[[str, int], Correction | None]] = {
    ":": _before_colon,
    "%": _before_percent,
    "€": _before_percent,
    "°": _around_degree,
    "'": apostrophe,
    "..": ellipsis,
    "  ": _double_space,
}
