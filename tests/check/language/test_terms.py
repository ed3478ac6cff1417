"""Terms that no dictionary has."""

from __future__ import annotations

import pytest

from newsletter_cli.check.language.known import KnownWords
from newsletter_cli.check.language.speller import find_speller
from newsletter_cli.check.language.terms import TERMS


def test_their_plurals_and_capitals_are_right_slips_of_them_are_not() -> None:
    known = KnownWords(words=TERMS)
    assert all(map(known.has, ("backend", "Backends", "BACKEND", "datascientists")))
    assert not any(map(known.has, ("bakend", "datascienstist", "metadonnées")))


def test_each_is_missing_from_a_dictionary_and_one_slip_from_no_other_word_of_french() -> None:
    french, english = find_speller("fr"), find_speller("en")
    if french is None or english is None:
        pytest.skip("needs dictionaries of Hunspell")
    assert [word for word in sorted(TERMS) if french.is_right(word) and english.is_right(word)] == []
    assert [word for word in sorted(TERMS) if french.has_accented(word)] == []
