"""Tables of the e-mail: as they are where their words fit, else the records that its plain text shows.

A word is never cut for the sake of its column. Three ways, by the room that the words need:

- they fit on the narrowest phone: the table stays;
- they fit the column of a wide screen only: records, which a `<style>`, and Outlook's comments, turn into the table;
- they fit nowhere: records.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import deepcopy
from itertools import pairwise

from lxml import etree, html
from msgspec import Struct

from newsletter_cli.markdown.fragment import LINE
from newsletter_cli.markdown.shape import FLOW
from newsletter_cli.markdown.table_grid import HEADINGS_BETWEEN, Grid, build_grid, records_of
from newsletter_cli.markdown.text_width import BOLD, is_break_between, letter_width
from newsletter_cli.render.picture_rows import comment
from newsletter_cli.render.places import CELL_SIDES, Room, sides_around
from newsletter_cli.render.theme import WIDE_CLASS

# The theme's tables are set at 15 px, wide ones at 14 with less between the columns; each letter of code is as wide.
TEXT_PX = 15
WIDE_TEXT_PX, WIDE_CELL_SIDES = 14, 13
CODE_WIDTH = 57  # hundredths of TEXT_PX
# Longer texts are not pressed into less: eight letters or so. An address may break anywhere, a picture shrinks.
READABLE_PX = 80
BOLD_TAGS = frozenset(("th", "b", "strong"))
CODE_TAGS = frozenset(("code", "kbd", "samp", "tt", "pre"))
ADDRESS_CLASS = "address"


class _Cell(Struct, frozen=True, kw_only=True):
    element: html.HtmlElement
    columns: int
    rows: int

    @property
    def is_header(self) -> bool:
        return bool(self.element.tag == "th")

    @property
    def is_empty(self) -> bool:
        has_picture = next(self.element.iter("img"), None) is not None
        return not has_picture and not "".join(self.element.itertext()).strip()


def fit_tables(root: html.HtmlElement, room: Room, *, label_pattern: str, has_styles: bool = True) -> None:
    """Every table of the tree in the way its words need, in place.

    `label_pattern` sets a heading before its cell, as in `{label} : {value}`. `has_styles`: the theme knows how to turn
    records into a table (`WIDE_CLASS`); one from before does not, and gets the records.
    """
    # Inner tables first: what they need is what the cell around them needs.
    for table in reversed([one for one in root.iter("table") if one.get("role") is None]):
        _mark_addresses(table)
        _fit(table, room, label_pattern, has_styles=has_styles)


def _fit(table: html.HtmlElement, room: Room, label_pattern: str, *, has_styles: bool) -> None:
    grid = build_grid([[_cell(one) for one in row if one.tag in ("td", "th")] for row in _rows_of(table)])
    words, sides = sum(_needs_of(grid)), sides_around(table)
    if words + CELL_SIDES * grid.width < room.phone_px - sides:
        return
    wide = words * WIDE_TEXT_PX / TEXT_PX + WIDE_CELL_SIDES * grid.width
    if has_styles and _can_turn(table, grid) and wide < room.column_px - sides:
        _make_turning(table, grid, label_pattern)
    else:
        _make_records(table, grid, label_pattern)


def _can_turn(table: html.HtmlElement, grid: Grid[_Cell]) -> bool:
    """Whether it is the one row of headings, and a heading for each cell, that would be hidden on a phone."""
    if len(grid.header) != 1 or next(table.iterancestors("table"), None) is not None:
        return False
    is_wide = any(one.cell and (one.cell.columns > 1 or one.cell.rows > 1) for row in grid.rows for one in row)
    is_longer = any(len(row) > len(grid.header[0]) for row in grid.rows)
    return bool(grid.rows) and not is_wide and not is_longer


def _rows_of(table: html.HtmlElement) -> Iterator[html.HtmlElement]:
    """The table's own rows, not those of tables within it."""
    for child in table:
        if child.tag == "tr":
            yield child
        elif child.tag in ("thead", "tbody", "tfoot"):
            yield from (row for row in child if row.tag == "tr")


def _cell(element: html.HtmlElement) -> _Cell:
    return _Cell(element=element, columns=_number(element.get("colspan")), rows=_number(element.get("rowspan")))


def _number(value: str | None) -> int:
    return max(int(value), 1) if value and value.isdecimal() and len(value) < 6 else 1


def _mark_addresses(table: html.HtmlElement) -> None:
    """Links whose words are an address may break anywhere: nobody reads them."""
    for link in table.iter("a"):
        if is_address(link):
            link.set("class", ADDRESS_CLASS)


def is_address(link: html.HtmlElement) -> bool:
    """Whether the words of a link are an address: in one piece, and part of what it leads to."""
    words = "".join(link.itertext()).strip()
    href = link.get("href") or ""
    return bool(words) and not any(map(str.isspace, words)) and ("/" in words or "@" in words or words in href)


def _needs_of(grid: Grid[_Cell]) -> list[float]:
    """The least width of each column, in CSS pixels and without its sides, at which no word is cut."""
    needs = [0.0] * grid.width
    spanning = []
    for row in (*grid.header, *grid.rows):
        for column, place in enumerate(row):
            if place.cell is not None and place.is_corner:
                if place.cell.columns > 1:
                    spanning.append((column, place.cell))
                else:
                    needs[column] = max(needs[column], _cell_need(place.cell.element))
    for column, cell in spanning:
        covered = range(column, min(column + cell.columns, len(needs)))
        missing = _cell_need(cell.element) - sum(needs[one] for one in covered) - CELL_SIDES * (len(covered) - 1)
        needs[covered[-1]] += max(missing, 0)
    return needs


