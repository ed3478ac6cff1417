"""The words of a part as they were and as they are: what was put in, what is gone, what became of letters."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.base.values import replace
from newsletter_cli.check.delivered import signs
from newsletter_cli.check.delivered.addresses import compare_address
from newsletter_cli.check.delivered.difference import Difference
from newsletter_cli.check.delivered.parsed import words_of

# What mail servers put above messages from outside.
WARNING = re.compile(
    r"\bexterne\b|\bexternal\b|\bextern(?:al)? sender|outside (?:of )?(?:the|your|our)|not recogni[sz]e|"
    r"ne cliquez|do not click|n.ouvrez pas|prudence|caution|expéditeur",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"https?://|mailto:", re.IGNORECASE)
# Words beside a change, to find it by.
NEAR = 4
# A part that ends so much earlier was cut.
CUT_WORDS = 12
LONG = 40
# Above it only what is rare is looked for, and no further than that: a text without end must not take for ever.
MANY_WORDS, MOST_WORDS = 20_000, 50_000


def compare_words(was: Sequence[str], now: Sequence[str], place: str, *, is_page: bool) -> Iterator[Difference]:
    """Each kind of change once, with how often and where it comes first. `is_page`: the words of the HTML."""
    if list(was) == list(now):
        return
    found: dict[str, list[tuple[str, str, str]]] = {}
    was, now, throughout = _without_throughout(was, now)
    for one in throughout:
        yield replace(one, place=place)
    for kind, before, after, position in _changes(was, now, is_page=is_page):
        near = " ".join([word for word in was[:position] if any(map(str.isalnum, word))][-NEAR:])
        found.setdefault(kind, []).append((before, after, near))
    for kind, changes in found.items():
        yield _told(kind, changes, place)


def _without_throughout(
    was: Sequence[str], now: Sequence[str]
) -> tuple[Sequence[str], Sequence[str], list[Difference]]:
    """What happened to one kind of sign throughout is told once; the words without it are compared then."""
    found = []
    whole = [signs.repaired(word) for word in now]
    if (gained := _distance(was, now) - _distance(was, whole)) > 0:
        after = next(word for word, other in zip(now, whole, strict=True) if word != other)
        message = _counted(signs.BROKEN, max(1, gained // 2))
        found.append(Difference(kind=signs.BROKEN, message=message, was=signs.repaired(after), now=after))
        now = whole
    for kind, table in ((signs.NO_BREAK_LOST, signs.AS_BLANKS), (signs.TYPOGRAPHY, signs.TYPEWRITER)):
        plain, other = (words_of(" ".join(words).translate(table)) for words in (was, now))
        far, near = _distance(was, now), _distance(plain, other)
        if near < far:
            is_gain = kind == signs.NO_BREAK_LOST and _count_no_break(now) > _count_no_break(was)
            told = signs.NO_BREAK_ADDED if is_gain else kind
            words = (word for word in (now if is_gain else was) if word.translate(table) != word)
            one = next((word for word in words if word[:1].isalnum() and len(word) < LONG), "")
            before, after = (one.translate(table), one) if is_gain else (one, one.translate(table))
            message = _counted(told, max(1, (far - near) // 2))
            found.append(Difference(kind=told, message=message, was=before, now=after))
            was, now = plain, other
    return was, now, found


def _distance(was: Sequence[str], now: Sequence[str]) -> int:
    before, after = Counter(was), Counter(now)
    return (before - after).total() + (after - before).total()


def _count_no_break(words: Sequence[str]) -> int:
    return sum(sign in signs.NO_BREAK for word in words for sign in word)


def _changes(was: Sequence[str], now: Sequence[str], *, is_page: bool) -> Iterator[tuple[str, str, str, int]]:
    """Kind, as it was, as it is, and the number of the word of the first."""
    start = _common(was, now)
    end = _common(was[start:][::-1], now[start:][::-1])
    middle, other = was[start : len(was) - end][:MOST_WORDS], now[start : len(now) - end][:MOST_WORDS]
    is_large = len(middle) + len(other) > MANY_WORDS
    for tag, *places in SequenceMatcher(None, middle, other, autojunk=is_large).get_opcodes():
        if tag == "equal":
            continue
        a, b, c, d = (start + place for place in places)
        before, after = list(was[a:b]), list(now[c:d])
        if not before:
            text = " ".join(after)
            kind = _added(text, is_first=a == 0, is_last=a == len(was))
            yield (signs.QUOTED_BROKEN if not text.strip("= ") else kind), "", text, a
        elif not after:
            is_cut = is_page and b == len(was) and len(before) >= CUT_WORDS
            kind = signs.kind_of_change(" ".join(before), "")
            if kind not in (signs.NO_BREAK_LOST, signs.EMOJI):
                kind = "html-clipped" if is_cut else "text-lost"
            yield kind, " ".join(before), "", a
        else:
            yield from _replaced(before, after, a, is_first=a == 0, is_last=b == len(was))


def _common(was: Sequence[str], now: Sequence[str]) -> int:
    """With how many of the same words both begin."""
    return next((count for count, (a, b) in enumerate(zip(was, now, strict=False)) if a != b), min(len(was), len(now)))


def _added(text: str, *, is_first: bool, is_last: bool) -> str:
    if is_first or (WARNING.search(text) and not is_last):
        return "banner-added"
    return "footer-added" if is_last else "text-added"


def _replaced(
    before: list[str], after: list[str], position: int, *, is_first: bool, is_last: bool
) -> Iterator[tuple[str, str, str, int]]:
    if len(before) == len(after):
        for index, (one, other) in enumerate(zip(before, after, strict=True)):
            if ADDRESS.search(one) and ADDRESS.search(other):
                found = compare_address(one, other)
                yield (found.kind if found else signs.kind_of_change(one, other)), one, other, position + index
            else:
                yield signs.kind_of_change(one, other), one, other, position + index
        return
    # Something put in beside a word that changed: what was put in is told by itself.
    if (is_first or is_last) and len(after) > len(before) + NEAR:
        kept = after[-len(before) :] if is_first else after[: len(before)]
        rest = after[: -len(before)] if is_first else after[len(before) :]
        yield _added(" ".join(rest), is_first=is_first, is_last=is_last), "", " ".join(rest), position
        if kept != before:
            yield from _replaced(before, kept, position, is_first=False, is_last=False)
        return
    for kind, one, other in signs.kinds_within(" ".join(before), " ".join(after)):
        yield kind, one, other, position


def _told(kind: str, changes: list[tuple[str, str, str]], place: str) -> Difference:
    before, after, near = changes[0]
    count = len(changes)
    message = _counted(kind, count)
    where = _("{part}, after “{words}”").format(part=place, words=near) if near else place
    return Difference(kind=kind, message=message, place=where, was=before, now=after)


def _counted(kind: str, count: int) -> str:
    message = MESSAGES.get(kind, MESSAGES[signs.CHANGED])()
    return message if count < 2 else message + _(" ({count} times; the first is shown)").format(count=count)


MESSAGES: dict[str, Callable[[], str]] = {
    "banner-added": lambda: _("a banner was put in above the text"),
    "footer-added": lambda: _("something was put in below the text"),
    "text-added": lambda: _("words were put in"),
    "text-lost": lambda: _("words are gone"),
    "html-clipped": lambda: _("the end is cut off"),
    "text-changed": lambda: _("words are others than they were"),
    "link-rewritten": lambda: _("an address leads elsewhere"),
    "link-changed": lambda: _("an address is another"),
    "tracking-added": lambda: _("an address got parameters that tell who followed it"),
    signs.NO_BREAK_LOST: lambda: _("blanks that must not break are lost: a line may begin with “!” or “%”"),
    signs.NO_BREAK_ADDED: lambda: _("blanks became ones that must not break"),
    signs.TYPOGRAPHY: lambda: _("quotation marks, apostrophes or dashes are others"),
    signs.BROKEN: lambda: _("letters are broken"),
    signs.ACCENTS: lambda: _("accents are lost"),
    signs.EMOJI: lambda: _("emoji are lost"),
    signs.QUOTED_BROKEN: lambda: _("signs of the encoding show (quoted-printable)"),
    signs.DOTS: lambda: _("dots at the begin of lines are doubled or lost"),
    signs.FROM: lambda: _("a “>” was put before “From”"),
}


def compare_lines(was: str, now: str, place: str) -> Iterator[Difference]:
    """Where the words are the same: whether the plain text's lines are. What no one sees (blanks at ends) is none."""
    before, after = _lines(was), _lines(now)
    if before == after:
        return
    one, other = next(
        ((a, b) for a, b in zip(before, after, strict=False) if a != b),
        (before[len(after) : len(after) + 1] or [""], after[len(before) : len(before) + 1] or [""]),
    )
    count = abs(len(before) - len(after))
    more = ngettext("{count} line more or less", "{count} lines more or less", count).format(count=count)
    yield Difference(
        kind="lines-changed",
        message=_("its lines are broken elsewhere") + (f" ({more})" if count else ""),
        place=place,
        was=one if isinstance(one, str) else one[0],
        now=other if isinstance(other, str) else other[0],
    )


def _lines(text: str) -> list[str]:
    lines = [line.rstrip(" \t\r\f\v") for line in text.split("\n")]
    while lines and not lines[-1]:
        lines.pop()
    while lines and not lines[0]:
        lines.pop(0)
    return lines
