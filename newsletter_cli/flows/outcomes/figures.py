"""A figure of the report's page: a plot, drawn wide and narrow, and the table with the same numbers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec import Struct

from newsletter_cli.base.i18n import shown_count
from newsletter_cli.render.plots.bars import Row, lay_bars
from newsletter_cli.render.plots.columns import Stack, lay_columns, lay_line

# Of a page on a screen and on a telephone, in CSS pixels.
WIDE, NARROW = 720.0, 268.0
NARROW_HEIGHT = 190.0
HEIGHT = 240.0


class Key(Struct, frozen=True, kw_only=True):
    """What a colour and pattern means, and how many there are of it in all; empty where that says nothing."""

    kind: str
    label: str
    count: str = ""


class Grid(Struct, frozen=True, kw_only=True):
    """A table: its caption, its heads, its rows; the first `words` columns hold words, the others numbers."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: int = 1


class Figure(Struct, frozen=True, kw_only=True):
    """A figure. `shape` is `bars`, `columns` or `line`; `told` is what the plot shows, for who does not see it."""

    shape: str
    title: str
    told: str
    wide: Any
    narrow: Any
    grid: Grid
    keys: tuple[Key, ...] = ()
    note: str = ""


def bar_figure(
    rows: Sequence[Row], *, title: str, told: str, grid: Grid, keys: Sequence[Key] = (), is_wordy: bool = False
) -> Figure:
    """Bars that lie; `is_wordy` as in `lay_bars`."""

    def laid(width: float) -> Any:
        return lay_bars(rows, width=width, shown=shown_count, is_wordy=is_wordy)

    return _figure("bars", laid, title, told, grid, keys)


def column_figure(
    stacks: Sequence[Stack],
    *,
    title: str,
    told: str,
    grid: Grid,
    keys: Sequence[Key] = (),
    spans: Sequence[tuple[float, float]] = (),
    note: str = "",
) -> Figure:
    """Columns that stand."""

    def laid(width: float) -> Any:
        height = HEIGHT if width > NARROW else NARROW_HEIGHT
        return lay_columns(stacks, width=width, height=height, shown=shown_count, spans=spans)

    return _figure("columns", laid, title, told, grid, keys, note)


def line_figure(points: Sequence[tuple[str, int]], *, title: str, told: str, grid: Grid, note: str = "") -> Figure:
    """A line over time."""

    def laid(width: float) -> Any:
        height = HEIGHT if width > NARROW else NARROW_HEIGHT
        return lay_line(points, width=width, height=height, shown=shown_count)

    return _figure("line", laid, title, told, grid, (), note)


def _figure(
    shape: str,
    laid: Callable[[float], Any],
    title: str,
    told: str,
    grid: Grid,
    keys: Sequence[Key],
    note: str = "",
) -> Figure:
    return Figure(
        shape=shape,
        title=title,
        told=told,
        wide=laid(WIDE),
        narrow=laid(NARROW),
        grid=grid,
        keys=tuple(keys),
        note=note,
    )
