"""Which of many texts stand in a long one."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter_cli.check.texts import search
from newsletter_cli.check.texts.search import those_within

FEW_SIGNS = st.text("abc", max_size=5)


@pytest.mark.parametrize("most_scans", [0, 1, 20])
@given(st.lists(FEW_SIGNS, max_size=12), st.text("abc", max_size=40))
@settings(deadline=None)
def test_those_that_stand_there_and_no_other(most_scans: int, wanted: list[str], text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(search, "MOST_SCANS", most_scans)
        assert those_within(wanted, text) == {one for one in wanted if one in text}


class LookedThrough(str):
    """A text that counts how often it is looked through from some place to its end."""

    scans = 0

    def find(self, *arguments: Any) -> int:
        self.scans += 1
        return super().find(*arguments)


@pytest.mark.parametrize("count", [100, 10_000])
def test_however_many_are_missing_the_text_is_looked_through_a_few_times(count: int) -> None:
    text = LookedThrough("https://example.org/ " * 100)
    assert those_within((f"https://example.org/{number}" for number in range(count)), text) == set()
    assert text.scans <= 2 * (search.MOST_SCANS + 1)
