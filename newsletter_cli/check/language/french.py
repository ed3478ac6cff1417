"""French words that are right although the dictionary has another form of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

# What stands before an apostrophe.
_ELIDED = "l d j m t s n c qu jusqu lorsqu puisqu quoiqu quelqu presqu entr aujourd grand"
ELIDED = frozenset(_ELIDED.split())
# Each is put before a word without a hyphen, as it comes: géodonnées, microservices.
PREFIXES = (
    *("aéro", "agro", "anti", "audio", "auto", "bio", "cyber", "éco", "électro", "extra", "géo", "hydro", "hyper"),
    *("hypo", "infra", "inter", "intra", "macro", "maxi", "méga", "méta", "micro", "mini", "multi", "nano", "néo"),
    *("neuro", "photo", "pluri", "poly", "pseudo", "radio", "semi", "socio", "super", "techno", "télé", "thermo"),
    *("trans", "ultra", "vidéo", "contre", "entre"),
)
# Those that stand before a hyphen and are no words by themselves.
_BEFORE_HYPHEN = "co e ré bi tri cyber micro meta neuro télé éco géo vidéo audio hyper socio agro i o"
BEFORE_HYPHEN = frozenset(_BEFORE_HYPHEN.split())
# In one word since 1990, simplified or accented then; other forms of that year are known by rule.
_SIMPLER = (
    "weekend assoir rassoir nénufar joailler quincailler serpillère charriot imbécilité combattif combattive bonhommie "
    "boursouffler cahutte persifflage douçâtre exéma levreau prudhommal saccarine potpourri portemonnaie tirebouchon "
    "millefeuille autostop autostoppeur hautparleur basketball volleyball handball pingpong cowboy fairplay hotdog "
    "lockout bestseller blackout statuquo vadémécum artéfact diésel média révolver référendum mémento corole girole "
    "barcarole fumerole guibole mariole entretemps quotepart passetemps passepartout rondpoint sagefemme millepatte "
    "boutentrain branlebas chauvesouris faitout fourretout lieudit bassecour basfond"
)
SINCE_1990 = frozenset(_SIMPLER.split())
# Of these forms the circumflex stays: nous vînmes, qu'il fût.
KEEPS_CIRCUMFLEX = re.compile(r"(?:[îû](?:n?mes|n?tes|nt|t)|cr[oû]\w*)$")
CIRCUMFLEX_GOES = re.compile(r"(?:a[îi]t|o[ûu]t|g[îi]t)$")
SOLEMN = str.maketrans("iu", "îû")


def forms_of(word: str) -> Iterator[str]:
    """Other spellings of a word in small letters; where the dictionary has one of them, the word is right."""
    yield from _before_1990(word)
    yield from _masculine(word)
    if "oe" in word or "ae" in word:
        # Another rule says how it is written.
        yield word.replace("oe", "œ")
        yield word.replace("ae", "æ")


def is_by_itself(word: str) -> bool:
    """Whether it is right whatever the dictionary says; small letters."""
    return word in SINCE_1990 or (word.endswith("s") and word[:-1] in SINCE_1990)


def prefixed(word: str, is_word: Callable[[str], bool]) -> bool:
    """Whether it is a word of at least five letters behind one of the usual prefixes: `géodonnées`."""
    return any(
        word.startswith(prefix) and len(word) >= len(prefix) + 5 and is_word(word[len(prefix) :]) for prefix in PREFIXES
    )


def _before_1990(word: str) -> Iterator[str]:
    """The spelling that the word had before: connaitre → connaître, règlementaire → réglementaire."""
    for index, letter in enumerate(word):
        if letter in "iu":
            before = word[:index] + letter.translate(SOLEMN) + word[index + 1 :]
            if CIRCUMFLEX_GOES.search(before) or not KEEPS_CIRCUMFLEX.search(before):
                yield before
        elif letter == "è" and re.match(r"è[bcdfghjklmnpqrstvxz]{1,2}(?:e|ri)", word[index:]):
            yield word[:index] + "é" + word[index + 1 :]
            # il ruissèle, elle étiquète
            if word[index + 1] in "lt":
                yield word[:index] + "e" + word[index + 1] + word[index + 1 :]
    if "ü" in word:
        yield word.replace("üe", "uë").replace("üi", "uï").replace("eü", "eu")


# A name for a woman's profession beside the one that the dictionary has for a man's.
FEMININE = (
    ("eure", "eur"),
    ("trice", "teur"),
    ("euse", "eur"),
    ("ière", "ier"),
    ("ienne", "ien"),
    ("onne", "on"),
    ("ive", "if"),
)


def _masculine(word: str) -> Iterator[str]:
    plural = "s" if word.endswith("s") else ""
    singular = word.removesuffix("s")
    for feminine, masculine in FEMININE:
        if singular.endswith(feminine) and len(singular) >= len(feminine) + 4:
            yield singular.removesuffix(feminine) + masculine + plural
