"""A table in plain text: aligned columns where they fit, else one record per row."""

from __future__ import annotations

from msgspec import Struct, field

from newsletter_cli.markdown.text_wrap import display_width, wrap

_GAP = "  "
_MOST_COLUMNS_SPANNED = 100


class Cell(Struct, kw_only=True):
    """`lines` are what hard breaks separate; `span` counts columns."""

    lines: list[str]
    is_header: bool = False
    is_right: bool = False
    span: int = 1


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
    rows = [_spread(row) for row in table.rows if any(cell.lines for cell in row)]
    if not rows:
        return []
    header = rows.pop(0) if all(cell.is_header for cell in rows[0]) else None
    return _columns(header, rows, width) or _records(header, rows, width, label_pattern)


def _spread(row: list[Cell]) -> list[Cell]:
    cells: list[Cell] = []
    for cell in row:
        cells.append(cell)
        for _ in range(min(cell.span, _MOST_COLUMNS_SPANNED) - 1):
            cells.append(Cell(lines=[], is_header=cell.is_header))
    return cells


def _columns(header: list[Cell] | None, rows: list[list[Cell]], width: int) -> list[str]:
    everything = rows if header is None else [header, *rows]
    sizes = [1 if header is None else 3] * max(len(row) for row in everything)
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
    if header is not None:
        lines.insert(1, _GAP.join("-" * size for size in sizes))
    return lines


def _aligned(row: list[Cell], sizes: list[int]) -> str:
    fields = []
    for cell, size in zip(row, sizes, strict=False):
        text = cell.lines[0] if cell.lines else ""
        padding = " " * (size - display_width(text))
        fields.append(padding + text if cell.is_right else text + padding)
    return _GAP.join(fields).rstrip(" ")


def _records(header: list[Cell] | None, rows: list[list[Cell]], width: int, label_pattern: str) -> list[str]:
    names = [" ".join(cell.lines) for cell in header or []]
    lines: list[str] = []
    # A table of headings alone still shows them.
    for row in rows or ([header] if header else []):
        if lines:
            lines.append("")
        for position, cell in enumerate(row):
            name = names[position] if rows and position < len(names) else ""
            lines += _record(name, cell.lines, width, label_pattern)
    return lines


def _record(name: str, parts: list[str], width: int, label_pattern: str) -> list[str]:
    if not parts:
        return []
    first, *rest = parts
    if name:
        first = label_pattern.format(label=name, value=first)
    lines = wrap(first, width)
    folded = [line for part in rest for line in wrap(part, max(width - 2, 1))]
    return lines[:1] + [f"  {line}" for line in [*_rewrapped(lines[1:], width), *folded]]


def _rewrapped(lines: list[str], width: int) -> list[str]:
    # Following lines hang by two columns, so that a new field is told from the rest of one.
    return wrap(" ".join(lines), max(width - 2, 1)) if lines else []
