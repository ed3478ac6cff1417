"""What a program that reads for language is to `nl`, and what it finds."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from newsletter_cli.base.i18n import _
from newsletter_cli.check.language.piece import Piece


class FaultKind(StrEnum):
    """A word that no dictionary has, or words that do not go together."""

    SPELLING = "spelling"
    GRAMMAR = "grammar"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What a reader found in a piece.

    `start` and `end` are offsets in `piece.text`. `message` says what is wrong in a sentence; `proposals` are words to
    put in the place of the stretch, the likeliest first, at most three. `source_rule` is the reader's own name for it.
    """

    piece: Piece
    start: int
    end: int
    kind: FaultKind
    message: str
    proposals: tuple[str, ...] = ()
    source_rule: str = ""

    @property
    def words(self) -> str:
        """The stretch itself."""
        return self.piece.text[self.start : self.end]


class ReaderFailed(Exception):
    """A reader could not be started, crashed, or gave no answer that can be understood; the message is its reason."""


class ReaderStopped(Exception):
    """Nobody wants to know any more."""


@contextlib.contextmanager
def understanding() -> Iterator[None]:
    """An answer is taken apart inside: where anything in it is not as it should be, the reader has failed."""
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
        raise ReaderFailed(_("its answer cannot be understood")) from error


class LanguageReader(Protocol):
    """A program that reads texts of some languages: Grammalecte, Harper, a speller, a server of LanguageTool."""

    @property
    def name(self) -> str:
        """As its makers call it."""

    @property
    def languages(self) -> frozenset[str]:
        """Those it reads: `fr`, `en`."""

    @property
    def has_dictionary(self) -> bool:
        """Whether it tells unknown words: one that it does not tell is right."""

    def read(self, pieces: Sequence[Piece], is_stopped: Callable[[], bool]) -> list[Fault]:
        """What is wrong in these pieces, all in its languages. Raises `ReaderFailed`."""
