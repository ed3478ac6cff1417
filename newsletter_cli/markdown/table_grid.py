"""What a table says, told row by row: which heading belongs to which cell. The e-mail and its text ask here alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

# More than any table of a newsletter has, so that `colspan="9999999"` costs nothing.
MOST_SPANNED = 100


class GridCell(Protocol):
    """A cell, as far as its place matters: how many columns and rows it covers."""

    @property
    def columns(self) -> int:
        """At least 1."""

    @property
    def rows(self) -> int:
        """At least 1."""

    @property
    def is_header(self) -> bool:
        """A `th`."""

    @property
    def is_empty(self) -> bool:
        """Nothing in it that a reader would see."""


C = TypeVar("C", bound=GridCell)


class Place(Struct, Generic[C], frozen=True):
    """One place of the grid. `cell` is what covers it; `is_corner`: it begins here, at its first row and column."""

    cell: C | None
    is_corner: bool = False
    is_below: bool = False


class Grid(Struct, Generic[C], frozen=True):
    """The rows that hold something; `header` is the first of them where all its cells are headings."""

    header: tuple[Place[C], ...] | None
    rows: tuple[tuple[Place[C], ...], ...]

    @property
    def width(self) -> int:
        """How many columns there are."""
        return max((len(row) for row in ((self.header or ()), *self.rows)), default=0)


def build_grid(rows: Sequence[Sequence[C]]) -> Grid[C]:
    """The cells of each row at the columns where a browser puts them: what reaches down from above keeps its place."""
    reaching: dict[int, tuple[C, int]] = {}
    placed = [_place_row(row, reaching) for row in rows]
    shown = [row for row in placed if any(one.is_corner and one.cell and not one.cell.is_empty for one in row)]
    if not shown:
        return Grid(None, ())
    is_header = all(one.cell is not None and one.cell.is_header for one in shown[0])
    return Grid(shown[0], tuple(shown[1:])) if is_header else Grid(None, tuple(shown))


def _place_row(row: Sequence[C], reaching: dict[int, tuple[C, int]]) -> tuple[Place[C], ...]:
    places: list[Place[C]] = []

    def fill() -> None:
        while len(places) in reaching:
            column = len(places)
            cell, left = reaching.pop(column)
            if left > 1:
                below[column] = (cell, left - 1)
            places.append(Place(cell, is_below=True))

    below: dict[int, tuple[C, int]] = {}
    for cell in row:
        fill()
        for offset in range(min(cell.columns, MOST_SPANNED)):
            if cell.rows > 1:
                below[len(places)] = (cell, min(cell.rows, MOST_SPANNED) - 1)
            reaching.pop(len(places), None)
            places.append(Place(cell, is_corner=offset == 0))
    fill()
    reaching.clear()
    reaching.update(below)
    return tuple(places)


def records_of(grid: Grid[C]) -> list[list[tuple[C | None, C]]]:
    """Each row as fields, a heading (or `None`) with its cell. Empty cells are left out.

    What reaches over several rows is said in each. Headings that head nothing come first, in a row of their own.
    """
    header = grid.header or ()
    names = [one.cell if one.cell is not None and not one.cell.is_empty else None for one in header]
    records = []
    for row in grid.rows:
        fields: list[tuple[C | None, C]] = []
        for column, place in enumerate(row):
            cell = place.cell
            is_said = place.is_corner or (place.is_below and (column == 0 or row[column - 1].cell is not cell))
            if cell is not None and is_said and not cell.is_empty:
                fields.append((names[column] if column < len(names) else None, cell))
        if fields:
            records.append(fields)
    said = {id(name) for fields in records for name, _cell in fields}
    unsaid = [
        name for name, place in zip(names, header, strict=True) if name and place.is_corner and id(name) not in said
    ]
    return [[(None, name) for name in unsaid], *records] if unsaid else records
