"""Columns that stand, and a line over time: both with numbers at the left and labels below."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from newsletter_cli.base.values import replace
from newsletter_cli.render.plots.axis import Label, count_ticks, labels_below, shares
from newsletter_cli.render.plots.bars import Part, Piece
from newsletter_cli.render.plots.words import SIZE, width_of

HEIGHT = 220.0
TOP = 12.0
BELOW = 26.0
GAP = 8.0
# A band below the columns: when something was under way.
BAND = 8.0
# What a column leaves free at its right, of the room it has.
FREE = 0.22
WIDEST = 56.0


class Stack(Struct, frozen=True, kw_only=True):
    """What one column shows, and its label."""

    label: str
    parts: tuple[Part, ...]

    @property
    def total(self) -> int:
        """All parts together."""
        return sum(part.count for part in self.parts)


class Frame(Struct, frozen=True, kw_only=True):
    """The field of a plot: its edges, the numbers at its left with their lines, the labels below."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    numbers: tuple[Label, ...]
    lines: tuple[float, ...]
    labels: tuple[Label, ...] = ()


class ColumnPlot(Struct, frozen=True, kw_only=True):
    """A drawing of columns. `bands` lie below them."""

    frame: Frame
    pieces: tuple[Piece, ...]
    bands: tuple[Piece, ...]


class LinePlot(Struct, frozen=True, kw_only=True):
    """A drawing of a line: `path` and the `area` under it in SVG's own words; `last` names where it ends."""

    frame: Frame
    path: str
    area: str
    end: tuple[float, float]
    last: Label


def lay_columns(
    stacks: Sequence[Stack],
    *,
    width: float,
    height: float = HEIGHT,
    shown: Callable[[int], str] = str,
    spans: Sequence[tuple[float, float]] = (),
) -> ColumnPlot:
    """The stacks from the left. `spans`: from where to where a band goes, in columns (0.0: where the first begins)."""
    most = max((stack.total for stack in stacks), default=0)
    frame, ticks = _frame(most, width, height, shown, band=BAND + GAP if spans else 0.0)
    step = (frame.right - frame.left) / max(1, len(stacks))
    thick = min(step * (1 - FREE), WIDEST)
    pieces, middles = [], []
    for number, stack in enumerate(stacks):
        middle = frame.left + (number + 0.5) * step
        middles.append((middle, stack.label))
        y = frame.bottom
        counts = [part.count for part in stack.parts]
        for part, length in zip(stack.parts, shares(counts, frame.bottom - frame.top, ticks[-1]), strict=True):
            if length:
                y -= length
                x = round(middle - thick / 2, 2)
                pieces.append(Piece(kind=part.kind, x=x, y=round(y, 2), width=round(thick, 2), height=length))
    bands = tuple(
        Piece(
            kind="band",
            x=round(frame.left + begin * step, 2),
            y=frame.bottom + GAP / 2,
            width=round(max(2.0, min((end - begin) * step, frame.right - frame.left - begin * step)), 2),
            height=BAND,
        )
        for begin, end in spans
    )
    return ColumnPlot(frame=_labelled(frame, middles), pieces=tuple(pieces), bands=bands)


def lay_line(
    points: Sequence[tuple[str, int]], *, width: float, height: float = HEIGHT, shown: Callable[[int], str] = str
) -> LinePlot:
    """A line through the points at equal steps, each with its label. At least one point."""
    most = max(count for _label, count in points)
    frame, ticks = _frame(most, width, height, shown, right=width_of(shown(points[-1][1])) + GAP)
    step = (frame.right - frame.left) / max(1, len(points) - 1)
    scale = (frame.bottom - frame.top) / ticks[-1]
    places = [
        (round(frame.left + number * step, 2), round(frame.bottom - count * scale, 2))
        for number, (_label, count) in enumerate(points)
    ]
    path = "M" + "L".join(f"{x} {y}" for x, y in places)
    (first, _), (x, y) = places[0], places[-1]
    return LinePlot(
        frame=_labelled(frame, [(x, label) for (x, _y), (label, _count) in zip(places, points, strict=True)]),
        path=path,
        area=f"{path}L{x} {frame.bottom}L{first} {frame.bottom}Z",
        end=(x, y),
        last=Label(text=shown(points[-1][1]), x=round(x + GAP, 2), y=round(y + SIZE * 0.36, 2)),
    )


def _frame(
    most: int, width: float, height: float, shown: Callable[[int], str], *, right: float = 0.0, band: float = 0.0
) -> tuple[Frame, tuple[int, ...]]:
    ticks = count_ticks(most)
    left = max(width_of(shown(tick)) for tick in ticks) + GAP
    bottom = height - BELOW - band
    lines = tuple(round(bottom - (bottom - TOP) * tick / ticks[-1], 2) for tick in ticks)
    numbers = tuple(
        Label(text=shown(tick), x=round(left - GAP, 2), y=round(y + SIZE * 0.36, 2), anchor="end")
        for tick, y in zip(ticks, lines, strict=True)
    )
    frame = Frame(
        width=width, height=height, left=left, right=width - right, top=TOP, bottom=bottom, numbers=numbers, lines=lines
    )
    return frame, ticks


def _labelled(frame: Frame, middles: Sequence[tuple[float, str]]) -> Frame:
    return replace(frame, labels=labels_below(middles, y=frame.height - 6, width=frame.width))
