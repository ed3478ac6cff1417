"""The words of a text, and what in them no dictionary can say."""

from __future__ import annotations

import itertools
import re
import unicodedata

# Letters, with what may stand between them: an apostrophe, a hyphen, the signs of inclusive writing. What touches a
# figure, an underscore or an address is no word of prose.
WORD = re.compile(
    r"(?<![\w@#$&\\·•-])(?<!\w['’])(?:(?<!\w\.)|(?=[A-ZÀ-Þ]))"
    r"[^\W\d_]+"
    r"(?:['’ʼ\-‐‑·•⋅‧\u00ad][^\W\d_]+"
    r"|\.(?:e|s|es|ne|nes|rice|rices|euse|euses)\b(?!\.?\w)|\.[^\W\d_]{1,4}(?=\.s\b)"
    r"|\([^\W\d_]{1,6}\)[^\W\d_]*)*"
    r"(?![\w@\\·•]|\.[a-z\d]|:/|\()"
)
APOSTROPHES = str.maketrans({"’": "'", "ʼ": "'", "‘": "'", "‐": "-", "‑": "-", "\u00ad": None, "\u200b": None})
POINTS = re.compile(r"[·•⋅‧.]")
BRACKETS = re.compile(r"\([^()]*\)")
ROMAN = re.compile(
    r"(?=[IVXLCDM])M{0,3}(?:C[MD]|D?C{0,3})(?:X[CL]|L?X{0,3})(?:I[XV]|V?I{0,3})(?:e|er|ère|re|ème|es|nd|nde)?s?"
)
_UNITS = "km cm mm kg mg ml cl dl ko mo go to kb mb gb kw mw gw kwh mwh gwh twh hz khz mhz ghz ms px pt"
UNITS = frozenset(_UNITS.split())
_FORMATS = "api css csv faq gif html http https jpg json pdf png rss sql svg url usb xls xml zip"
FORMATS = frozenset(_FORMATS.split())
# Acronyms are known to those who use them; longer words in capitals are words.
LONGEST_ACRONYM = 6
LONGEST_WORD = 50


def plain_word(word: str) -> str:
    """The word with the apostrophe and the hyphen that dictionaries have, without what is not seen."""
    return unicodedata.normalize("NFC", word.translate(APOSTROPHES)).strip(".'-")


def is_judged(word: str) -> bool:
    """Whether a dictionary can say anything of a plain word; false for acronyms, coined names, figures, code."""
    letters = [sign for sign in word if sign.isalpha()]
    if len(letters) < 2 or len(word) > LONGEST_WORD:
        return False
    if not all(sign.isalpha() or sign in "'-" for sign in word):
        return False
    if not all(_is_latin(sign) for sign in letters):
        return False
    if word.lower() in UNITS | FORMATS or ROMAN.fullmatch(word):
        return False
    return not any(_is_coined(part) for part in re.split(r"['-]", word))


def _is_latin(letter: str) -> bool:
    return letter < "\u0250" or "\u1e00" <= letter < "\u1f00"


def _is_coined(part: str) -> bool:
    """INSEE, ODDs, LexImpact, iPhone: an acronym, or a capital behind a small letter."""
    if part.isupper():
        return 1 < len(part) <= LONGEST_ACRONYM
    return bool(re.search(r"[^\W\d_]{2,}(?<=[A-ZÀ-Þ]{2})s$", part)) or any(
        here.islower() and behind.isupper() for here, behind in itertools.pairwise(part)
    )


def like(word: str, model: str) -> str:
    """The word in small letters with the capitals of the model."""
    if model.isupper() and len(model) > 1:
        return word.upper()
    return word[:1].upper() + word[1:] if model[:1].isupper() else word
