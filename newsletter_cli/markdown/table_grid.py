"""What a table says, told row by row: which heading belongs to which cell. The e-mail and its text ask here alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

from msgspec import Struct

# More than any table of a newsletter has, so that `colspan="9999999"` costs nothing.
MOST_SPANNED = 100
# What stands between the headings of one cell, where it has several.
HEADINGS_BETWEEN = " – "


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


class GridPlace(Struct, Generic[C], frozen=True, kw_only=True):
    """One place of the grid. `cell` is what covers it; `is_corner`: it begins here, at its first row and column."""

    cell: C | None
    is_corner: bool = False
    is_below: bool = False


class Grid(Struct, Generic[C], frozen=True, kw_only=True):
    """The rows that hold something; `header` are the first of them, as far as all their cells are headings."""

    header: tuple[tuple[GridPlace[C], ...], ...]
    rows: tuple[tuple[GridPlace[C], ...], ...]

    @property
    def width(self) -> int:
        """How many columns there are."""
        return max((len(row) for row in (*self.header, *self.rows)), default=0)


def build_grid(rows: Sequence[Sequence[C]]) -> Grid[C]:
    """The cells of each row at the columns where a browser puts them: what reaches down from above keeps its place."""
    reaching: dict[int, tuple[C, int]] = {}
    placed = [_place_row(row, reaching) for row in rows]
    shown = [row for row in placed if any(one.is_corner and one.cell and not one.cell.is_empty for one in row)]
    count = 0
    while count < len(shown) and all(one.cell is not None and one.cell.is_header for one in shown[count]):
        count += 1
    return Grid(header=tuple(shown[:count]), rows=tuple(shown[count:]))


def _place_row(row: Sequence[C], reaching: dict[int, tuple[C, int]]) -> tuple[GridPlace[C], ...]:
    places: list[GridPlace[C]] = []

    def fill() -> None:
        while len(places) in reaching:
            column = len(places)
            cell, left = reaching.pop(column)
            if left > 1:
                below[column] = (cell, left - 1)
            places.append(GridPlace(cell=cell, is_below=True))

    below: dict[int, tuple[C, int]] = {}
    for cell in row:
        fill()
        for offset in range(min(cell.columns, MOST_SPANNED)):
            if cell.rows > 1:
                below[len(places)] = (cell, min(cell.rows, MOST_SPANNED) - 1)
            reaching.pop(len(places), None)
            places.append(GridPlace(cell=cell, is_corner=offset == 0))
    fill()
    reaching.clear()
    reaching.update(below)
    return tuple(places)


def records_of(grid: Grid[C]) -> list[list[tuple[tuple[C, ...], C]]]:
    """Each row as fields, a cell with its headings, the outermost first. Empty cells are left out.

    What reaches over several rows is said in each. Headings that head nothing come first, in a row of their own.
    """
    names = [_names_of(grid, column) for column in range(grid.width)]
    records = []
    for row in grid.rows:
        fields: list[tuple[tuple[C, ...], C]] = []
        for column, place in enumerate(row):
            cell = place.cell
            is_said = place.is_corner or (place.is_below and (column == 0 or row[column - 1].cell is not cell))
            if cell is not None and is_said and not cell.is_empty:
                fields.append((names[column], cell))
        if fields:
            records.append(fields)
    said = {id(name) for fields in records for some, _cell in fields for name in some}
    unsaid = list(dict.fromkeys(id(name) for some in names for name in some if id(name) not in said))
    by_id = {id(name): name for some in names for name in some}
    return [[((), by_id[one]) for one in unsaid], *records] if unsaid else records


def _names_of(grid: Grid[C], column: int) -> tuple[C, ...]:
    """The headings above a column, each once."""
    cells = [row[column].cell for row in grid.header if column < len(row)]
    above = [cell for cell in cells if cell is not None and not cell.is_empty]
    return tuple(cell for index, cell in enumerate(above) if cell is not (above[index - 1] if index else None))
