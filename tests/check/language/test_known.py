"""Which words the newsletter's own words stand for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.check.language.known import KnownWords

WORDS = KnownWords(words=frozenset({"onboarding", "Kervadec", "data steward", "start-up", "bottom up", "Aujourd’Web"}))


@pytest.mark.parametrize(
    ("word", "is_known"),
    [
        ("onboarding", True),
        ("Onboarding", True),
        ("ONBOARDING", True),
        ("onboardings", True),
        ("onboardin", False),
        ("Kervadec", True),
        ("KERVADEC", True),
        ("kervadec", False),
        ("Kervadecs", False),
        ("aujourd'web", False),
        ("Aujourd'Web", True),
        ("steward", False),
        ("start-up", True),
        ("start‑ups", True),
        ("", False),
    ],
)
def test_a_word_stands_for_its_forms(word: str, is_known: bool) -> None:
    assert WORDS.has(word) is is_known


@pytest.mark.parametrize(
    ("text", "word", "is_known"),
    [
        ("Un data steward parle", "steward", True),
        ("Des Data Stewards parlent", "Stewards", True),
        ("Un data-steward parle", "data-steward", True),
        ("Un steward parle", "steward", False),
        ("Un big data stewardship", "stewardship", False),
        ("une start-up", "start", True),
        ("des start-ups", "ups", True),
        ("en bottom-up", "bottom-up", True),
        ("l’onboarding", "onboarding", True),
    ],
)
def test_the_words_of_a_term_are_right_where_it_stands(text: str, word: str, is_known: bool) -> None:
    start = text.index(word)
    assert WORDS.has_at(text, start, start + len(word)) is is_known


def test_two_lists_are_one() -> None:
    both = WORDS | KnownWords(words=frozenset({"Bidule"}))
    assert both.has("Bidule")
    assert both.has("onboarding")


@given(st.frozensets(st.text(max_size=8), max_size=5), st.text(max_size=12))
def test_any_words_can_be_asked_about(words: frozenset[str], text: str) -> None:
    known = KnownWords(words=words)
    assert known.has(text) in (True, False)
    assert known.has_at(text, 0, len(text)) in (True, False)
