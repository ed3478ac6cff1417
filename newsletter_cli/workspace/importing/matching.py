"""Which heading is which canonical section, and a name of its own for every other heading."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher

from msgspec import Struct

from newsletter_cli.base.letters import plain_letters
from newsletter_cli.config import SectionSettings
from newsletter_cli.config.settings import RESERVED_NAMES

MAX_SLUG = 50
CLOSE_ENOUGH = 0.85
# Shorter names are one letter away from too many words.
MIN_CLOSE_LENGTH = 4


def normalise_title(title: str) -> str:
    """The words of a title: no number, emoji, accents, case or punctuation; mathematical letters plain."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in plain_letters(title)).split())


def match_sections(titles: Sequence[str], canonical: Sequence[SectionSettings]) -> dict[int, SectionSettings]:
    """Index of a title → its canonical section. `titles` are plain text, without numbers.

    A canonical section is given once, to the title that fits best; of equals, to the first.
    """
    matches: dict[int, int] = {}
    given: set[int] = set()
    wanted = [normalise_title(title) for title in titles]
    known = [_Names.of(section) for section in canonical]

    def give(pairs: Iterable[tuple[int, int]]) -> None:
        for index, rank in pairs:
            if index not in matches and rank not in given:
                matches[index] = rank
                given.add(rank)

    # The same words before all: nothing else can be better, and there may be thousands of headings.
    for spellings in ([names.titles for names in known], [(names.slug,) for names in known]):
        ranks: dict[str, list[int]] = {}
        for rank, words in enumerate(spellings):
            for word in words:
                ranks.setdefault(word, []).append(rank)
        for index, title in enumerate(wanted):
            # One at a time: a title that stands twice must not take two sections' places at once.
            give((index, rank) for rank in ranks.get(title, ()) if title)
    scores = [
        (-score, index, rank)
        for index, title in enumerate(wanted)
        if index not in matches and title
        for rank, names in enumerate(known)
        if rank not in given and (score := _score(title, names))
    ]
    give((index, rank) for _fit, index, rank in sorted(scores))
    return {index: canonical[rank] for index, rank in sorted(matches.items())}


class _Names(Struct, frozen=True):
    """What a canonical section is called, normalised."""

    titles: tuple[str, ...]
    slug: str

    @classmethod
    def of(cls, section: SectionSettings) -> _Names:
        titles = dict.fromkeys(map(normalise_title, (section.title, *section.aliases)))
        return cls(tuple(title for title in titles if title), normalise_title(section.slug))


def _score(title: str, names: _Names) -> float:
    """How well a title fits: it begins with the section's title, with its slug, or resembles one; else 0."""
    # The longer the beginning in common, the better.
    begun = [len(name) for name in names.titles if title.startswith(f"{name} ")]
    if begun:
        return 3 + max(begun) / (max(begun) + 1)
    if names.slug and title.startswith(f"{names.slug} "):
        return 2
    return max((_likeness(title, name) for name in (*names.titles, names.slug)), default=0)


def _likeness(title: str, name: str) -> float:
    if min(len(title), len(name)) < MIN_CLOSE_LENGTH:
        return 0
    # `autojunk` would ignore the frequent letters of a title of 200 characters.
    matcher = SequenceMatcher(None, title, name, autojunk=False)
    if matcher.real_quick_ratio() < CLOSE_ENOUGH or matcher.quick_ratio() < CLOSE_ENOUGH:
        return 0
    ratio = matcher.ratio()
    return ratio if ratio >= CLOSE_ENOUGH else 0


def own_slug(title: str, position: int) -> str:
    """A name for the section's file, from its plain title, else `section-3` from its position (from 1).

    ASCII letters, digits and hyphens, at most 50 characters, no name that Windows reserves.
    """
    from slugify import slugify

    # Emoji and symbols become words in some transliterations: they are no part of the name.
    words = " ".join("".join(letter if letter.isalnum() else " " for letter in _plain_letters(title)).split())
    slug = slugify(words[: MAX_SLUG * 4], max_length=MAX_SLUG, word_boundary=True)
    slug = re.sub(r"[^a-z0-9-]+", "", slug).strip("-")
    if not slug:
        return f"section-{position}"
    return f"section-{slug}" if slug in RESERVED_NAMES else slug


def _plain_letters(title: str) -> str:
    # Compatibility forms first: the mathematical 𝗮 is a letter, and transliterates to nothing.
    return "".join(
        letter for letter in unicodedata.normalize("NFKC", title) if unicodedata.category(letter) not in ("So", "Cf")
    )


def unique_slug(slug: str, taken: Iterable[str]) -> str:
    """`slug`, or `slug-2`, `slug-3`… when a file of that name exists whatever the case."""
    names = {name.casefold() for name in taken}
    candidate = slug
    number = 1
    while candidate.casefold() in names:
        number += 1
        suffix = f"-{number}"
        candidate = slug[: MAX_SLUG - len(suffix)].rstrip("-") + suffix
    return candidate
