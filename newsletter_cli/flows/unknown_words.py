"""The words of one issue or of all that no dictionary has: what `words.txt` is begun with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from newsletter_cli.base.errors import ContentError, UsageError
from newsletter_cli.base.extras import how_to_add
from newsletter_cli.base.i18n import _
from newsletter_cli.base.values import replace
from newsletter_cli.check.language.guesses import own_words_near
from newsletter_cli.check.language.known import KnownWords
from newsletter_cli.check.language.proposing import Proposals
from newsletter_cli.check.language.reader import Fault, FaultKind
from newsletter_cli.check.language.readers import find_readers
from newsletter_cli.flows.language import read_texts
from newsletter_cli.flows.manuscript import build_manuscript
from newsletter_cli.flows.read import read_sources
from newsletter_cli.model import Place
from newsletter_cli.model.finding import MOST_PROPOSALS
from newsletter_cli.workspace.folder import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownWord:
    """A word, where it stands first and how often, and what it may have been meant to be."""

    word: str
    count: int
    issues: tuple[int, ...]
    place: Place
    sentence: str
    proposals: tuple[str, ...] = ()

    @property
    def where(self) -> str:
        """`sections/002/news.md:12:4`"""
        return ":".join(str(part) for part in (self.place.file, self.place.line, self.place.column) if part)

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "word": self.word,
            "count": self.count,
            "issues": list(self.issues),
            "file": self.place.file,
            "line": self.place.line,
            "column": self.place.column,
            "proposals": list(self.proposals),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class UnknownWords:
    """The most frequent first. `unread` are the issues that could not be read, with what is wrong."""

    words: tuple[UnknownWord, ...]
    unread: tuple[str, ...] = ()


def find_unknown_words(
    workspace: Workspace, numbers: Sequence[int], on_progress: Callable[[int, int], None] = lambda done, total: None
) -> UnknownWords:
    """The unknown words of these issues, as `nl check` finds them, each as it is written most.

    Raises `UsageError` where nothing on this machine reads the newsletter's language.
    """
    found: dict[str, list[tuple[int, Fault]]] = {}
    unread = []
    has_reader = False
    for done, number in enumerate(numbers):
        on_progress(done, len(numbers))
        try:
            manuscript = build_manuscript(workspace, read_sources(workspace, number))
            report = read_texts(workspace, manuscript, is_spelling_alone=True)
        except ContentError as error:
            unread.append(str(error))
            continue
        has_reader = has_reader or bool(report.readers) or not report.unread
        for fault in report.faults:
            if fault.kind is FaultKind.SPELLING:
                found.setdefault(fault.words, []).append((number, fault))
    on_progress(len(numbers), len(numbers))
    if not has_reader and len(unread) < len(numbers):
        raise UsageError(
            _("no dictionary of the newsletter’s language is installed"),
            hint=_("install one: {command}; nl doctor tells more").format(command=how_to_add("language")),
        )
    proposals = find_readers(workspace.config.newsletter.language).proposals or Proposals({})
    words = [_unknown_word(word, faults, proposals) for word, faults in found.items()]
    words = [replace(one, proposals=(*_frequent_near(one, words), *one.proposals)[:MOST_PROPOSALS]) for one in words]
    return UnknownWords(
        words=tuple(sorted(words, key=lambda one: (-one.count, one.word.casefold(), one.word))), unread=tuple(unread)
    )


def _frequent_near(word: UnknownWord, words: Sequence[UnknownWord]) -> list[str]:
    """Unknown words that are one slip away and stand there more often: of the two, the other is the slip."""
    near = KnownWords(words=frozenset(one.word for one in words if one.count > word.count))
    return [one for one in own_words_near(word.word, near) if one not in word.proposals]


def _unknown_word(word: str, faults: Sequence[tuple[int, Fault]], proposals: Proposals) -> UnknownWord:
    # A check has no time for all of them; here, somebody waits for this.
    _number, first = faults[0]
    proposals.ask([first], lambda: False)
    (first,) = proposals.added_to([first])
    return UnknownWord(
        word=word,
        count=len(faults),
        issues=tuple(sorted({number for number, _fault in faults})),
        place=first.piece.place(first.start, first.end),
        sentence=first.piece.text,
        proposals=first.proposals,
    )
