"""Which readers of languages are installed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from newsletter_cli.check.language.grammalecte import find_grammalecte
from newsletter_cli.check.language.known import KnownWords
from newsletter_cli.check.language.languagetool import LanguageTool
from newsletter_cli.check.language.proposing import Proposals
from newsletter_cli.check.language.reader import LanguageReader
from newsletter_cli.check.language.speller import Speller, find_speller
from newsletter_cli.check.language.spelling import SpellingReader

SPELT = ("fr", "en")
NO_WORDS = KnownWords()
# A dictionary takes a while to load, and a preview reads again and again.
_spellers: dict[str, Speller | None] = {}
_proposals: dict[str, Proposals] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Readers:
    """Those that can be used; `spellers` are the dictionaries among them, by language, which `proposals` ask."""

    readers: tuple[LanguageReader, ...] = ()
    spellers: Mapping[str, Speller] = field(default_factory=dict)
    proposals: Proposals = field(default_factory=lambda: Proposals({}))


def find_readers(language: str, known: KnownWords = NO_WORDS, server: str | None = None) -> Readers:
    """Those for a newsletter in that language, and for what it quotes; looking for them starts no program.

    `server` is one of LanguageTool.
    """
    own = language.lower().partition("-")[0]
    spellers = {one: found for one in SPELT if (found := _speller(language if one == own else one)) is not None}
    programs = (find_grammalecte(), LanguageTool(server, language) if server else None)
    spelling = [SpellingReader(speller, known) for speller in spellers.values()]
    return Readers(
        readers=(*(one for one in programs if one is not None), *spelling),
        spellers=spellers,
        proposals=_proposals.setdefault(language, Proposals(spellers)),
    )


def _speller(language: str) -> Speller | None:
    if language not in _spellers:
        _spellers[language] = find_speller(language)
    return _spellers[language]
