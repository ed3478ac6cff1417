"""Slips of the pen in a passage of French or English: where each stands, and what is right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.base.remembering import remembered
from newsletter_cli.check.texts.wording import word_set
from newsletter_cli.markdown.survey import NOT_PROSE
from newsletter_cli.markdown.typography.guess import has_other_words, is_other_language

MONTHS = "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre"
BLANK = "[ \u00a0\u202f]"
# “le 1 mai”, “du 1 au 15 mai”; not “de 1 à 3 mars”.
FIRST = Pattern(
    rf"(?<![\d.,/-])(?<!\d )(?<![\w'’])1(?={BLANK}(?:(?:et|au){BLANK}\d\d?{BLANK})?(?:{MONTHS})\b)",
    re.IGNORECASE,
    rough=rf"1{BLANK}[^\W\d]",
)
# 2ème, XXIème, 1ère, 2è.
# Here and below a sign comes first and what stands before it after that: so a text is gone through fastest.
ORDINAL = Pattern(
    r"(?P<number>[\dIVX](?<![\w.,-].)(?:(?<=\d)\d{0,2}|(?<=[IVX])[IVX]{0,5}))"
    r"(?: ?(?P<end>i?[èe]mes?|i?ères?|i?[èe]res?)|(?P<short>è))(?![\w’'-])"
)
# Second of two: 2d in the masculine, 2de in the feminine.
SECOND = Pattern(r"(?<![\w.,-])2n(?P<end>des?)(?![\w’'-])")
LIGATURE = Pattern(
    r"(?<![\w#@/.])(?:(?:c|s|ch|ranc|m|contrec)oeurs?|v?oeux?|boeufs?|noeuds?|foetus|foetale?s?|oeufs?"
    r"|oeil(?:lets?|lades?|lères?)?|(?:man|dés)?oeuvr\w*|écoeur\w+|oesophage|oecuméni\w+|oenolog\w+|oedèmes?"
    r"|oestrogènes?)(?![\w@/]|\.\w)",
    re.IGNORECASE,
)
# A number of thousands, the line broken within it.
BROKEN_NUMBER = Pattern(
    r"(?<![\w.,'’/-])\d{1,3}(?P<gap> ?\n)(?=000(?![\w.,/-]\w)|\d{3}(?:[ \u00a0\u202f]\d{3}\b|[ \u00a0\u202f]?[€$]))",
    rough=r"\d ?\n\d",
)
# Words that stand twice by a slip only, then those where somebody has to look.
FRENCH_SURE = "du de des le les au aux et dans par pour avec ce cette ces sa ses ne il ils à que"
FRENCH_DOUBTFUL = "la un une ou sur qui est pas se leur leurs comme sans chez on je"
ENGLISH_SURE = "the of an our your"
ENGLISH_DOUBTFUL = "to and a in is for with on at by from as are be this it or their we"
TWICE = Pattern(r"(?<![\w'’-])(?P<word>[^\W\d_]{1,6})(?P<again>(?: {1,3}| ?\n)(?P<second>(?i:(?P=word))))(?![\w'’-])")
# What stands before two words that are alike by right: “oh la la”, “n’importe qui qui”, “à la une une”, “log in in”.
RIGHT_BEFORE = {
    "la": "oh ah ouh ô tra ha hou",
    "qui": "importe",
    "une": "la",
    "un": "numéro",
    "est": "grand nord sud qui y en là",
    "in": "log sign put kick come comes came go check opt jump step fill fit tie zoom bring plug drop get all logged "
    "built move join logging signing coming kicks",
    "on": "log go goes going carry early later from move turn hang put depend",
    "by": "stand pass go",
    "to": "up",
}
# “what it is is clear”
CLAUSE = Pattern(r"\b(?:what|where|who|how|all|already|whatever|thing|that)\b", re.IGNORECASE)
NAME_PARTICLES = frozenset(("de", "du", "des", "le", "la", "les"))
# “la mort de de Gaulle”
PARTICLE = Pattern(r" (?:Gaulle|Villepin|Rugy|Fun[eè]s|Beauvoir|Broglie|Vinci|Staël|Sade|Nerval)\b")
# Words that begin a sentence: `.Renviron` is a file.
BEGINS = (
    "Ils?|Elles?|On|Nous|Vous|Je|Tu|Les?|La|Une?|Ce|Cette|Ces|En|Et|Mais|Pour|Dans|Notre|Votre|Merci|Voici|À|L|C|D|N"
    "|The|We|It|This|That|You|They|And|But|In|Our|Your|Please|Thanks"
)
BLANK_BEFORE = Pattern(
    rf"(?<=[^\W_]|[)»”])(?P<blank>{BLANK}+(?:(?=,[ \n]|,\Z)|\.(?=(?:{BEGINS})[ ’'])))"
    rf"|(?<=[^\W_])(?P<comma>{BLANK}+,)(?=[^\W\d_]{{2,}}[ ,.;])"
    rf"|(?<=[a-zà-ÿ]{{4}})(?P<stop>{BLANK}+)(?=\.(?: (?:{BEGINS})[ ’']|\s*\Z))",
    rough=rf"{BLANK}[,.]",
)
# “git add .” is a command.
COMMANDS = word_set(
    "git docker npm pip cd ls code python make black ruff cp mv find grep tar add build install run open nl hugo lychee"
)
NONE_BEHIND = Pattern(
    rf"[.!?…,](?:(?<=[a-zà-ÿ]{{3}}[.!?…])(?=(?:{BEGINS})[ ’'])"
    r"|(?<=[a-zà-ÿ]{4},)(?=(?:et|mais|les?|la|il|elle|on|nous|vous|je|qui|que|dont|où|une?|des|and|but|the|we|it)[ ]))",
    rough=r"[.!?…][A-ZÀ]|,[a-zà-ÿ]",
)
BLANK_THEN_STOP = tuple(blank + stop for blank in " \u00a0\u202f" for stop in ",.")
# “a apple”, “an book”: by the sound, of which only what is certain is known here.
A_OR_AN = Pattern(
    r"[Aa](?<![\w'’.-].)(?:(?= (?:(?:[aei]|o(?!n(?:e|ce)))[a-z]{2}"
    r"|u(?:n(?!i|a[nr])|gl|mb|l[lt]|ps|pd))(?P<word>[a-z]*))"
    r"|n(?= (?:[bcdgjkptvwyz]|[flmnrs][aeiou]|s[chklptw]|f[lr])[a-z]*[aeiou])(?= [a-z]{3}))(?! \w+[.:/(_]\w)"
)
NO_NOUNS = word_set(
    "and are all any each also its into onto off out over other another eur euro european eulogy ewe is was else"
    " either even ever every after again about above across along already always am an among around as at elif end"
)
OPENING, CLOSING = "«“", "»”"
NEAR = 3  # characters: a quotation mark and the blanks inside it
LAST_WORDS = 5


class Slip(Struct, frozen=True, kw_only=True):
    """From `start` to `end` of the prose, `new` is right. `is_sure`: nobody need look; else `other` may be right, too.

    `is_doubled`: a word stands twice.
    """

    start: int
    end: int
    new: str
    is_sure: bool = True
    other: str | None = None
    is_doubled: bool = False


def find_slips(prose: str, language: str) -> Iterator[Slip]:
    """Those of a passage in `fr` or `en`; what is quoted from another language is left alone."""
    yield from _slips(prose, language)


@remembered()
def _slips(prose: str, language: str) -> tuple[Slip, ...]:
    return tuple(one for one in _find(prose, language) if not _is_quoted_from_elsewhere(prose, one, language))


def _find(prose: str, language: str) -> Iterator[Slip]:
    if language == "fr":
        if any(map(str.isdigit, prose)):
            yield from _numbers(prose)
        for found in ORDINAL.finditer(prose) if "è" in prose or "eme" in prose or "ere" in prose else ():
            new = "e" if found["short"] else _ordinal(found["number"], found["end"])
            yield Slip(start=found.end("number"), end=found.end(), new=new)
        for found in LIGATURE.finditer(prose) if "oe" in prose.lower() else ():
            at = found.start() + found[0].lower().index("oe")
            if not _is_surname(prose, found.start()):
                yield Slip(start=at, end=at + 2, new="œ" if prose[at] == "o" else "Œ")
    elif language == "en":
        for found in A_OR_AN.finditer(prose):
            if found["word"] is None:
                yield Slip(start=found.start(), end=found.end(), new=found[0][0], is_sure=False)
            elif not _is_no_noun(prose[found.end() :]) and not _is_a_letter(prose, found.start()):
                yield Slip(start=found.start(), end=found.end(), new=found[0] + "n", is_sure=False)
    words = prose.lower().split()
    if any(map(str.__eq__, words, words[1:])):
        yield from _doubled(prose, language)
    yield from _blanks(prose)


def _is_a_letter(prose: str, at: int) -> bool:
    """A capital within a sentence: “the A address”, “plan A is”."""
    before = prose[:at].rstrip(' \n"“(' + NOT_PROSE)
    return prose[at] == "A" and bool(before) and before[-1] not in ".!?:"


def _is_no_noun(following: str) -> bool:
    word = following.split(None, 1)[0].rstrip(",.;:!?)")
    return word in NO_NOUNS or word.startswith("eu")


def _numbers(prose: str) -> Iterator[Slip]:
    for found in FIRST.finditer(prose) if "1" in prose else ():
        yield Slip(start=found.start(), end=found.end(), new="1er")
    for found in SECOND.finditer(prose) if "2n" in prose else ():
        end = found["end"]
        yield Slip(start=found.start() + 1, end=found.end(), new=end, is_sure=False, other="e" + end[2:])
    for found in BROKEN_NUMBER.finditer(prose) if "\n" in prose else ():
        new = found[0].rstrip() + "\u202f"
        yield Slip(start=found.start(), end=found.end(), new=new, is_sure=False)


def _ordinal(number: str, end: str) -> str:
    plural = "s" if end.endswith("s") else ""
    return ("re" if number in ("1", "I") and "r" in end else "e") + plural


def _is_surname(prose: str, start: int) -> bool:
    """“Jacques Coeur” is a name; “Sacré-Coeur” and “Les Restos du Coeur” are not one of a person."""
    before = prose[:start].split()[-1:] if prose[start].isupper() else []
    return bool(before) and prose[start - 1] == " " and before[0][0].isupper() and before[0].isalpha()


@cache
def _small(language: str) -> tuple[frozenset[str], frozenset[str]]:
    if language == "fr":
        return word_set(FRENCH_SURE), word_set(FRENCH_DOUBTFUL)
    return word_set(ENGLISH_SURE), word_set(ENGLISH_DOUBTFUL)


def _doubled(prose: str, language: str) -> Iterator[Slip]:
    sure, doubtful = _small(language)
    for found in TWICE.finditer(prose):
        word, start, end = found["word"].lower(), found.start(), found.end()
        # “de De Gaulle” is a name, “The The” a band; “A a” may be anything.
        is_written_small = found["second"].islower() and (found["word"].islower() or found["word"][1:].islower())
        if word not in sure | doubtful or not is_written_small or _is_right_twice(prose, word, start, end):
            continue
        # What follows may be a name that begins with it: “de du Bellay”.
        may_be_name = word in NAME_PARTICLES and prose[end : end + 2].strip()[:1].isupper()
        is_sure = word in sure and not may_be_name
        yield Slip(start=start, end=end, new=found["word"], is_sure=is_sure, is_doubled=True)


def _is_right_twice(prose: str, word: str, start: int, end: int) -> bool:
    """“oh la la”, “la la la”, “log in in the morning”; and what is quoted as an example: “the the”."""
    before = prose[max(0, start - 60) : start]
    last = before.lower().split()[-1:]
    # What comes before it in “n’importe qui”, “l’est”.
    last_word = last[0].replace("'", "’").rpartition("’")[2] if last else ""
    if last_word == word or prose[end : end + 1 + len(word)].strip().lower() == word:
        return True
    if last_word in RIGHT_BEFORE.get(word, "").split():
        return True
    if word == "is" and CLAUSE.search(re.split(r"[.!?;]", before)[-1]):
        return True
    if word in ("de", "du") and PARTICLE.match(prose, end):
        return True
    opened = re.search(r"[«“‘\"'][ \u00a0\u202f]*\Z", before)
    return bool(opened) and re.match(r"[ \u00a0\u202f]*[»”’\"']", prose[end : end + NEAR]) is not None


def _blanks(prose: str) -> Iterator[Slip]:
    for found in BLANK_BEFORE.finditer(prose) if any(signs in prose for signs in BLANK_THEN_STOP) else ():
        if found["blank"] is not None:
            yield Slip(start=found.start(), end=found.end(), new=". " if found[0].endswith(".") else "")
        elif found["comma"] is not None:
            yield Slip(start=found.start(), end=found.end(), new=", ", is_sure=False)
        elif _is_sentence(prose, found.start()):
            yield Slip(start=found.start(), end=found.end(), new="", is_sure=False)
    for found in NONE_BEHIND.finditer(prose):
        yield Slip(start=found.start(), end=found.end(), new=found[0] + " ")


def _is_sentence(prose: str, end: int) -> bool:
    """Whether the words before are those of a sentence: “git add .” ends a command."""
    words = prose[:end].split()[-LAST_WORDS:]
    return len(words) == LAST_WORDS and not any(word in COMMANDS or NOT_PROSE in word for word in words)


def _is_quoted_from_elsewhere(prose: str, slip: Slip, language: str) -> bool:
    """Whether it stands between quotation marks, in words of another language."""
    start = max(prose.rfind(sign, 0, slip.start) for sign in OPENING)
    if start < 0 or any(sign in prose[start : slip.start] for sign in CLOSING):
        return False
    ends = [at for sign in CLOSING if (at := prose.find(sign, slip.end)) >= 0]
    words = prose[start + 1 : min(ends, default=slip.end)]
    return is_other_language(words, language) or has_other_words(words, language)
