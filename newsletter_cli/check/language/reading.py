"""An issue read for language, by all that is installed for the languages it is written in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

from newsletter_cli.check.language.joining import joined
from newsletter_cli.check.language.known import KnownWords
from newsletter_cli.check.language.line import STAND_IN
from newsletter_cli.check.language.piece import Piece
from newsletter_cli.check.language.pieces import pieces_of
from newsletter_cli.check.language.reader import Fault, LanguageReader, ReaderFailed
from newsletter_cli.check.language.report import LanguageReport
from newsletter_cli.check.subjects.manuscript import Manuscript

WORD = re.compile(r"[^\W\d_]+")
NO_WORDS = KnownWords()


def read_language(
    manuscript: Manuscript,
    readers: Sequence[LanguageReader],
    *,
    known: KnownWords = NO_WORDS,
    has_own_words: bool = False,
    is_stopped: Callable[[], bool] = lambda: False,
) -> LanguageReport:
    """What these readers find, those of one language joined; each reads all pieces in its languages at once.

    `has_own_words`: the newsletter has said which words are its own. Raises `ReaderStopped` when nobody wants to know
    any more.
    """
    file = manuscript.issue.editorial.file
    if not readers:
        own = manuscript.language.lower().partition("-")[0]
        return LanguageReport(
            file=file, unread={own: sum(len(text.survey.source.text.split()) for text in manuscript.texts)}
        )
    pieces = pieces_of(manuscript)
    found, failures = _found(readers, pieces, is_stopped)
    by_language = {
        language: tuple(one.name for one, _faults in found if language in one.languages)
        for language in sorted({piece.language for piece in pieces})
    }
    return LanguageReport(
        file=file,
        faults=tuple(joined(found, pieces, known)),
        readers={language: names for language, names in by_language.items() if names},
        unread=_unread(pieces, by_language),
        failures=failures,
        has_own_words=has_own_words,
    )


def _found(
    readers: Sequence[LanguageReader], pieces: Sequence[Piece], is_stopped: Callable[[], bool]
) -> tuple[list[tuple[LanguageReader, list[Fault]]], dict[str, str]]:
    """What each reader found, and the last words of those that failed."""
    found: list[tuple[LanguageReader, list[Fault]]] = []
    failures: dict[str, str] = {}
    tasks = [(one, [piece for piece in pieces if piece.language in one.languages]) for one in readers]
    tasks = [(one, its) for one, its in tasks if its]
    with ThreadPoolExecutor(max_workers=max(1, len(tasks))) as pool:
        running = [(one, pool.submit(one.read, its, is_stopped)) for one, its in tasks]
        for one, answer in running:
            try:
                found.append((one, answer.result()))
            except ReaderFailed as failure:
                failures[one.name] = str(failure)
    return found, failures


def _unread(pieces: Iterable[Piece], readers: Mapping[str, Sequence[str]]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    for piece in pieces:
        if not readers.get(piece.language):
            counts[piece.language] += sum(1 for _word in _words(piece))
    return dict(counts)


def _words(piece: Piece) -> Iterator[str]:
    return (found[0] for found in WORD.finditer(piece.text) if found[0] != STAND_IN)
