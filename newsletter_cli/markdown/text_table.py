"""A table in plain text: aligned columns where they fit, else one record per row."""

from __future__ import annotations

from msgspec import Struct, field

from newsletter_cli.markdown.table_grid import HEADINGS_BETWEEN, Grid, GridPlace, build_grid, records_of
from newsletter_cli.markdown.text_wrap import display_width, wrap

_GAP = "  "


class Cell(Struct, kw_only=True):
    """`lines` are what hard breaks separate; `columns` and `rows` are what it covers."""

    lines: list[str]
    is_header: bool = False
    is_right: bool = False
    columns: int = 1
    rows: int = 1

    @property
    def is_empty(self) -> bool:
        """Whether nothing is said in it."""
        return not self.lines


class Table(Struct):
    """Rows of cells, gathered in the order of the source."""

    rows: list[list[Cell]] = field(default_factory=list)

    def add_row(self) -> None:
        """Begins a row."""
        self.rows.append([])

    def add_cell(self, cell: Cell) -> None:
        """Ends a cell of the row begun last; a cell without a row begins one."""
        if not self.rows:
            self.add_row()
        self.rows[-1].append(cell)


def render_table(table: Table, *, width: int, label_pattern: str) -> list[str]:
    """The lines of a table, at most `width` columns wide where its words allow.

    `label_pattern` sets a header before its value, as in `{label} : {value}`. No cell is left out,
    a row may have more cells than the header.
    """
    grid = build_grid(table.rows)
    return _columns(grid, width) or _records(grid, width, label_pattern)


def _columns(grid: Grid[Cell], width: int) -> list[str]:
    everything = [[_own(place) for place in row] for row in (*grid.header, *grid.rows)]
    sizes = [3 if grid.header else 1] * grid.width
    if sum(sizes) > width:
        return []
    for row in everything:
        for position, cell in enumerate(row):
            if len(cell.lines) > 1:
                return []
            if cell.lines:
                sizes[position] = max(sizes[position], display_width(cell.lines[0]))
    if sum(sizes) + len(_GAP) * (len(sizes) - 1) > width:
        return []
    lines = [_aligned(row, sizes) for row in everything]
    if grid.header:
        lines.insert(len(grid.header), _GAP.join("-" * size for size in sizes))
    return lines


def _own(place: GridPlace[Cell]) -> Cell:
    """The cell that begins at a place; none where one from the left or from above goes on."""
    return place.cell if place.cell is not None and place.is_corner else Cell(lines=[])


def _aligned(row: list[Cell], sizes: list[int]) -> str:
    fields = []
    for cell, size in zip(row, sizes, strict=False):
        text = cell.lines[0] if cell.lines else ""
        padding = " " * (size - display_width(text))
        fields.append(padding + text if cell.is_right else text + padding)
    return _GAP.join(fields).rstrip(" ")


def _records(grid: Grid[Cell], width: int, label_pattern: str) -> list[str]:
    lines: list[str] = []
    for fields in records_of(grid):
        if lines:
            lines.append("")
        for names, cell in fields:
            label = HEADINGS_BETWEEN.join(" ".join(name.lines) for name in names)
            lines += _record(label, cell.lines, width, label_pattern)
    return lines


def _record(name: str, parts: list[str], width: int, label_pattern: str) -> list[str]:
    first, *rest = parts
    if name:
        first = label_pattern.format(label=name, value=first)
    lines = wrap(first, width)
    folded = [line for part in rest for line in wrap(part, max(width - 2, 1))]
    return lines[:1] + [f"  {line}" for line in [*_rewrapped(lines[1:], width), *folded]]


def _rewrapped(lines: list[str], width: int) -> list[str]:
    # Following lines hang by two columns, so that a new field is told from the rest of one.
    return wrap(" ".join(lines), max(width - 2, 1)) if lines else []
