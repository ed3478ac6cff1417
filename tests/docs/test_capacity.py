"""The page on capacity shows what its model says, in the table and in the plot."""

from __future__ import annotations

from scripts.capacity import PLOT, hours, plot, rate, table
from tests.workspaces import ROOT


def test_the_page_has_the_table_of_the_model() -> None:
    assert "\n".join(table()) in (ROOT / "docs/explanation/capacity.md").read_text("utf-8")


def test_the_plot_is_that_of_the_model() -> None:
    assert PLOT.read_text("utf-8") == plot()


def test_the_slowest_limit_decides() -> None:
    assert rate(1) < rate(2)
    assert rate(100) == rate(200)
    assert rate(8, relays=1) == rate(1, relays=1) < rate(8)
    assert hours(1000, 1, relays=1) > hours(1000, 1)
