"""A speller: whether a word is right in French or English, and what it may have been meant to be."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from newsletter_cli.check.language import french
from newsletter_cli.check.language.dictionaries import Dictionary, find_dictionaries
from newsletter_cli.check.language.guesses import Guesser
from newsletter_cli.check.language.known import KnownWords
from newsletter_cli.check.language.word_forms import BRACKETS, POINTS, is_judged, plain_word

# In every dictionary that is one.
PROBES = {"fr": "bonjour", "en": "hello"}
NO_WORDS = KnownWords()
CONTRACTED = frozenset(["s", "t", "d", "ll", "re", "ve", "m"])
# Hunspell takes seconds for a very long one.
LONGEST_SUGGESTED = 24
# lecteur·rice, acteur·trice, tou·tes, ceux·elles
LONGEST_ENDING = 6
ACCENTED_CAPITALS = {"E": "ÉÈÊ", "A": "ÀÂ", "C": "Ç", "I": "Î", "O": "Ô", "U": "Ù"}


class SpellChecker(Protocol):
    """What is used of Hunspell."""

    def spell(self, word: str) -> bool:
        """Whether the dictionary has the word, or makes it by its rules."""

    def suggest(self, word: str) -> tuple[str, ...]:
        """Words that are near to it; slow."""


def find_speller(language: str, dictionaries: Path | None = None) -> Speller | None:
    """The speller for a language tag (`fr`, `en-GB`); `None` where Hunspell or dictionary is not installed.

    `dictionaries` is a folder that is looked into first. Nothing is loaded before the first word is asked about.
    """
    from importlib.util import find_spec

    try:
        is_there = find_spec("hunspell") is not None
    except (ImportError, ValueError):
        is_there = False
    found = find_dictionaries(language, dictionaries) if is_there else ()
    return Speller(language, found) if found else None


class Speller:
    """Hunspell with the dictionaries of one language, which takes a fraction of a second to load."""

    def __init__(self, language: str, dictionaries: tuple[Dictionary, ...]) -> None:
        self.language = language.lower().partition("-")[0]
        self.dictionaries = dictionaries
        self._answers: dict[str, bool] = {}
        self._near: dict[str, bool] = {}

    @functools.cached_property
    def _checkers(self) -> tuple[SpellChecker, ...]:
        from hunspell import Hunspell, HunspellFilePathError

        checkers: list[SpellChecker] = []
        for dictionary in self.dictionaries:
            try:
                checker = Hunspell(dictionary.name, hunspell_data_dir=str(dictionary.folder), system_encoding="UTF-8")
            except (HunspellFilePathError, UnicodeError, OSError):
                continue
            # A broken dictionary has no words, and every word of the text would be wrong.
            if _spell(checker, PROBES.get(self.language, "")):
                checkers.append(checker)
        return tuple(checkers)

    @property
    def is_working(self) -> bool:
        """False where the files of the dictionaries are broken: then every word passes."""
        return bool(self._checkers)

    def is_right(self, word: str, known: KnownWords = NO_WORDS) -> bool:
        """Whether nothing is wrong with a word of the text, as a reader would say.

        What no dictionary can judge (acronyms, figures, names written in the manner of programs) passes.
        """
        return not any(True for _part in self._wrong_parts(word, known))

    def wrong_stretches(self, word: str, known: KnownWords = NO_WORDS) -> list[tuple[int, int]]:
        """Where in the word something is wrong: of `l’hakathon`, the noun; as a rule, all of it."""
        parts = list(self._wrong_parts(word, known))
        if parts and all(word.count(part) == 1 for part in parts):
            return [(word.index(part), word.index(part) + len(part)) for part in parts]
        return [(0, len(word))] if parts else []

    def proposals(
        self, word: str, limit: int = 3, *, known: KnownWords = NO_WORDS, is_patient: bool = False
    ) -> tuple[str, ...]:
        """Words that it may have been meant to be, the likeliest first; always the same for the same word.

        `is_patient`: where nothing lies near, Hunspell is asked, which takes a third of a second.
        """
        plain = plain_word(word)
        parts = list(self._wrong_parts(word, known))
        if not parts:
            return ()
        if len(parts) != 1 or plain.count(parts[0]) != 1:
            parts = [plain]
        guesser = Guesser(self._spells, known, self.language, self._suggest if is_patient else None)
        before, _mark, behind = plain.partition(parts[0])
        apostrophe = "’" if "’" in word else "'"
        return tuple(f"{before}{guess}{behind}".replace("'", apostrophe) for guess in guesser.guesses(parts[0], limit))

    def has_near(self, word: str) -> bool:
        """Whether the dictionary has a word so near that this one is likelier a slip of it than a name."""
        plain = plain_word(word)
        answer = self._near.get(plain)
        if answer is None:  # hundreds of words are looked up for it, and a preview asks again and again
            answer = self._near[plain] = Guesser(self._spells, NO_WORDS, self.language).has_near(plain)
        return answer

    def has_accented(self, word: str) -> bool:
        """Whether the dictionary has the word with other accents: addresses have none."""
        return Guesser(self._spells, NO_WORDS, self.language).has_accented(plain_word(word))

    def _wrong_parts(self, word: str, known: KnownWords) -> Iterator[str]:
        if not self._checkers or known.has(word):
            return
        for part in _without_inclusive(word, self._is_word):
            plain = plain_word(part)
            if is_judged(plain) and not known.has(plain) and not self._has(plain):
                yield from self._wrong_within(plain, known)

    def _wrong_within(self, plain: str, known: KnownWords) -> Iterator[str]:
        """The wrong ones of a compound's parts, or the word itself."""
        parts = re.split(r"(['-])", plain)
        if len(parts) == 1:
            yield plain
            return
        for index, part in enumerate(parts):
            if part in ("", "'", "-") or len(part) == 1:
                continue
            mark = parts[index + 1] if index + 1 < len(parts) else ""
            if mark == "'" and part.lower() in french.ELIDED:
                continue
            if index and parts[index - 1] == "'" and part.lower() in CONTRACTED:
                continue
            if mark == "-" and part.lower() in french.BEFORE_HYPHEN:
                continue
            if not (known.has(part) or not is_judged(part) or self._is_word(part)):
                yield part

    def _is_word(self, word: str) -> bool:
        return self._has(word) if is_judged(word) else word.isalpha()

    def _has(self, plain: str) -> bool:
        answer = self._answers.get(plain)
        if answer is None:
            answer = self._answers[plain] = self._look_up(plain)
        return answer

    def _look_up(self, plain: str) -> bool:
        if self._spells(plain):
            return True
        if self.language != "fr":
            return plain.isupper() and self._spells(plain.capitalize())
        small = plain.lower()
        if plain != small and self._has_accented_capital(plain):
            return True
        if "-" in small or "'" in small:
            return False
        return (
            french.is_by_itself(small)
            or any(self._spells(form) for form in french.forms_of(small))
            or french.prefixed(small, self._spells)
        )

    def _has_accented_capital(self, plain: str) -> bool:
        """Etat, EVENEMENT: that the accent is missing is told by another rule."""
        if plain.isupper():
            return any(self._spells(form) for form in _accented(plain.lower()))
        return any(
            self._spells(letter + plain[1:]) or self._spells(letter.lower() + plain[1:])
            for letter in ACCENTED_CAPITALS.get(plain[0], "")
        )

    def _spells(self, plain: str) -> bool:
        return any(_spell(checker, plain) for checker in self._checkers)

    def _suggest(self, plain: str) -> list[str]:
        if len(plain) > LONGEST_SUGGESTED:
            return []
        return [found for checker in self._checkers for found in _suggest(checker, plain)]


