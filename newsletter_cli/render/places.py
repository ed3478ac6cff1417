"""How wide the places of the e-mail are in which a picture or a table stands."""

from __future__ import annotations

from lxml import html
from msgspec import Struct

# What lists and quotations take away from the column at their sides, and cells with their border, in CSS pixels.
SIDES = {"ul": 24, "ol": 24, "dd": 24, "blockquote": 36}
CELL_SIDES = 17
LEAST_WIDTH = 40


class Room(Struct, frozen=True, kw_only=True):
    """The width of the text column in CSS pixels, on a wide screen and on the narrowest phone."""

    column_px: int
    phone_px: int

    def less(self, sides_px: int, *, phone_sides_px: int | None = None) -> Room:
        """What is left between sides of that width; `phone_sides_px` where they are others on a phone."""
        phone = sides_px if phone_sides_px is None else phone_sides_px
        return Room(
            column_px=max(self.column_px - sides_px, LEAST_WIDTH), phone_px=max(self.phone_px - phone, LEAST_WIDTH)
        )


def sides_around(element: html.HtmlElement) -> int:
    """What lists, quotations and cells around the element take away at its sides, in CSS pixels."""
    around = [one for one in element.iterancestors() if not _is_frame(one)]
    return sum(CELL_SIDES if one.tag in ("td", "th") else SIDES.get(str(one.tag), 0) for one in around)


def width_of_place(element: html.HtmlElement, column_px: int) -> int:
    """How wide the place is in which an element stands: the column, less what stands around it; a share of a table."""
    width = column_px
    for one in reversed(list(element.iterancestors())):
        if _is_frame(one):
            continue
        if one.tag in ("td", "th"):
            row = one.getparent()
            cells = 1 if row is None else sum(1 for cell in row if cell.tag in ("td", "th"))
            width = width // max(cells, 1) - CELL_SIDES
        else:
            width -= SIDES.get(str(one.tag), 0)
    return max(width, LEAST_WIDTH)


def _is_frame(element: html.HtmlElement) -> bool:
    """Whether it is the cell of a quotation, whose sides are those of the quotation itself."""
    return element.tag == "td" and (element.get("class") or "").startswith(("quote", "code"))
