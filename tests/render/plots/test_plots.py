"""Plots: whatever is drawn, it lies inside, no words of an axis touch, and lengths say what the numbers say."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.render.plots.axis import Label, count_ticks, labels_below, shares
from newsletter_cli.render.plots.bars import BarPlot, Part, Piece, Row, lay_bars
from newsletter_cli.render.plots.columns import Frame, Stack, lay_columns, lay_line
from newsletter_cli.render.plots.words import fitted, width_of

COUNTS = st.integers(0, 3_000_000)
WORDS = st.text(max_size=60)
WIDTHS = st.sampled_from((268.0, 720.0))
PARTS = st.lists(st.builds(Part, kind=st.sampled_from(("sent", "refused")), count=COUNTS), min_size=1, max_size=5).map(
    tuple
)
# What rounding to two places may add up to.
CLOSE = 0.2


def shown(count: int) -> str:
    return f"{count:,}"


def inside(pieces: tuple[Piece, ...], width: float, height: float) -> bool:
    return all(
        one.x >= -CLOSE
        and one.x + one.width <= width + CLOSE
        and one.y >= -CLOSE
        and one.y + one.height <= height + CLOSE
        for one in pieces
    )


def words_inside(labels: list[Label], width: float, height: float) -> bool:
    return all(
        begin >= -CLOSE and end <= width + CLOSE and 0 <= one.y <= height + CLOSE
        for one in labels
        for begin, end in (one.span(),)
    )


@given(st.integers(0, 10**9))
def test_ticks_are_whole_round_and_enough(most: int) -> None:
    ticks = count_ticks(most)
    assert ticks[0] == 0
    assert ticks[-1] >= max(most, 1)
    assert 2 <= len(ticks) <= 6
    assert len({after - before for before, after in pairwise(ticks)}) == 1
    # No more room is left above than one step.
    assert ticks[-1] - ticks[1] < max(most, 1)


@given(st.lists(COUNTS, min_size=1, max_size=8), st.floats(60, 700))
def test_lengths_are_in_proportion_and_nothing_small_is_lost(counts: list[int], room: float) -> None:
    most = sum(counts)
    lengths = shares(counts, room, most)
    assert sum(lengths) <= room + CLOSE
    for count, length in zip(counts, lengths, strict=True):
        assert (length > 0) is (count > 0)
    # Those that are drawn longer than they are, and what the largest gives for them.
    drawn = [abs(length - count * room / most) for count, length in zip(counts, lengths, strict=True)] if most else []
    assert all(one <= 2 * len(counts) + CLOSE for one in drawn)


@given(st.lists(st.builds(Row, label=WORDS, parts=PARTS), max_size=14), WIDTHS, st.booleans())
def test_bars(rows: list[Row], width: float, is_wordy: bool) -> None:
    plot = lay_bars(rows, width=width, shown=shown, is_wordy=is_wordy)
    assert len(plot.bars) == len(rows)
    for row, bar in zip(rows, plot.bars, strict=True):
        assert inside(bar.pieces, plot.width, plot.height)
        assert words_inside([bar.label, bar.number], plot.width, plot.height)
        assert bar.number.text == shown(row.total)
        assert [piece.kind for piece in bar.pieces] == [part.kind for part in row.parts if part.count]
        # The number stands behind the bar, words before or above it, each piece where the last one ends.
        end = max((piece.x + piece.width for piece in bar.pieces), default=0.0)
        assert end <= bar.number.x
        is_above = all(bar.label.y <= piece.y for piece in bar.pieces)
        assert is_above or bar.label.span()[1] <= min(piece.x for piece in bar.pieces)
        assert all(abs(one.x + one.width - other.x) <= CLOSE for one, other in pairwise(bar.pieces))
    assert _in_order(rows, plot)


def _in_order(rows: list[Row], plot: BarPlot) -> bool:
    """Whether a longer bar stands for more."""
    lengths = [sum(piece.width for piece in bar.pieces) for bar in plot.bars]
    found = sorted(zip((row.total for row in rows), lengths, strict=True))
    slack = 2.0 * max((len(row.parts) for row in rows), default=0) + CLOSE
    return all(one[1] <= other[1] + slack for one, other in pairwise(found))


def fits(frame: Frame) -> bool:
    """Whether all words of the axes are inside and apart."""
    below = [label.span() for label in frame.labels]
    beside = [label.span() for label in frame.numbers]
    rows = [label.y for label in frame.numbers]
    return (
        words_inside([*frame.labels, *frame.numbers], frame.width, frame.height)
        and all(one[1] < other[0] for one, other in pairwise(below))
        and all(end <= frame.left for _begin, end in beside)
        and all(before - after >= 13 for before, after in pairwise(rows))
    )


@given(
    st.lists(st.builds(Stack, label=WORDS, parts=PARTS), min_size=1, max_size=60),
    WIDTHS,
    st.lists(st.tuples(st.floats(0, 30), st.floats(30, 60)), max_size=3),
)
def test_columns(stacks: list[Stack], width: float, spans: list[tuple[float, float]]) -> None:
    fitting = [(begin * len(stacks) / 60, end * len(stacks) / 60) for begin, end in spans]
    plot = lay_columns(stacks, width=width, height=200.0, shown=shown, spans=fitting)
    assert fits(plot.frame)
    assert inside(plot.pieces, width, plot.frame.bottom)
    assert len(plot.bands) == len(spans)
    assert all(one.y >= plot.frame.bottom and one.y + one.height < plot.frame.height - 18 for one in plot.bands)
    assert inside(plot.bands, width, plot.frame.height)
    most = max(stack.total for stack in stacks)
    scale = (plot.frame.bottom - plot.frame.top) / count_ticks(most)[-1]
    tops = {piece.x: plot.frame.bottom - piece.y for piece in plot.pieces}
    wanted = [stack.total * scale for stack in stacks if stack.total]
    slack = 2.0 * max(len(stack.parts) for stack in stacks) + CLOSE
    assert all(abs(top - height) <= slack for top, height in zip(tops.values(), wanted, strict=True))


@given(st.lists(st.tuples(WORDS, COUNTS), min_size=1, max_size=48), WIDTHS)
def test_a_line(points: list[tuple[str, int]], width: float) -> None:
    plot = lay_line(points, width=width, height=200.0, shown=shown)
    assert fits(plot.frame)
    assert words_inside([plot.last], width, 200.0)
    assert plot.last.text == shown(points[-1][1])
    assert plot.end[0] <= plot.last.x
    places = [tuple(map(float, one.split())) for one in plot.path.removeprefix("M").split("L")]
    assert len(places) == len(points)
    assert all(plot.frame.left - CLOSE <= x <= plot.frame.right + CLOSE for x, _y in places)
    scale = (plot.frame.bottom - plot.frame.top) / count_ticks(max(count for _label, count in points))[-1]
    for (_x, y), (_label, count) in zip(places, points, strict=True):
        assert abs(plot.frame.bottom - y - count * scale) <= CLOSE


@given(WORDS, st.floats(0, 300))
def test_words_fit_into_their_room(text: str, room: float) -> None:
    kept = fitted(text, room)
    assert width_of(kept) <= room
    assert kept in (text, "") or (kept.endswith("…") and text.startswith(kept.removesuffix("…").rstrip()))


def test_labels_are_thinned_at_equal_steps() -> None:
    places = [(10.0 + 14 * number, f"{number:02}:00") for number in range(48)]
    chosen = [int(label.text[:2]) for label in labels_below(places, y=0.0, width=700.0)]
    assert len(chosen) > 6
    assert len({after - before for before, after in pairwise(chosen)}) == 1


@pytest.mark.parametrize(("most", "ticks"), [(0, (0, 1)), (1, (0, 1)), (3, (0, 1, 2, 3)), (1203, (0, 500, 1000, 1500))])
def test_ticks(most: int, ticks: tuple[int, ...]) -> None:
    assert count_ticks(most) == ticks
