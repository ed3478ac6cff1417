"""Names of people in a text, and which of them are one name that was spelt in two ways."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from msgspec import Struct

from newsletter_cli.base.letters import without_accents
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.texts.passages import Passage
from newsletter_cli.markdown.survey import NOT_PROSE

CAPITAL, SMALL = "A-ZÀ-ÖØ-ÞŒŠŽ", "a-zà-öø-ÿœšž"
PART_REST = rf"(?:[{SMALL}]+|[{CAPITAL}]+)"
PART = rf"[{CAPITAL}]{PART_REST}"
WORD = rf"{PART}(?:[-'’]{PART})*"
# Two words with capitals, side by side: “Ada Kervella”, “Jean-Loup de la Tour”; marks of emphasis may stand between.
FULL_NAME = Pattern(
    rf"(?P<given>[{CAPITAL}](?<![\w@#/.'’-].){PART_REST}(?:[-'’]{PART})*){NOT_PROSE}*[ \u00a0\n]{NOT_PROSE}*"
    rf"(?:(?:de la|de|du|des|le|la|van|von)[ \u00a0]|d[’'])?(?P<surname>{WORD})(?![\w@/-])"
)
SHORTEST_SURNAME = 5  # letters; below, two surnames are often near each other
MOST_SURNAMES = 50  # a word with more of them behind it is no given name
LONG_SURNAME = 8  # from here on two letters may differ
# What tells a plural, a feminine, two languages apart: “Data Scientist(s)”, “Data Center”, “Centre”.
ENDINGS = ("s", "x", "e", "es", "n", "ne")


class NamePlace(Struct, frozen=True, kw_only=True):
    """A full name, and where its surname stands in the prose of a passage."""

    given: str
    surname: str
    passage: Passage
    start: int
    end: int


def find_names(passage: Passage) -> Iterator[NamePlace]:
    """What looks like the full name of a person in a passage; every two words with capitals may be one."""
    position = 0
    while found := FULL_NAME.search(passage.prose, position):
        start, end = found.span("surname")
        yield NamePlace(given=found["given"], surname=found["surname"], passage=passage, start=start, end=end)
        # “Le Monde Diplomatique”: its second word may begin a name as well.
        position = start


def spelt_otherwise(names: Iterable[NamePlace]) -> Iterator[tuple[NamePlace, str]]:
    """The names whose surname is written otherwise more often beside the same given name, each with that spelling.

    Of two that are as frequent the first counts.
    """
    by_given: dict[str, list[NamePlace]] = {}
    for one in names:
        by_given.setdefault(without_accents(one.given).lower(), []).append(one)
    for group in by_given.values():
        counts = Counter(one.surname.lower() for one in group)
        if not 2 <= len(counts) <= MOST_SURNAMES:
            continue
        shown = {one.surname.lower(): one.surname for one in reversed(group)}
        # By frequency; `most_common` keeps the order of those that are equal.
        ranked = [surname for surname, _count in counts.most_common()]
        for one in group:
            own = one.surname.lower()
            better = next((other for other in ranked[: ranked.index(own)] if is_slip(own, other)), None)
            if better is not None:
                yield one, shown[better].upper() if one.surname.isupper() else shown[better]


def is_slip(one: str, other: str) -> bool:
    """Whether two surnames, in small letters, are one that was mistyped: a letter or two, not at its end alone."""
    short, long = sorted((one, other), key=len)
    if len(short) < SHORTEST_SURNAME or one[0] != other[0] or short == long:
        return False
    if one[:-1] == other[:-1] or (long.startswith(short) and long[len(short) :] in ENDINGS):
        return False
    if without_accents(one) == without_accents(other):
        return True
    if len(short) == len(long) and sorted(short) == sorted(long) and sum(map(str.__ne__, short, long)) == 2:
        return True  # two neighbours that changed places
    return edit_distance(short, long) <= (2 if len(short) >= LONG_SURNAME else 1)


def edit_distance(one: str, other: str) -> int:
    """How many letters have to be put in, taken out or changed to come from one word to the other (Levenshtein)."""
    row = list(range(len(other) + 1))
    for number, letter in enumerate(one, 1):
        before, row[0] = row[0], number
        for at, second in enumerate(other, 1):
            before, row[at] = row[at], min(row[at] + 1, row[at - 1] + 1, before + (letter != second))
    return row[-1]
