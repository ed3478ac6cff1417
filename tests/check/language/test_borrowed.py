"""English words in a French text: right where they are borrowed, slips where a French one is meant."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import pytest

from newsletter_cli.base.letters import without_accents
from newsletter_cli.check.language.borrowed import without_borrowed
from newsletter_cli.check.language.pieces import pieces_of
from newsletter_cli.check.language.reader import Fault, FaultKind
from tests.check.language.texts import manuscript


class Dictionary:
    def __init__(self, words: Collection[str]) -> None:
        self._words = words

    def is_right(self, word: str) -> bool:
        return word.lower() in self._words

    def has_accented(self, word: str) -> bool:
        return any(without_accents(one) == word.lower() != one for one in self._words)


FRENCH = Dictionary({"texte", "star", "scientiste", "jeep", "data", "répertoire"})
ENGLISH = Dictionary(
    {
        "deep",
        "learning",
        "start",
        "up",
        "text",
        "address",
        "onboarding",
        "scientist",
        "data",
        "connection",
        "repertoire",
    }
)


@pytest.mark.parametrize(
    ("text", "unknown", "left"),
    [
        ("Le deep learning est là.", ["deep", "learning"], []),
        ("La start-up est là.", ["start", "up"], []),
        ("Un data scientist est là.", ["scientist"], []),
        ("Un scientist est là.", ["scientist"], ["scientist"]),
        ("Un onboarding est là.", ["onboarding"], []),
        ("Le text est là.", ["text"], ["text"]),
        ("Une address est là.", ["address"], ["address"]),
        ("La connection est là.", ["connection"], ["connection"]),
        ("Le repertoire est là.", ["repertoire"], ["repertoire"]),
        ("Un hakathon est là.", ["hakathon"], ["hakathon"]),
    ],
)
def test_borrowed_words_are_right(tmp_path: Path, text: str, unknown: list[str], left: list[str]) -> None:
    piece = next(one for one in pieces_of(manuscript(tmp_path / "ws", text + "\n")) if one.text == text)
    faults = [
        Fault(piece=piece, start=at, end=at + len(word), kind=FaultKind.SPELLING, message="")
        for word in unknown
        for at in (text.index(word),)
    ]
    assert [one.words for one in without_borrowed(faults, FRENCH, ENGLISH)] == left
    assert list(without_borrowed(faults, FRENCH, None)) == faults
