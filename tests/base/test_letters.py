"""Accents are left out, and nothing else is."""

from __future__ import annotations

import pytest

from newsletter_cli.base.letters import without_accents


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
