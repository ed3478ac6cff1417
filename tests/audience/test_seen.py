"""Who was met before, and in which row: as a dictionary would say it."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter_cli.audience.seen import FIRST_SLOTS, NotedKeys, SeenKeys

KEYS = st.lists(st.one_of(st.sampled_from("abc"), st.text(max_size=3)), max_size=200)


@settings(deadline=None)
@given(KEYS)
def test_each_is_known_by_the_row_it_was_first_met_in(keys: list[str]) -> None:
    seen, rows = SeenKeys(), dict[str, int]()
    for row, key in enumerate(keys):
        assert seen.first_row(key, row) == rows.get(key)
        rows.setdefault(key, row)


def test_more_than_there_was_room_for_at_first() -> None:
    seen, count = SeenKeys(), FIRST_SLOTS * 5
    assert not any(seen.first_row(f"{number}@example.org", number) for number in range(count))
    assert [seen.first_row(f"{number}@example.org", 0) for number in range(count)] == list(range(count))


def test_the_first_word_on_somebody_is_kept() -> None:
    with NotedKeys() as noted:
        assert noted.noted("a") is None
        noted.note("a", 3, "")
        noted.note("a", 4, "bounced")
        assert noted.noted("a") == (3, "")
