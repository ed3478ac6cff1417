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
    # “Étend le drapeau”, of a program: a verb at the beginning is taken for an order.
    "gv1__imp_verbe_groupe",
)
# The parts of one remark of Grammalecte differ in this: `au seins` is said of “au”, and of “seins”.
PART_OF_REMARK = re.compile(r"_a\d+_\d+$")
REMARK_WIDTH = 40
# Grammalecte's rules on words that sound alike, and on what agrees with its neighbours.
CONFUSION = "__conf_"
AGREEMENT = re.compile("__(?:conj|ppas|infi|gn)_")
WORD_BEFORE = re.compile(r"[\w’'-]+[ \u00a0\u202f]*$")
WORD_BEHIND = re.compile(r"[ \u00a0\u202f]*[\w’'-]+")
QUOTES = frozenset("«»“”")
POINTS = frozenset("(·•⋅‧")


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
        (reader, fault)
        for reader, fault in faults
        if fault.kind is FaultKind.GRAMMAR and not fault.source_rule.startswith(RULES_OFF)
    ]
    yield from _apart([*words, *_single(_sure(grammar, unknown))])


def _agreed(lists: Sequence[Sequence[Fault]]) -> Iterator[Fault]:
    """The words that no reader knows, each as the one has it that takes the least of the text for it."""
    for one in lists[0] if lists else ():
        same = [next((other for other in others if _overlap(one, other)), None) for others in lists[1:]]
        agreed = [other for other in same if other is not None]
        if len(agreed) == len(same):
            yield min((one, *agreed), key=lambda fault: fault.end - fault.start)


def _sure(
    grammar: Sequence[tuple[LanguageReader, Fault]], unknown: Sequence[tuple[LanguageReader, Fault]]
) -> Iterator[Fault]:
    """Those whose reader knew the words around: what it says of an unknown one's neighbours is a guess.

    Before an unknown word, all that is said with it is one: “un data scientist” is no fault of “un” either.
    """
    doubtful: list[Fault] = []
    found: list[Fault] = []
    for reader, one in grammar:
        its = [fault for who, fault in unknown if who is reader or not reader.has_dictionary]
        if any(_overlap_within(fault, *_behind(one)) for fault in its):
            doubtful.append(one)
        elif not _is_broken_up(one) and not any(_overlap_within(fault, *_before(one)) for fault in its):
            found.append(one)
    yield from (one for one in found if not any(_is_same_remark(one, other) for other in doubtful))


def _before(fault: Fault) -> tuple[int, int]:
    """The stretch, and the word before it."""
    found = WORD_BEFORE.search(fault.piece.text, max(0, fault.start - REMARK_WIDTH), fault.start)
    return found.start() if found else fault.start, fault.end


def _behind(fault: Fault) -> tuple[int, int]:
    """The stretch, and the word behind it."""
    found = WORD_BEHIND.match(fault.piece.text, fault.end)
    return fault.start, found.end() if found else fault.end


def _is_broken_up(fault: Fault) -> bool:
    """Whether a quotation begins there, or the word goes on in brackets or behind a point: “motivé(e)”."""
    text = fault.piece.text
    return bool(QUOTES & set(text[max(0, fault.start - 2) : fault.start])) or text[fault.end : fault.end + 1] in POINTS


def _overlap_within(fault: Fault, start: int, end: int) -> bool:
    return fault.start < end and fault.end > start


def _is_same_remark(one: Fault, other: Fault) -> bool:
    remark = PART_OF_REMARK.sub("", one.source_rule)
    is_same = remark != one.source_rule and remark == PART_OF_REMARK.sub("", other.source_rule)
    return is_same and abs(one.start - other.start) < REMARK_WIDTH


def _single(faults: Iterable[Fault]) -> Iterator[Fault]:
    """Of what is one remark, said of several words, the first; and of a word taken for another, that alone.

    “Ils on travaillé”: where “on” is put right, nothing is wrong with what stands beside it.
    """
    faults = list(faults)
    confused = [one for one in faults if CONFUSION in one.source_rule]
    said: list[Fault] = []
    for one in faults:
        is_behind = AGREEMENT.search(one.source_rule) and any(_is_beside(one, other) for other in confused)
        if not is_behind and not any(_is_same_remark(one, other) for other in said):
            said.append(one)
            yield one


def _is_beside(one: Fault, other: Fault) -> bool:
    first, second = sorted((one, other), key=lambda fault: fault.start)
    return one is not other and not one.piece.text[first.end : second.start].strip()


def _apart(faults: Iterable[Fault]) -> Iterator[Fault]:
    """One fault a place, the earlier in the list first, in the order of the text."""
    kept: list[Fault] = []
    for one in faults:
        if not any(_overlap(one, other) for other in kept):
            kept.append(one)
    yield from sorted(kept, key=lambda one: one.start)


def _overlap(one: Fault, other: Fault) -> bool:
    return one.piece is other.piece and one.start < other.end and other.start < one.end
