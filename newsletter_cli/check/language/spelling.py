"""A speller as a reader: word by word, beside a program that knows grammar, or where there is none."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from newsletter_cli.base.i18n import _
from newsletter_cli.check.language.known import KnownWords
from newsletter_cli.check.language.piece import Piece
from newsletter_cli.check.language.reader import Fault, FaultKind, ReaderFailed, ReaderStopped
from newsletter_cli.check.language.speller import Speller
from newsletter_cli.check.language.word_forms import WORD

NAME = "Hunspell"


class SpellingReader:
    """Finds the words that the dictionary does not have. It proposes nothing: what is shown is asked about later."""

    name = NAME
    has_dictionary = True

    def __init__(self, speller: Speller, known: KnownWords) -> None:
        self._speller = speller
        self._known = known
        self.languages = frozenset({speller.language})

    def read(self, pieces: Sequence[Piece], is_stopped: Callable[[], bool]) -> list[Fault]:
        """The wrong words of the pieces. Raises `ReaderFailed` where the dictionary is broken, `ReaderStopped`."""
        if not self._speller.is_working:
            raise ReaderFailed(_("the dictionary cannot be read"))
        faults = []
        for piece in pieces:
            if is_stopped():
                raise ReaderStopped
            for found in WORD.finditer(piece.text):
                faults += [
                    self._fault(piece, found.start() + start, found.start() + end)
                    for start, end in self._speller.wrong_stretches(found[0], self._known)
                ]
        return faults

    def _fault(self, piece: Piece, start: int, end: int) -> Fault:
        return Fault(piece=piece, start=start, end=end, kind=FaultKind.SPELLING, message="", source_rule="hunspell")