def _cell_need(cell: html.HtmlElement) -> float:
    inner = [_inner_need(one) for one in cell.iter("table")]
    pictures = [READABLE_PX for _image in cell.iter("img")]
    words, whole = measure_words(cell)
    return max([words, min(whole, READABLE_PX), *inner, *pictures])


def _inner_need(table: html.HtmlElement) -> float:
    needs = _needs_of(build_grid([[_cell(one) for one in row] for row in _rows_of(table)]))
    return sum(needs) + CELL_SIDES * len(needs)


def measure_words(element: html.HtmlElement, size_px: float = TEXT_PX) -> tuple[float, float]:
    """The width of the widest piece that may not be broken, and of all the text in one line, in CSS pixels."""
    widest = whole = piece = 0.0
    before = " "
    for text, holder in _texts(element):
        if text is None:
            before = " "
            continue
        tags = {str(one.tag) for one in _up_to(holder, element)}
        factor = BOLD if tags & BOLD_TAGS else 1.0
        is_code = bool(tags & CODE_TAGS)
        is_free = any(one.get("class") == ADDRESS_CLASS for one in _up_to(holder, element))
        for before_letter, letter in pairwise(before + text):
            width = (max(letter_width(letter), CODE_WIDTH) if is_code else letter_width(letter)) * factor
            whole += width
            if is_free or is_break_between(before_letter, letter):
                piece = 0.0
            piece += 0.0 if letter == " " else width
            widest = max(widest, piece)
        before = text[-1]
    return widest * size_px / 100, whole * size_px / 100


def _texts(element: html.HtmlElement) -> Iterator[tuple[str | None, html.HtmlElement]]:
    """Each text with the element that holds it; `None` where a line ends: at a break, a picture, a block's edge."""
    if element.text:
        yield element.text, element
    for child in element:
        is_edge = child.tag in FLOW or child.tag in ("br", "img")
        if is_edge:
            yield None, child
        if isinstance(child.tag, str):
            yield from _texts(child)
        if is_edge:
            yield None, child
        if child.tail:
            yield child.tail, element


def _up_to(element: html.HtmlElement, top: html.HtmlElement) -> Iterator[html.HtmlElement]:
    while True:
        yield element
        parent = element.getparent()
        if element is top or parent is None:
            return
        element = parent


def _make_records(table: html.HtmlElement, grid: Grid[_Cell], label_pattern: str) -> None:
    """Each row a block of lines, `Heading : cell`. The margin stands in the element: older themes know no records."""
    made = []
    caption = next(iter(table.findall("caption")), None)
    if caption is not None:
        title = html.Element("p")
        strong = etree.SubElement(title, "strong")
        _copy_content(caption, strong)
        made.append(title)
    for fields in records_of(grid):
        record = html.Element("div")
        record.set("class", "record")
        record.set("style", "margin:0 0 16px")
        for names, cell in fields:
            line = etree.SubElement(record, "div")
            # A mail reader's own first lines run all words together otherwise.
            line.tail = "\n"
            if names:
                line.append(_label(names, label_pattern))
            _copy_content(cell.element, line)
        made.append(record)
    for one in made:
        if table.get(LINE):
            one.set(LINE, table.get(LINE))
        table.addprevious(one)
    table.drop_tree()


def _label(names: Sequence[_Cell], label_pattern: str) -> html.HtmlElement:
    before, _slot, rest = label_pattern.partition("{label}")
    label = html.Element("strong")
    _add_text(label, before)
    for index, name in enumerate(names):
        _add_text(label, HEADINGS_BETWEEN if index else "")
        _copy_content(name.element, label)
    _add_text(label, rest.partition("{value}")[0].rstrip(" "))
    label.tail = " "
    return label


def _copy_content(source: html.HtmlElement, target: html.HtmlElement) -> None:
    """The content of `source` behind that of `target`."""
    _add_text(target, source.text or "")
    for child in source:
        target.append(deepcopy(child))


def _add_text(element: html.HtmlElement, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _make_turning(table: html.HtmlElement, grid: Grid[_Cell], label_pattern: str) -> None:
    """Records at first; the theme's `<style>` makes the table of them where there is room. Outlook sees it at once."""
    table.set("class", WIDE_CLASS)
    for row in grid.rows:
        for place, heading in zip(row, grid.header[0], strict=False):
            if place.cell is None or heading.cell is None or heading.cell.is_empty or place.cell.is_empty:
                continue
            label = _label((heading.cell,), label_pattern)
            label.set("class", "label")
            label.set("style", "mso-hide:all")
            cell = place.cell.element
            label.tail = f" {(cell.text or '').lstrip()}"
            cell.text = None
            cell.insert(0, label)
    heading_row = next(place.cell.element.getparent() for place in grid.header[0] if place.cell is not None)
    if heading_row is not None:
        _hide_heading(heading_row)


def _hide_heading(row: html.HtmlElement) -> None:
    """The row of headings, for the `<style>` to show; Outlook, which ignores `display`, has a copy of its own."""
    shown = etree.tostring(_without_lines(row), encoding="unicode", method="xml", with_tail=False)
    body = row.getparent()
    holder = body if body is not None and body.tag == "thead" else row
    holder.set("class", "head")
    holder.set("style", "display:none")
    holder.addprevious(comment(f"[if mso]>{shown}<![endif]"))
    holder.addprevious(comment("[if !mso]><!"))
    holder.addnext(comment("<![endif]"))


def _without_lines(element: html.HtmlElement) -> html.HtmlElement:
    clean = deepcopy(element)
    for one in clean.iter():
        one.attrib.pop(LINE, None)
    return clean
