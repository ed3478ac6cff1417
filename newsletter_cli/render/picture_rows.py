"""Small pictures of one paragraph, side by side: a row that stacks on a phone.

Each stands in a block of its own that flows as a word does, so that no `<style>` is needed to stack them; Outlook,
which knows no such blocks, gets a table of one row.
"""

from __future__ import annotations

from collections.abc import Sequence

from lxml import etree, html
from msgspec import Struct

from newsletter_cli.markdown.captions import CAPTION, TITLED
from newsletter_cli.markdown.fragment import LINE

MOST_IN_A_ROW = 4
GAP_PX = 12
# On a phone, pictures with that many pixels fill the line; smaller ones keep their size.
FILLING_PX = 280
ROW = "row"


class Shot(Struct, frozen=True, kw_only=True):
    """A picture of a row. `holder` is what moves with it: itself, or its link; `width` in CSS pixels."""

    holder: html.HtmlElement
    image: html.HtmlElement
    width: int
    size: tuple[int, int] | None = None


def share_out(count: int) -> list[int]:
    """How many pictures each row has: at most four, and none has one alone."""
    rows = -(-count // MOST_IN_A_ROW)
    least, more = divmod(count, rows)
    return [least + (number < more) for number in range(rows)]


def widths_in_row(shots: Sequence[Shot], column_px: int) -> list[int]:
    """The width of each picture of a row in CSS pixels: equally high where their sizes are known, none enlarged."""
    room = column_px - GAP_PX * len(shots)
    wanted = [shot.width for shot in shots]
    if sum(wanted) <= room:
        return wanted
    sizes = [shot.size for shot in shots if shot.size is not None and not shot.image.get("width")]
    if len(sizes) == len(shots):
        height = room / sum(width / height for width, height in sizes)
        return [min(one, max(int(height * size[0] / size[1]), 1)) for one, size in zip(wanted, sizes, strict=True)]
    return [max(width * room // sum(wanted), 1) for width in wanted]


def build_row(shots: Sequence[Shot], column_px: int, *, line: str | None) -> html.HtmlElement:
    """The row as one element. `line` is that of the file, as its paragraph had it."""
    row = html.Element("div")
    row.set("class", ROW)
    if line:
        row.set(LINE, line)
    for index, (shot, width) in enumerate(zip(shots, widths_in_row(shots, column_px), strict=True)):
        before = "</td>" if index else '<table role="presentation" cellpadding="0" cellspacing="0" border="0"><tr>'
        row.append(comment(f'[if mso]>{before}<td width="{width + GAP_PX}" valign="top"><![endif]'))
        box = etree.SubElement(row, "div")
        box.set("class", "shot fill" if shot.size and shot.size[0] >= FILLING_PX else "shot")
        box.set("style", f"display:inline-block;vertical-align:top;width:100%;max-width:{width}px")
        shot.image.attrib.pop("height", None)
        shot.image.set("width", str(width))
        shot.holder.tail = None
        box.append(shot.holder)
        add_title(shot.image, shot.holder)
    row.append(comment("[if mso]></td></tr></table><![endif]"))
    return row


def add_title(image: html.HtmlElement, holder: html.HtmlElement) -> None:
    """The title that is a caption, below the picture."""
    if image.get("class") != TITLED:
        return
    del image.attrib["class"]
    caption = html.Element("span")
    caption.set("class", CAPTION)
    caption.text = image.attrib.pop("title")
    line_end = html.Element("br")
    tail, holder.tail = holder.tail, None
    holder.addnext(line_end)
    line_end.addnext(caption)
    caption.tail = tail


def comment(text: str) -> html.HtmlElement:
    """A comment, such as those that only Outlook reads."""
    made: html.HtmlElement = html.HtmlComment(text)
    return made
