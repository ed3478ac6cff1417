"""Marks stand for personal parts and are mistaken for nothing else."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.deliver.message.marks import choose_marks

LETTERS = st.text("qabcdef", max_size=30)


def test_marks_are_words_of_a_tokens_length() -> None:
    marks = choose_marks("An issue about tides.")
    assert all(re.fullmatch("[a-z]{24}", mark) for mark in marks)
    assert len(set(marks)) == 4
    assert choose_marks("An issue about tides.") == marks


def test_content_that_holds_a_mark_gets_another() -> None:
    first = choose_marks()
    second = choose_marks("x", f"An article about {first.token.upper()} and {first.subject}.")
    assert first.token != second.token
    assert first.subject != second.subject
    assert (first.greeting, first.preheader) == (second.greeting, second.preheader)


@given(before=LETTERS, after=LETTERS, cut=st.integers(1, 23))
def test_no_text_beside_a_mark_is_taken_for_a_part_of_it(before: str, after: str, cut: int) -> None:
    marks = choose_marks(before, after)
    token = marks.token
    text = before + token[:cut] + token + token[cut:] + marks.greeting[cut:] + after
    assert text.split(token) == [before + token[:cut], token[cut:] + marks.greeting[cut:] + after]
