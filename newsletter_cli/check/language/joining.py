"""The faults that several readers found, as one list: one fault a place, and none that only one of them believes in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from newsletter_cli.check.language.known import KnownWords
from newsletter_cli.check.language.line import STAND_IN
from newsletter_cli.check.language.piece import Piece
from newsletter_cli.check.language.reader import Fault, FaultKind, LanguageReader

# Rules of readers that are wrong more often than right in newsletters. Each was looked at in real letters.
RULES_OFF = (
    # “côté données : …”: what begins a line is taken for a sentence.
    "g3__gn_start_",
)
# The parts of one remark of Grammalecte differ in this: `au seins` is said of “au”, and of “seins”.
PART_OF_REMARK = re.compile(r"_a\d+_\d+$")
REMARK_WIDTH = 40
WORD_BEFORE = re.compile(r"[\w’'-]+[ \u00a0\u202f]*$")
WORD_BEHIND = re.compile(r"[ \u00a0\u202f]*[\w’'-]+")
QUOTES = frozenset("«»“”")


def joined(
    found: Sequence[tuple[LanguageReader, Sequence[Fault]]], pieces: Sequence[Piece], known: KnownWords
) -> Iterator[Fault]:
    """The faults in the order of the pieces."""
    by_piece: dict[int, list[tuple[LanguageReader, Fault]]] = defaultdict(list)
    for reader, faults in found:
        for one in faults:
            if STAND_IN not in one.words:
                by_piece[id(one.piece)].append((reader, one))
    for piece in pieces:
        if its := by_piece.get(id(piece)):
            yield from _joined_in(
                [reader for reader, _faults in found if piece.language in reader.languages], its, known
            )


def _joined_in(
    readers: Sequence[LanguageReader], faults: Sequence[tuple[LanguageReader, Fault]], known: KnownWords
) -> Iterator[Fault]:
    unknown = [one for one in faults if one[1].kind is FaultKind.SPELLING]
    lists = [[fault for reader, fault in unknown if reader is one] for one in readers if one.has_dictionary]
    words = [one for one in _agreed(lists) if not known.has_at(one.piece.text, one.start, one.end)]
    grammar = [
        fault
        for _reader, fault in faults
        if fault.kind is FaultKind.GRAMMAR and not fault.source_rule.startswith(RULES_OFF)
    ]
    sure = (one for one in grammar if _is_sure(one, [fault for _reader, fault in unknown]))
    yield from _apart([*words, *_single(sure)])


def _agreed(lists: Sequence[Sequence[Fault]]) -> Iterator[Fault]:
    """The words that no reader knows, each as the one has it that takes the least of the text for it."""
    for one in lists[0] if lists else ():
        same = [next((other for other in others if _overlap(one, other)), None) for others in lists[1:]]
        agreed = [other for other in same if other is not None]
        if len(agreed) == len(same):
            yield min((one, *agreed), key=lambda fault: fault.end - fault.start)


def _is_sure(fault: Fault, unknown: Iterable[Fault]) -> bool:
    """Whether the reader knew the words around: what it says of an unknown one's neighbours is a guess."""
    text = fault.piece.text
    before = WORD_BEFORE.search(text, 0, fault.start)
    behind = WORD_BEHIND.match(text, fault.end)
    start = before.start() if before else fault.start
    end = behind.end() if behind else fault.end
    if QUOTES & set(text[max(0, fault.start - 2) : fault.start]):
        return False
    return not any(one.start < end and one.end > start for one in unknown)


def _single(faults: Iterable[Fault]) -> Iterator[Fault]:
    """Of what is one remark, said of several words, the first."""
    said: dict[str, int] = {}
    for one in faults:
        remark = PART_OF_REMARK.sub("", one.source_rule)
        if remark in said and abs(said[remark] - one.start) < REMARK_WIDTH and remark != one.source_rule:
            continue
        said[remark] = one.start
        yield one


def _apart(faults: Iterable[Fault]) -> Iterator[Fault]:
    """One fault a place, the earlier in the list first, in the order of the text."""
    kept: list[Fault] = []
    for one in faults:
        if not any(_overlap(one, other) for other in kept):
            kept.append(one)
    yield from sorted(kept, key=lambda one: one.start)


def _overlap(one: Fault, other: Fault) -> bool:
    return one.piece is other.piece and one.start < other.end and other.start < one.end
