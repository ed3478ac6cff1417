"""Names of people."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.base.letters import without_accents
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.names import find_names, spelt_otherwise
from newsletter_cli.check.texts.passages import Passage, all_passages
from newsletter_cli.model import Finding, Level

SMALL_WORD = Pattern(r"(?<![\w@#/.])[a-zà-ÿ]{3,}(?![\w@/])")


@rule(
    "name-spelt-twice",
    Level.WARNING,
    _("A name is spelt in two ways"),
    why="""
        The surname of a person is written in two ways in one issue, beside the same given name: a letter or two are
        others, or an accent. The one that stands there less often is reported; of two that are as frequent, the later
        one. Names that differ in their last letter only, or are shorter than five letters, may be two persons.
    """,
    bad="`Ada Kervella parle des marées. Merci à Ada Kervela !`",
    good="`Ada Kervella parle des marées. Merci à Ada Kervella !`",
)
def name_spelt_twice(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each place where the other spelling stands."""
    passages = list(all_passages(manuscript))
    # Authors first: of two spellings that are as frequent, theirs is right.
    in_order = sorted(passages, key=lambda passage: passage.block is not None)
    names = [name for passage in in_order for name in find_names(passage)]
    found = list(spelt_otherwise(names))
    # What stands in small letters, too, is a word and no name: “Data Science”, “La Grande Marche”.
    small = _small_words(passages) if found else frozenset()
    for one, better in found:
        if {without_accents(one.given).lower(), one.surname.lower(), better.lower()} & small:
            continue
        yield name_spelt_twice.at(
            one.passage.place(one.start, one.end),
            _("“{name}” is spelt “{other}” elsewhere in this issue").format(
                name=f"{one.given} {one.surname}", other=f"{one.given} {better}"
            ),
            suggestion=_("write it in one way"),
            proposals=one.passage.edits(one.start, one.end, better),
        )


def _small_words(passages: list[Passage]) -> frozenset[str]:
    words = {word for passage in passages for word in SMALL_WORD.findall(passage.prose)}
    return frozenset((*words, *map(without_accents, words)))
