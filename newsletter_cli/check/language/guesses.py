"""What a wrong word may have been meant to be: the words that one slip of a finger or of memory makes it of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import SequenceMatcher

from newsletter_cli.base.letters import without_accents
from newsletter_cli.check.language.french import ELIDED
from newsletter_cli.check.language.known import KnownWords
from newsletter_cli.check.language.slips import LONG_WORD
from newsletter_cli.check.language.word_forms import like

ACCENTS = {
    "fr": {"a": "àâ", "c": "ç", "e": "éèêë", "i": "îï", "o": "ô", "u": "ùûü"},
    "en": {},
}
# The commonest letters of either language first: of two words that one letter more would make, the better guess.
LETTERS = {"fr": "esaitnrulodcpmévqfbghàjxèêyzçôùâûîœïkw", "en": "etaoinshrdlucmfgypwbvkxjqz"}
# Letters that are taken for one another, by ear.
SOUNDS = ("sc", "sz", "sx", "kc", "kq", "cq", "gj", "iy", "ea", "ei", "ao", "fv", "td", "pb", "mn", "ou")
VOWELS = "aeéèêiouyhœàâîô"
# Of two words that are as near, the likelier one.
_FREQUENT = (
    "même mêmes très après déjà être été à où là vous nous plus pour dans avec sans sont tout tous toute toutes fait "
    "faire leur leurs autre autres bien cette comme elle elles entre important nouveau nouvelle donnée données jour "
    "jours projet projets équipe the and that have with this from they which would there their about other people "
    "important new data team project work"
)
FREQUENT = frozenset(_FREQUENT.split())
# Hunspell goes far to find something.
LEAST_LIKENESS = 0.75


class Guesser:
    """Guesses words that `has` knows, and the newsletter's own. `suggest` is asked where nothing lies near."""

    def __init__(
        self,
        has: Callable[[str], bool],
        known: KnownWords,
        language: str,
        suggest: Callable[[str], list[str]] | None = None,
    ) -> None:
        self._has = has
        self._known = known
        self._accents = ACCENTS.get(language, {})
        self._letters = LETTERS.get(language, LETTERS["en"])
        self._suggest = suggest

    def guesses(self, word: str, limit: int) -> list[str]:
        """The likeliest words, at most `limit`, with the word's capitals."""
        small = word.lower()
        found: dict[str, None] = {}
        for guess in self._in_order(small, word):
            found.setdefault(guess)
            if len(found) == limit:
                break
        return list(found)

    def has_near(self, word: str) -> bool:
        """Whether a word of the dictionary lies so near that this one is likelier a slip than a name.

        Benoit is no slip of Benoît: only words in small letters count for what has a capital, and for a short one
        only slips that change no sound.
        """
        small = word.lower()
        kinds = [self._accented(small), self._doubled(small), self._swapped(small)]
        if not word[:1].isupper() or len(word) >= LONG_WORD:
            kinds += [self._one_less(small), self._one_more(small), self._one_other(small), self._two_slips(small)]
        return any(form != small and self._has(form) for kind in kinds for form in kind)

    def has_accented(self, word: str) -> bool:
        """Whether the dictionary has it with other accents."""
        small = word.lower()
        return any(form != small and self._has(form) for form in self._accented(small))

    def _in_order(self, small: str, word: str) -> Iterator[str]:
        """Kind by kind; those behind are looked at only where nothing likelier was found, for each takes its time."""
        likely, possible, far = (
            (self._accented, self._doubled, self._swapped, self._elided),
            (self._one_more, self._one_less, self._one_other),
            (self._apart, self._two_slips),
        )
        # A short name is as near to some word as a slip is.
        is_name = word[:1].isupper() and not word.isupper() and len(word) < LONG_WORD
        own = own_words_near(word, self._known)
        is_found = False
        for kinds in (likely,) if is_name else (likely, possible, far):
            for guess in (*own, *(right for kind in kinds for right in self._those_right(kind(small), word))):
                is_found = True
                yield guess
            if is_found:
                return
        if self._suggest is not None:
            yield from (guess for guess in self._suggest(word) if _likeness(word, guess) >= LEAST_LIKENESS)

    def _those_right(self, forms: Iterator[str], word: str) -> Iterator[str]:
        right = (form for form in dict.fromkeys(forms) if form != word.lower() and self._is_word(form, word))
        yield from (like(form, word) for form in sorted(right, key=lambda form: form not in FREQUENT))

    def _is_word(self, form: str, word: str) -> bool:
        return all(len(part) > 0 and self._has(like(part, word)) for part in form.split(" "))

    def _accented(self, small: str) -> Iterator[str]:
        """Other accents: on one letter, then on two."""
        once = list(self._accented_once(small))
        yield from once
        for form in once:
            yield from (twice for twice in self._accented_once(form) if twice != small)

    def _accented_once(self, small: str) -> Iterator[str]:
        for index, letter in enumerate(small):
            bare = without_accents(letter)
            for other in (*self._accents.get(bare, ""), bare):
                if other != letter and bare in self._accents:
                    yield small[:index] + other + small[index + 1 :]

    def _doubled(self, small: str) -> Iterator[str]:
        """A letter twice or once."""
        for index, letter in enumerate(small):
            if index and letter == small[index - 1]:
                yield small[:index] + small[index + 1 :]
        for index, letter in enumerate(small):
            yield small[:index] + letter + small[index:]

    def _swapped(self, small: str) -> Iterator[str]:
        for index in range(len(small) - 1):
            yield small[:index] + small[index + 1] + small[index] + small[index + 2 :]

    def _one_more(self, small: str) -> Iterator[str]:
        """One letter was forgotten; hardly ever the first."""
        for letter in self._letters:
            yield from (small[:index] + letter + small[index:] for index in range(len(small), 0, -1))
        yield from (letter + small for letter in self._letters)

    def _one_less(self, small: str) -> Iterator[str]:
        if len(small) > 3:
            yield from (small[:index] + small[index + 1 :] for index in range(len(small) - 1, -1, -1))

    def _one_other(self, small: str) -> Iterator[str]:
        """Another letter: first those that sound alike."""
        for index, letter in enumerate(small):
            for pair in SOUNDS:
                if without_accents(letter) in pair:
                    yield small[:index] + pair.replace(without_accents(letter), "", 1) + small[index + 1 :]
        for letter in self._letters:
            yield from (small[:index] + letter + small[index + 1 :] for index in range(len(small) - 1, -1, -1))

    def _elided(self, small: str) -> Iterator[str]:
        """An apostrophe was forgotten: jai, quelquun."""
        for index in range(1, len(small) - 1) if self._accents else ():
            if small[:index] in ELIDED and small[index] in VOWELS:
                yield f"{small[:index]}'{small[index:]}"

    def _apart(self, small: str) -> Iterator[str]:
        """Two words in one."""
        yield from (f"{small[:index]} {small[index:]}" for index in range(3, len(small) - 2))

    def _two_slips(self, small: str) -> Iterator[str]:
        """An accent and a letter twice, or letters twice at two places."""
        for doubled in self._doubled(small):
            yield from self._accented_once(doubled)
            yield from self._doubled(doubled)


def _likeness(word: str, guess: str) -> float:
    return SequenceMatcher(None, without_accents(word.lower()), without_accents(guess.lower())).ratio()


def own_words_near(word: str, known: KnownWords) -> list[str]:
    """The newsletter's own words that one slip makes this one of."""
    near = [own for own in known.words if own != word and is_one_slip(own.lower(), word.lower())]
    return sorted(near, key=lambda own: (own[:1].lower() != word[:1].lower(), len(own), own))


def is_one_slip(one: str, other: str) -> bool:
    """Whether one letter more, less, other or swapped with its neighbour makes one word of the other."""
    if one == other or abs(len(one) - len(other)) > 1:
        return False
    start = 0
    while start < min(len(one), len(other)) and one[start] == other[start]:
        start += 1
    rest, rest_other = one[start:], other[start:]
    return (
        rest[1:] == rest_other[1:]
        or rest[1:] == rest_other
        or rest == rest_other[1:]
        or (rest[:2] == rest_other[:2][::-1] and rest[2:] == rest_other[2:])
    )
