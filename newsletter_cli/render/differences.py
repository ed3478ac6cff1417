"""What has changed from one issue to another, or to itself later: section by section, in lines and words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Literal

from msgspec import Struct

from newsletter_cli.base.values import replace

if TYPE_CHECKING:
    from newsletter_cli.render.compose import ComposedIssue

# A word, a run of blanks, or one mark of punctuation.
TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
WORD = re.compile(r"\w")
# From this share of common words on, two lines are one that was changed.
ALIKE = 0.5
# More pairs of lines than that are not compared with one another: some texts have nothing in common.
MOST_PAIRS = 2_500

Standing = Literal["same", "changed", "new", "gone"]
Kind = Literal["same", "new", "gone"]


class SectionText(Struct, frozen=True, kw_only=True):
    """A section as it is read: its lines, without the title. The editorial has an empty slug."""

    slug: str
    title: str
    lines: tuple[str, ...]


class Words(Struct, frozen=True, kw_only=True):
    """Words that stand in both texts, or in one of them only."""

    kind: Kind
    text: str


class Line(Struct, frozen=True, kw_only=True):
    """A line of the later text, of the earlier one (`gone`), or of both: `changed` where words of it differ."""

    standing: Standing
    words: tuple[Words, ...]


class SectionDifference(Struct, frozen=True, kw_only=True):
    """What became of a section; `before` is its title then, where that was another one."""

    slug: str
    title: str
    standing: Standing
    lines: tuple[Line, ...]
    before: str | None = None

    def count(self, kind: Kind) -> int:
        """How many words are of that kind."""
        words = (one for line in self.lines for one in line.words if one.kind == kind)
        return sum(len([token for token in TOKEN.findall(one.text) if WORD.match(token)]) for one in words)


def compare_sections(before: Sequence[SectionText], after: Sequence[SectionText]) -> Iterator[SectionDifference]:
    """The sections of the later issue in their order, each with what changed; those that are gone stand last."""
    known: Mapping[str, SectionText] = {one.slug: one for one in before}
    for section in after:
        old = known.get(section.slug)
        lines = compare_lines(() if old is None else old.lines, section.lines)
        has_title = old is None or old.title == section.title
        is_same = old is not None and has_title and all(line.standing == "same" for line in lines)
        standing: Standing = "new" if old is None else "same" if is_same else "changed"
        renamed = None if old is None or has_title else old.title
        yield SectionDifference(slug=section.slug, title=section.title, standing=standing, lines=lines, before=renamed)
    there = {one.slug for one in after}
    for old in before:
        if old.slug not in there:
            yield SectionDifference(slug=old.slug, title=old.title, standing="gone", lines=compare_lines(old.lines, ()))


def compare_lines(before: Sequence[str], after: Sequence[str]) -> tuple[Line, ...]:
    """The lines of both texts in one order; lines that have most of their words in common are one."""
    found: list[Line] = []
    for tag, old_from, old_to, new_from, new_to in _opcodes(before, after):
        if tag == "equal":
            found += [_whole("same", line) for line in after[new_from:new_to]]
        else:
            found += _paired(before[old_from:old_to], after[new_from:new_to])
    return tuple(found)


def _opcodes(before: Sequence[str], after: Sequence[str]) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, before, after, autojunk=False).get_opcodes()


def _whole(kind: Kind, text: str) -> Line:
    return Line(standing=kind, words=(Words(kind=kind, text=text),))


def _paired(before: Sequence[str], after: Sequence[str]) -> Iterator[Line]:
    """Lines that stand for one another, each new one with the next old one that is like it."""
    start = 0
    is_worth_it = len(before) * len(after) <= MOST_PAIRS
    tokens = [TOKEN.findall(line) for line in before] if is_worth_it else []
    for line in after:
        words = TOKEN.findall(line)
        like = next((at for at in range(start, len(tokens)) if _is_alike(tokens[at], words)), None)
        if like is None:
            yield _whole("new", line)
            continue
        yield from (_whole("gone", old) for old in before[start:like])
        yield Line(standing="changed", words=tuple(_words(tokens[like], words)))
        start = like + 1
    yield from (_whole("gone", old) for old in before[start:])


def _is_alike(before: Sequence[str], after: Sequence[str]) -> bool:
    one, other = ([token for token in tokens if WORD.match(token)] for tokens in (before, after))
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE


def _words(before: Sequence[str], after: Sequence[str]) -> Iterator[Words]:
    """The words of both lines. What holds no word between two changes is part of them: no confetti."""
    gone, new = "", ""
    opcodes = _opcodes(before, after)
    for index, (tag, old_from, old_to, new_from, new_to) in enumerate(opcodes):
        common = "".join(after[new_from:new_to])
        is_between = 0 < index < len(opcodes) - 1
        if tag != "equal" or (is_between and not WORD.search(common)):
            gone += "".join(before[old_from:old_to])
            new += common
            continue
        yield from _changed(gone, new)
        gone, new = "", ""
        yield Words(kind="same", text=common)
    yield from _changed(gone, new)


def _changed(gone: str, new: str) -> Iterator[Words]:
    if gone:
        yield Words(kind="gone", text=gone)
    if new:
        yield Words(kind="new", text=new)


def texts_of(composed: ComposedIssue) -> list[SectionText]:
    """The editorial and the sections of an issue, as its plain text has them."""
    # What compares texts that were kept needs nothing that lays an issue out.
    from newsletter_cli.render.text import render_chapters

    shown = replace(composed, issue=composed.shown)
    chapters = render_chapters(shown, words=composed.frame.words)
    titles = [("", ""), *((one.section.slug, one.title) for one in composed.sections)]
    return [
        SectionText(slug=slug, title=title, lines=tuple(_lines(text)))
        for (slug, title), text in zip(titles, chapters, strict=True)
    ]


def _lines(text: str) -> Iterator[str]:
    """Lines with words: neither rules under titles nor the width of a table's columns are differences."""
    for line in text.split("\n"):
        squeezed = " ".join(line.split(" ")).strip()
        if WORD.search(squeezed):
            yield " ".join(part for part in squeezed.split(" ") if part)
