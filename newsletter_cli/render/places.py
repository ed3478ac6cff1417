"""How wide the places of the e-mail are in which a picture or a table stands."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import html
from msgspec import Struct

from newsletter_cli.markdown.captions import lone_images

# What lists and quotations take away from the column at their sides, and cells with their border, in CSS pixels.
SIDES = {"ul": 24, "ol": 24, "dd": 24, "blockquote": 36}
CELL_SIDES = 17
LEAST_WIDTH = 40
Sizes = Mapping[str, tuple[int, int]]


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


def shown_width(wanted: str | None, size: tuple[int, int] | None, column_width: int) -> int | None:
    """The width to show an image at, in CSS pixels; `None`: the whole column.

    `wanted` is the HTML attribute (`300`, `300px`, `45%`); without one a small image keeps its own size.
    """
    text = (wanted or "").strip().removesuffix("px")
    number = text.removesuffix("%")
    if number.isdecimal() and int(number) > 0:
        pixels = column_width * int(number) // 100 if text.endswith("%") else int(number)
        return pixels if pixels < column_width else None
    if size is not None and 0 < size[0] < column_width:
        return size[0]
    return None


def fit_inline_image(image: html.HtmlElement, size: tuple[int, int] | None, column_px: int) -> None:
    """Outlook obeys the width attribute only, in whole pixels; without one it shows the image's own size.

    No height: with images off, an alternative text longer than that would be cut, and each mail reader keeps the
    proportions by itself. An image of unknown size is as wide as its place where it is alone there, and as it is
    within a sentence.
    """
    wanted = image.get("width")
    place_width = width_of_place(image, column_px)
    width = shown_width(wanted, size, place_width)
    image.attrib.pop("height", None)
    image.attrib.pop("width", None)
    if width is not None:
        image.set("width", str(width))
    elif wanted is not None or size is not None or _is_alone(image):
        image.set("width", str(place_width))


def _is_alone(image: html.HtmlElement) -> bool:
    holder = next(image.iterancestors("p", "li", "td", "th", "dd", "blockquote"), None)
    return holder is not None and lone_images(holder) == [image]
