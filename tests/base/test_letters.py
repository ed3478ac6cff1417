"""What is left out for comparing, and what is not."""

from __future__ import annotations

import pytest

from newsletter_cli.base.letters import letters_only, plain_letters, without_accents


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Décembre", "Decembre"),
        ("Ça, là-bas : 3 €", "Ca, la-bas : 3 €"),
        ("e\u0301te\u0301", "ete"),
        ("ﬁn", "fin"),
        ("", ""),
    ],
)
def test_without_accents(text: str, plain: str) -> None:
    assert without_accents(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [("Cœur d’Été", "coeur d’ete"), ("Straße", "strasse"), ("𝗔genda", "agenda"), ("ASCII", "ascii")],
)
def test_plain_letters(text: str, plain: str) -> None:
    assert plain_letters(text) == plain


def test_letters_only() -> None:
    assert letters_only("Zoom-Projet (2)") == "zoomprojet2"
