"""Slips of typing and of language that nobody means: “2ème”, “coeur”, “la la”, a blank before a comma."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.passages import Passage, body_passages
from newsletter_cli.check.texts.pattern import Pattern
from newsletter_cli.check.texts.wording import counted, shorten, word_set
from newsletter_cli.model import Edit, Finding, Level, Place

MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
FIRST = Pattern(rf"(?<![\d.,/-])(?<!\d )(?<![\w'’])1(?=[ \u00a0\u202f](?:{MONTHS})\b)", re.IGNORECASE)
# 2ème, XXIème, 1ère.
ORDINAL = Pattern(r"(?<![\w.,-])(?P<number>\d{1,3}|[IVX]{1,6}) ?(?P<end>i?[èe]mes?|i?ères?|i?[èe]res?)(?![\w’'-])")
LIGATURE = Pattern(
    r"\b(?:c|s|ch|ranc|m)oeurs?\b|\bvoeux?\b|\bboeufs?\b|\bnoeuds?\b|\bfoetus\b|\boeufs?\b|\boeil(?:lets?|lades?)?\b"
    r"|\b(?:man|dés)?oeuvr\w*",
    re.IGNORECASE,
)
FRENCH_SMALL = (
    "la le les de des du un une et ou à au aux dans par pour sur avec que qui ce cette ces sa ses est ne pas plus"
)
ENGLISH_SMALL = "the of to and a an in is for with on at by from as are be this it or"
TWICE = Pattern(r"(?<![\w'’-])(?P<word>[^\W\d_]{1,6})[ \n]+(?P=word)(?![\w'’-])", re.IGNORECASE)
# Words that begin a sentence: `.Renviron` is a file.
BEGINS = (
    "Ils?|Elles?|On|Nous|Vous|Je|Tu|Les?|La|Une?|Ce|Cette|Ces|En|Et|Mais|Pour|Dans|Notre|Votre|Merci|Voici|À|L|C|D|N"
    "|The|We|It|This|That|You|They|And|But|In|Our|Your|Please|Thanks"
)
# “git add .” is a command.
BLANK_BEFORE = Pattern(rf"(?<=[^\W_])(?P<blank>[ ]+(?:(?=,[ \n]|,\Z)|\.(?=(?:{BEGINS})[ ’'])))")
NONE_BEHIND = Pattern(
    rf"(?<=[a-zà-ÿ]{{3}})\.(?=(?:{BEGINS})[ ’'])"
    r"|(?<=[a-zà-ÿ]{4}),(?=(?:et|mais|les?|la|il|elle|on|nous|vous|je|qui|que|dont|où|une?|des|and|but|the|we|it)[ ])"
)


@rule(
    "language-slip",
    Level.INFO,
    _("A slip of the pen"),
    why="""
        A slip of the pen: in French “1 décembre” for “1er décembre”, “2ème” for “2e”, “coeur” for “cœur”; in French and
        English a small word written twice, a blank before a comma, none behind a full stop. Each is told once
        for a text. `--fix` mends all but the word that stands twice.
    """,
    bad="`Le 1 décembre , la 2ème édition à à Brest.`",
    good="`Le 1er décembre, la 2e édition à Brest.`",
    is_fixable=True,
)
def language_slip(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each slip of a text, at its first place."""
    language = manuscript.language.lower().partition("-")[0]
    if language not in ("fr", "en"):
        return
    found: dict[tuple[str, str], list[tuple[Place, tuple[Edit, ...], str]]] = {}
    for passage in body_passages(manuscript):
        for start, end, new in _slips(passage.prose, language):
            words, right = _words_around(passage, start, end, new)
            place = passage.place(start, max(end, start + 1))
            edits = () if new is None else passage.edits(start, end, new)
            found.setdefault((place.file, words), []).append((place, edits, right))
    for (_file, words), places in found.items():
        place, _edits, right = places[0]
        yield language_slip.at(
            place,
            counted(_("“{words}” looks like a slip").format(words=shorten(words)), len(places)),
            suggestion=_("write “{words}”").format(words=shorten(right)),
            edits=[edit for _place, edits, _right in places for edit in edits],
        )


def _slips(prose: str, language: str) -> Iterator[tuple[int, int, str | None]]:
    """From where to where, and what is right; `None`: a person has to look."""
    small = word_set(FRENCH_SMALL if language == "fr" else ENGLISH_SMALL)
    if language == "fr":
        for found in FIRST.finditer(prose) if "1" in prose else ():
            yield *found.span(), "1er"
        for found in ORDINAL.finditer(prose):
            yield found.end("number"), found.end(), _ordinal(found["number"], found["end"])
        for found in LIGATURE.finditer(prose) if "oe" in prose.lower() else ():
            at = found.start() + found[0].lower().index("oe")
            yield at, at + 2, "œ" if prose[at] == "o" else "Œ"
    for found in TWICE.finditer(prose):
        # “la la la” is sung.
        following = prose[found.end() : found.end() + 1 + len(found["word"])].strip()
        is_one = len(found["word"]) > 1 or found[0].islower()
        if is_one and found["word"].lower() in small and following != found["word"]:
            yield *found.span(), None
    for found in BLANK_BEFORE.finditer(prose):
        yield *found.span("blank"), ". " if found["blank"].endswith(".") else ""
    for found in NONE_BEHIND.finditer(prose):
        yield *found.span(), found[0] + " "


def _ordinal(number: str, end: str) -> str:
    plural = "s" if end.endswith("s") else ""
    return ("re" if number in ("1", "I") and "r" in end else "e") + plural


def _words_around(passage: Passage, start: int, end: int, new: str | None) -> tuple[str, str]:
    """The slip as it stands, and as it should, each with the words it belongs to."""
    prose = passage.prose
    first, last = start, max(end, start + 1)
    while first > 0 and not prose[first - 1].isspace():
        first -= 1
    while last < len(prose) and not prose[last].isspace():
        last += 1
    if new == "1er":
        last = next((at for at in range(last + 1, len(prose)) if not prose[at].isalpha()), len(prose))
    if new is None:
        return passage.words(start, end), passage.words(start, end).split()[0]
    if not new:
        first = prose.rfind(" ", 0, start) + 1
    right = prose[first:start] + new + prose[end:last]
    return passage.words(first, last).rstrip(";:"), " ".join(right.replace("\ufffc", "").split()).rstrip(";:")
