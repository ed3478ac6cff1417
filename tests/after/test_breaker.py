"""When one run would take off so many that somebody has to look first."""

from __future__ import annotations

import pytest

from newsletter_cli.after.breaker import Burst, find_burst


@pytest.mark.parametrize(
    ("count", "total", "is_burst"),
    [(1, 20, False), (2, 20, False), (3, 20, True), (3, 0, True), (20, 1000, False), (21, 1000, True), (3, 150, False)],
)
def test_more_than_two_in_a_hundred_and_three_at_least(count: int, total: int, is_burst: bool) -> None:
    leaving = {f"d{number}.example": 1 for number in range(count)}
    found = find_burst(leaving, dict.fromkeys(leaving, 100), total)
    assert found == (Burst(count=count, total=total) if is_burst else None)


@pytest.mark.parametrize(("count", "there", "is_burst"), [(4, 4, False), (5, 5, True), (5, 20, False), (6, 20, True)])
def test_much_of_one_domain(count: int, there: int, is_burst: bool) -> None:
    found = find_burst({"a.example": count, "b.example": 1}, {"a.example": there, "b.example": 1}, 100_000)
    assert found == (Burst(count=count, total=there, domain="a.example") if is_burst else None)
