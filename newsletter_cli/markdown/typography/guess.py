"""Whether a passage is in another language than the newsletter: by the small words that each language is full of."""

from __future__ import annotations

import re
from functools import lru_cache

from newsletter_cli.base.pattern import Pattern

# Only words that the other languages here do not have, or have rarely.
SMALL_WORDS = {
    "fr": "le les des du et un une est sont dans pour par avec sur au aux ce cette ces qui nous vous il elle ils elles "
    "ne pas plus ou où leur leurs votre vos notre nos mais donc être été à chez sans sous entre dès très tout tous "
    "toute toutes lors ainsi aussi son sa ses mon ma mes je tu y voici comment pourquoi quel quelle quels quelles "
    "c d j l n qu s",
    "en": "the of and to is are was were with for from by this that these those it its you your our their they what "
    "how why when where who which will be been an in at as not have has had can should would about into than more "
    "between through over new",
    "de": "der die das und ist nicht mit für von dem den ein eine zu auf auch wird werden sich bei",
    "es": "el los las del una con para por su como más este esta",
    "it": "gli di che è per con della nel sono una alla delle",
}
# Small words that French shares with its neighbours.
SHARED = frozenset(("la", "de", "en", "que", "se", "il", "on", "a", "me", "te", "si"))
WORDS = re.compile(r"[^\W\d_]+")
# The “s” of “what’s” is not that of “s’il”.
ENGLISH_END = Pattern(r"(?<=[^\W\d_])['’](?:s|t|d|m|re|ve|ll)(?!\w)", re.IGNORECASE)
# A French text of so many words without a single small one is none.
LONG_WORDS = 12


@lru_cache(maxsize=2048)
def is_other_language(text: str, language: str) -> bool:
    """Whether the passage is certainly not in `language` (of those known here); a doubtful one is taken for its own."""
    own = _sets().get(language)
    if own is None:
        return False
    words = set(text.lower().replace("’", " ").replace("'", " ").split())
    mine = len(words & own)
    if language == "fr" and mine == 0 and not words & SHARED and sum(map(str.isalpha, words)) >= LONG_WORDS:
        return True
    if len(words) <= 3 * mine:
        return False
    others = max(len(words & theirs) for name, theirs in _sets().items() if name != language)
    return others >= 2 and others > 2 * mine


def has_other_words(text: str, language: str) -> bool:
    """Whether a few words hold a small word of another language and none of their own: a title, a slogan."""
    words = set(WORDS.findall(ENGLISH_END.sub("", text.lower())))
    sets = _sets()
    return not words & sets[language] and any(words & theirs for name, theirs in sets.items() if name != language)


def language_of(text: str, language: str) -> str:
    """The language a passage is in: `language` unless it is certainly another; empty where that is none known here."""
    if not is_other_language(text, language):
        return language
    words = set(WORDS.findall(ENGLISH_END.sub("", text.lower())))
    counts = {name: len(words & theirs) for name, theirs in _sets().items() if name != language}
    likeliest = max(counts, key=lambda name: counts[name])
    return likeliest if counts[likeliest] >= 2 else ""


def has_small_words(text: str, language: str) -> bool:
    """Whether there is a small word of the language, which must be known here, among these."""
    return not _sets()[language].isdisjoint(WORDS.findall(text.lower()))


def is_known_language(language: str) -> bool:
    """Whether its small words are known."""
    return language in SMALL_WORDS


_made: dict[str, frozenset[str]] = {}


def _sets() -> dict[str, frozenset[str]]:
    if not _made:
        _made.update({name: frozenset(words.split()) for name, words in SMALL_WORDS.items()})
    return _made