def _spell(checker: SpellChecker, word: str) -> bool:
    try:
        return bool(word) and bool(checker.spell(word))
    except UnicodeError:  # letters that the dictionary's encoding does not have
        return False


def _suggest(checker: SpellChecker, word: str) -> tuple[str, ...]:
    try:
        return checker.suggest(word)
    except UnicodeError:
        return ()


def _without_inclusive(word: str, is_word: Callable[[str], bool]) -> Iterator[str]:
    """What is left to judge of a word that may be in inclusive writing: agent·e·s, développeur·se·s, agent(e)s."""
    if "(" in word:
        forms = (BRACKETS.sub("", word), re.sub(r"[()]", "", word))
        if not any(is_word(plain_word(form)) for form in forms):
            yield forms[0]
        return
    base, *endings = POINTS.split(word)
    if not endings or any(len(ending) > LONGEST_ENDING for ending in endings):
        yield from (base, *endings)
    elif is_word(base) or not is_word(base + endings[0]):
        yield base


def _accented(small: str) -> Iterator[str]:
    """The word with up to two of its vowels accented: what capitals leave out."""
    first = [
        small[:index] + accented.lower() + small[index + 1 :]
        for index, letter in enumerate(small)
        for accented in ACCENTED_CAPITALS.get(letter.upper(), "")
    ]
    yield from first
    for one in first:
        at = next(index for index, (a, b) in enumerate(zip(one, small, strict=True)) if a != b)
        yield from (one[:index] + "é" + one[index + 1 :] for index in range(at + 1, len(one)) if one[index] == "e")
