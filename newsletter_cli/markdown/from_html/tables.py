"""Tables of HTML as rows of cells of one size each, and as Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec import Struct

# Of one cell; more is somebody's data, or an attack.
MOST_SPAN = 100


class Cell(Struct, frozen=True, kw_only=True):
    """A place of the table; `is_spread`: where a cell reaches that stands further left or above."""

    element: Any
    is_spread: bool = False


def grid_of(table: Any) -> list[list[Cell]]:
    """The places of its own rows, those that a cell reaches over included."""
    places: dict[tuple[int, int], Cell] = {}
    count = 0
    for number, row in enumerate(_own_rows(table)):
        count, column = number + 1, 0
        for element in row:
            if element.tag not in ("td", "th"):
                continue
            while (number, column) in places:
                column += 1
            for down in range(_span(element, "rowspan")):
                for right in range(_span(element, "colspan")):
                    places.setdefault(
                        (number + down, column + right), Cell(element=element, is_spread=bool(down or right))
                    )
    rows = [[places[place] for place in sorted(places) if place[0] == number] for number in range(count)]
    return [row for row in rows if row]


def _own_rows(table: Any) -> Iterator[Any]:
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _span(element: Any, name: str) -> int:
    typed = (element.get(name) or "").strip()
    return min(max(int(typed), 1), MOST_SPAN) if typed.isdecimal() else 1


def is_box(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether it is one cell only: a frame around something."""
    return sum(not cell.is_spread for row in rows for cell in row) <= 1


def table_of(rows: Sequence[Sequence[str]]) -> list[str]:
    """The lines of a table whose first row is its head."""
    width = max(len(row) for row in rows)
    filled = [[*row, *([""] * (width - len(row)))] for row in rows]
    lines = [f"| {' | '.join(row)} |" for row in filled]
    return [lines[0], f"|{' --- |' * width}", *lines[1:]]
