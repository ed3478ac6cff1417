"""Texts with faults, read by the programs themselves: each fault at its word, and nothing at what is right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsletter_cli.check.language.known import KnownWords
from newsletter_cli.check.language.readers import find_readers
from newsletter_cli.check.language.reading import read_language
from newsletter_cli.check.language.speller import find_speller
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.config.defaults import default_sections
from newsletter_cli.flows.import_post import import_post
from newsletter_cli.workspace.scaffold import create_workspace
from tests.check.language.texts import manuscript
from tests.workspaces import read_manuscript

pytestmark = [
    pytest.mark.needs("grammalecte-cli"),
    pytest.mark.skipif(find_speller("fr") is None, reason="no French dictionary is installed"),
]
# Each fault between ⟦ and ⟧.
FRENCH = """\
Le gardien a ⟦rejoins⟧ le phare de Kerlouan en mars. Il n’avait pas ⟦développpé⟧ ses photos, et les marées
qu’ils ont ⟦mesuré⟧ dépassent de *trois mètres* celles de l’an dernier. La ⟦tempète⟧ **a empor**té deux bouées.

> « We are going to meet at the pier with all of the children of the town », écrit la mairie.

Voir [la carte des ⟦maréees⟧](https://example.org/carte), `le fichié`, carte_maréees.csv et #phareouest. J’avais ⟦crée⟧
un club de lecture ⟦imporant⟧ ; il faut connaitre la côte, m’a-t-il interpelé. Le deep learning aide la start-up.

| Jour | Heure |
|---|---|
| ⟦lunddi⟧ | midi |
"""
MARKED = re.compile(r"⟦([^⟧]*)⟧")
SEED_WORDS = (
    "Avouac Galiana Dufourd Kermorvant Courty Bengio Yoshua Tran DINUM Dinum ENSAE INSEE BercyLab Cartiflette PoufDoc "
    "ChartsGouv Datanonyme LexImpact OpenFisca datascientist datascientists Etalab Teklia Transformers Viva Technology "
    "CNIe OCRisation Carbon Health beta BNF QAE"
)
SEED_MISSPELT = "développpé pérénisé hakathon imporant communuté Commissériat datascienstist aménés developpement"
SEED_GRAMMAR = {"adonnez vous", "proposé", "décollée", "crée", "seins", "rejoins", "moi même"}


def read(made: Manuscript, *known: str) -> list[tuple[str, str, int | None, int | None]]:
    words = KnownWords(words=frozenset(known))
    report = read_language(made, find_readers(made.language, words), known=words, has_own_words=True)
    assert not report.failures
    return [
        (one.kind.value, one.words, place.line, place.column)
        for one in report.faults
        for place in (one.piece.place(one.start, one.end),)
    ]


def test_each_fault_of_a_text_stands_at_its_word(tmp_path: Path) -> None:
    wanted = set()
    for number, line in enumerate(FRENCH.splitlines(), 1):
        for index, found in enumerate(MARKED.finditer(line)):
            wanted.add((found[1], number, found.start() - 2 * index + 1))
    made = manuscript(tmp_path / "ws", MARKED.sub(r"\1", FRENCH))
    assert {one[1:] for one in read(made, "Kerlouan")} == wanted


def test_the_published_post(seed_path: Path, tmp_path: Path) -> None:
    workspace = create_workspace(tmp_path / "ws", name="10 %", language="fr", sections=default_sections("fr"))
    import_post(workspace, seed_path, number=None, is_learning=False)
    found = read(read_manuscript(workspace, 1), *SEED_WORDS.split())
    assert {words for kind, words, *_place in found if kind == "spelling"} == set(SEED_MISSPELT.split())
    assert {words for kind, words, *_place in found if kind == "grammar"} == SEED_GRAMMAR
    assert all(column is not None for *_words, column in found)


RIGHT = """\
Recrute un data scientist et une data analyst ; un data engineer est déjà là.

Cher·e·s abonné·e·s, l’équipe recherche un(e) chargé(e) de mission motivé(e).

Étend le drapeau, comprend les fichiers. Côté données : le code et les jeux de test.

Les équipes se sont réparti le travail et se sont donné rendez-vous. Où en est-on ? Testé pour vous : Quarto.

Quelque 200 personnes ont assisté à la conférence qu’a donnée la cheffe de projet, dont les enjeux « informatique ».

Date limite : 31 mars 2026, de 12h30 à 13h30, salle 3B ; 3 M€, 92 % et 10 000 documents. Bravo à l’INSEE et à l’ENSAE !
"""


def test_what_is_right_is_silent(tmp_path: Path) -> None:
    assert read(manuscript(tmp_path / "ws", RIGHT), "Quarto") == []
