"""Numbers as a row of small bars."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.console.spark import BLOCKS, PLAIN, WIDEST, spark


@pytest.mark.parametrize(
    ("counts", "fine", "plain"),
    [
        ([], "", ""),
        ([0, 0], "  ", "  "),
        ([1, 2, 4, 8], "▁▂▄█", "_.=#"),
        ([5], "█", "#"),
        ([1, 0, 10_000], "▁ █", "_ #"),
    ],
)
def test_a_row(counts: list[int], fine: str, plain: str) -> None:
    assert spark(counts, is_fine=True) == fine
    assert spark(counts, is_fine=False) == plain


@given(st.lists(st.integers(0, 10**9), max_size=200))
def test_it_is_narrow_and_the_highest_stands_out(counts: list[int]) -> None:
    for signs in (BLOCKS, PLAIN):
        drawn = spark(counts, is_fine=signs is BLOCKS)
        assert len(drawn) <= WIDEST
        assert set(drawn) <= {*signs, " "}
        assert (signs[-1] in drawn) is any(counts)
        assert PLAIN.isascii()
