"""Grammalecte as a program: what it finds, and what becomes of one that misbehaves."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from newsletter_cli.check.language import grammalecte, program
from newsletter_cli.check.language.grammalecte import Grammalecte, find_grammalecte
from newsletter_cli.check.language.piece import Piece
from newsletter_cli.check.language.pieces import pieces_of
from newsletter_cli.check.language.reader import Fault, FaultKind, ReaderFailed, ReaderStopped
from tests.check.language.fake import fake_program
from tests.check.language.texts import manuscript

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a script is no program on Windows")
TEXT = "J’ai rejoins un hakathon.\n\nRien à dire.\n"
needs_grammalecte = pytest.mark.needs("grammalecte-cli")


def never() -> bool:
    return False


def pieces(tmp_path: Path, text: str = TEXT) -> tuple[Piece, ...]:
    return tuple(one for one in pieces_of(manuscript(tmp_path / "ws", text)) if one.language == "fr")


def read(tmp_path: Path, how: str = "") -> list[Fault]:
    return Grammalecte(fake_program(tmp_path / "bin", how)).read(pieces(tmp_path), never)


@pytest.mark.parametrize("how", ["", "bom", "beside"])
def test_its_faults_stand_at_their_words(tmp_path: Path, how: str) -> None:
    found = {(one.words, one.kind, one.proposals) for one in read(tmp_path, how)}
    assert found == {("rejoins", FaultKind.GRAMMAR, ("rejoint",)), ("hakathon", FaultKind.SPELLING, ())}


@pytest.mark.parametrize(
    ("how", "reason"),
    [
        ("crash", "MemoryError: no room"),
        ("silent", "its answer cannot be understood"),
        ("rubbish", "its answer cannot be understood"),
        ("latin-1", "its answer cannot be understood"),
        ("list", "its answer cannot be understood"),
        ("deep", "its answer cannot be understood"),
        ("far-off", "its answer cannot be understood"),
        ("other-paragraph", "its answer cannot be understood"),
        ("other-names", "its answer cannot be understood"),
    ],
)
def test_one_that_misbehaves_has_failed(tmp_path: Path, how: str, reason: str) -> None:
    with pytest.raises(ReaderFailed, match=reason):
        read(tmp_path, how)


def test_one_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grammalecte, "START_SECONDS", 0.3)
    with pytest.raises(ReaderFailed, match="no answer in time"):
        read(tmp_path, "hang")


def test_one_whose_answer_has_no_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "MOST_BYTES", 5_000_000)
    with pytest.raises(ReaderFailed, match="no end"):
        read(tmp_path, "endless")


def test_it_is_ended_when_nobody_wants_to_know(tmp_path: Path) -> None:
    stopped = threading.Event()
    stopped.set()
    with pytest.raises(ReaderStopped):
        Grammalecte(fake_program(tmp_path / "bin", "hang")).read(pieces(tmp_path), stopped.is_set)


def test_one_that_cannot_be_started_has_failed(tmp_path: Path) -> None:
    with pytest.raises(ReaderFailed):
        Grammalecte(str(tmp_path / "nothing")).read(pieces(tmp_path), never)


def test_it_is_found_on_the_path_and_nowhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_program(tmp_path / "bin")
    monkeypatch.chdir(tmp_path / "bin")
    monkeypatch.setenv("PATH", os.pathsep.join((".", str(tmp_path))))
    assert find_grammalecte() is None
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert find_grammalecte() is not None


ODD = """\
Un \U0001f600 départ imporant, n’est-ce pas\u202f?

Une ligne\u2028coupée, un mot imporant.

Un é\u0301lan imporant\u200b dans le texte.

{long} imporant.
"""


@needs_grammalecte
def test_the_real_one_counts_as_python_does(tmp_path: Path) -> None:
    reader = find_grammalecte()
    assert reader is not None
    found = reader.read(pieces(tmp_path, ODD.format(long="Le phare se voit de loin, " * 800)), never)
    assert [one.words for one in found if one.kind is FaultKind.SPELLING].count("imporant") == 4


@needs_grammalecte
def test_the_real_one_says_nothing_of_typography(tmp_path: Path) -> None:
    reader = find_grammalecte()
    assert reader is not None
    text = "L'atelier 10% est \"ouvert\"... à un(e) stagiaire , et l'Etat paie 12 euros car il le peut.\n"
    assert [one for one in reader.read(pieces(tmp_path, text), never) if one.kind is FaultKind.GRAMMAR] == []
