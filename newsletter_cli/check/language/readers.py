"""Which readers of languages are installed. Where there is none, nothing that reads is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import TYPE_CHECKING

from newsletter_cli.check.language.grammalecte import find_grammalecte
from newsletter_cli.check.language.known import KnownWords
from newsletter_cli.check.language.reader import LanguageReader

if TYPE_CHECKING:
    from newsletter_cli.check.language.proposing import Proposals
    from newsletter_cli.check.language.speller import Speller

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
    proposals: Proposals | None = None


def find_readers(language: str, known: KnownWords = NO_WORDS, server: str | None = None) -> Readers:
    """Those for a newsletter in that language, and for what it quotes; looking for them starts no program.

    `server` is one of LanguageTool.
    """
    readers: list[LanguageReader] = []
    if (program := find_grammalecte()) is not None:
        readers.append(program)
    own = language.lower().partition("-")[0]
    # For the few English words of a letter in another language, it takes too long to start.
    if own == "en":
        from newsletter_cli.check.language.harper import find_harper

        if (english := find_harper(language)) is not None:
            readers.append(english)
    if server is not None:
        from newsletter_cli.check.language.languagetool import LanguageTool

        readers.append(LanguageTool(server, language))
    spellers = {one: found for one in SPELT if (found := _speller(language if one == own else one)) is not None}
    if not spellers:
        return Readers(readers=tuple(readers))
    from newsletter_cli.check.language.proposing import Proposals
    from newsletter_cli.check.language.spelling import SpellingReader

    readers += [SpellingReader(speller, known) for speller in spellers.values()]
    if language not in _proposals:
        _proposals[language] = Proposals(spellers)
    return Readers(readers=tuple(readers), spellers=spellers, proposals=_proposals[language])


def _speller(language: str) -> Speller | None:
    if language not in _spellers:
        _spellers[language] = _found_speller(language)
    return _spellers[language]


def _found_speller(language: str) -> Speller | None:
    if find_spec("hunspell") is None:
        return None
    from newsletter_cli.check.language.speller import find_speller

    return find_speller(language)
