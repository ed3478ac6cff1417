"""Records are the same however much of the text is read at once."""

from __future__ import annotations

import csv
import io
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.audience import csv_text
from newsletter_cli.audience.csv_text import Record, read_records

TEXTS = st.text(st.sampled_from('ab;"\r\n'), max_size=60)


def records(text: str, *, chunk: int = csv_text.CHUNK_CHARACTERS, most: int = csv_text.MAX_LINE) -> list[Record]:
    # Where a line of a few letters is too long, none is read quickly.
    long = csv_text.LONG_LINE if most > csv_text.LONG_LINE else 0
    with mock.patch.multiple(csv_text, CHUNK_CHARACTERS=chunk, MAX_LINE=most, LONG_LINE=long):
        return list(read_records(io.StringIO(text, newline=""), ";"))


def one_by_one(text: str, *, most: int = csv_text.MAX_LINE) -> list[Record]:
    with mock.patch.object(csv_text._Lines, "take_simple", return_value=[]):
        return records(text, most=most)


@given(TEXTS, st.integers(1, 20))
def test_they_are_what_the_csv_module_reads(text: str, chunk: int) -> None:
    found = records(text, chunk=chunk)
    assert [one.cells for one in found] == list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))
    assert found == one_by_one(text)


@given(TEXTS, st.integers(1, 20), st.integers(2, 9))
def test_a_line_that_is_too_long_is_a_fault_and_the_next_one_follows(text: str, chunk: int, most: int) -> None:
    assert records(text, chunk=chunk, most=most) == one_by_one(text, most=most)


def test_a_cell_that_is_too_long_is_a_fault_and_the_next_one_follows() -> None:
    text = f"a\n{'b' * (csv.field_size_limit() + 1)}\nc\n"
    assert [(one.cells, bool(one.fault)) for one in records(text)] == [(["a"], False), ([], True), (["c"], False)]


@pytest.mark.parametrize(("text", "ends"), [("a\nb", ["\n", ""]), ("a\rb\n", ["\r", "\n"]), ("a\r\nb\r", ["\n", "\r"])])
def test_how_each_one_ends(text: str, ends: list[str]) -> None:
    assert [one.end for one in records(text)] == ends
    assert [one.end for one in records(text, chunk=1)] == ends
