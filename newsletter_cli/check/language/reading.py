"""An issue read for language, by all that is installed for the languages it is written in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from functools import partial
from types import MappingProxyType

from newsletter_cli.base.values import replace
from newsletter_cli.check.language.borrowed import without_borrowed
from newsletter_cli.check.language.guesses import own_words_near
from newsletter_cli.check.language.joining import joined
from newsletter_cli.check.language.known import KnownWords
from newsletter_cli.check.language.line import STAND_IN
from newsletter_cli.check.language.piece import Piece
from newsletter_cli.check.language.pieces import pieces_of
from newsletter_cli.check.language.proposing import Proposals
from newsletter_cli.check.language.reader import Fault, FaultKind, LanguageReader, ReaderFailed
from newsletter_cli.check.language.readers import Readers
from newsletter_cli.check.language.report import LanguageReport
from newsletter_cli.check.language.spelling import SpellingReader
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.model.finding import MOST_PROPOSALS

# For proposals, when all have read.
EXTRA_SECONDS = 0.25
WORD = re.compile(r"[^\W\d_]+")
NO_WORDS = KnownWords()


def read_language(
    manuscript: Manuscript,
    installed: Readers,
    *,
    known: KnownWords = NO_WORDS,
    has_own_words: bool = False,
    learn: Callable[[Collection[str]], KnownWords] = lambda unknown: NO_WORDS,
    refused: Mapping[str, str] = MappingProxyType({}),
    is_stopped: Callable[[], bool] = lambda: False,
) -> LanguageReport:
    """What these readers find, those of one language joined; each reads all pieces in its languages at once.

    What unknown words were meant to be is told in the time that there is: while the slowest reader reads, and a moment
    longer. `has_own_words`: the newsletter has said which words are its own; `learn` tells which of the unknown ones
    it teaches by itself. `refused` are readers that may not be asked, with the reason. Raises `ReaderStopped` when
    nobody wants to know any more.
    """
    readers = installed.readers
    pieces = pieces_of(manuscript)
    proposals = installed.proposals or Proposals({})
    spellers = installed.spellers
    found, failures = _found(readers, pieces, partial(_use_the_time, installed), is_stopped)
    faults = list(without_borrowed(joined(found, pieces, known), spellers.get("fr"), spellers.get("en")))
    learnt = learn(Counter(one.words for one in faults if one.kind is FaultKind.SPELLING))
    faults = [one for one in faults if one.kind is FaultKind.GRAMMAR or not learnt.has(one.words)]
    proposals.ask_for(faults, EXTRA_SECONDS)
    by_language = {
        language: tuple(one.name for one, _faults in found if language in one.languages)
        for language in sorted({piece.language for piece in pieces})
    }
    return LanguageReport(
        file=manuscript.issue.editorial.file,
        faults=tuple(_with_own_words(proposals.added_to(faults), known | learnt)),
        readers={language: names for language, names in by_language.items() if names},
        unread=_unread(pieces, by_language),
        failures={**refused, **failures},
        has_own_words=has_own_words,
    )


def _with_own_words(faults: Iterable[Fault], known: KnownWords) -> Iterator[Fault]:
    """The faults, with words of the newsletter's own that are one slip away before all other proposals."""
    for one in faults:
        near = own_words_near(one.words, known) if one.kind is FaultKind.SPELLING else ()
        yield replace(one, proposals=tuple(dict.fromkeys((*near, *one.proposals)))[:MOST_PROPOSALS]) if near else one


def _found(
    readers: Sequence[LanguageReader],
    pieces: Sequence[Piece],
    meanwhile: Callable[[Iterable[Fault], Callable[[], bool]], None],
    is_stopped: Callable[[], bool],
) -> tuple[list[tuple[LanguageReader, list[Fault]]], dict[str, str]]:
    """What each reader found, in their order, and the last words of those that failed.

    `meanwhile` is given what was found so far, while programs still read, and what tells that its time is over.
    """
    tasks = [(one, [piece for piece in pieces if piece.language in one.languages]) for one in readers]
    found: dict[int, list[Fault]] = {}
    failures: dict[str, str] = {}
    with ThreadPoolExecutor(max_workers=max(1, len(tasks))) as pool:
        waiting = {pool.submit(one.read, its, is_stopped): index for index, (one, its) in enumerate(tasks) if its}
        while waiting:
            done, _rest = wait(waiting, return_when=FIRST_COMPLETED)
            for answer in done:
                index = waiting.pop(answer)
                try:
                    found[index] = answer.result()
                except ReaderFailed as failure:
                    failures[readers[index].name] = str(failure)
            # Spellers answer one at a time: they are asked when they have read, while programs still do.
            if not any(isinstance(readers[index], SpellingReader) for index in waiting.values()):
                is_over = partial(_is_any_done, tuple(waiting), is_stopped)
                meanwhile((fault for faults in found.values() for fault in faults), is_over)
    return [(readers[index], found[index]) for index in sorted(found)], failures


def _use_the_time(installed: Readers, faults: Iterable[Fault], is_over: Callable[[], bool]) -> None:
    """Dictionaries are loaded that will be asked, then what unknown words were meant to be."""
    unknown = [one for one in faults if one.kind is FaultKind.SPELLING]
    for speller in installed.spellers.values() if unknown else ():
        if not is_over():
            speller.is_right("a")
    if installed.proposals is not None:
        installed.proposals.ask(unknown, is_over)


def _is_any_done(waiting: Sequence[Future[list[Fault]]], is_stopped: Callable[[], bool]) -> bool:
    return is_stopped() or not waiting or any(one.done() for one in waiting)


def _unread(pieces: Iterable[Piece], readers: Mapping[str, Sequence[str]]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for piece in pieces:
        if not readers.get(piece.language):
            counts[piece.language] += sum(1 for _word in _words(piece))
    return dict(counts)


def _words(piece: Piece) -> Iterator[str]:
    return (found[0] for found in WORD.finditer(piece.text) if found[0] != STAND_IN)
