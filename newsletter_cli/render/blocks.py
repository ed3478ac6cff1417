"""A tree → the e-mail's blocks: runs of HTML, and images that stand alone.

Images become blocks of their own because only MJML's image component gives Outlook a width it obeys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from copy import deepcopy
from itertools import zip_longest
from typing import Literal

from lxml import html
from msgspec import Struct

from newsletter_cli.markdown.captions import CAPTION, lone_image, lone_images
from newsletter_cli.markdown.fragment import LINE, serialise, text_of
from newsletter_cli.render.dressing.buttons import button_link
from newsletter_cli.render.picture_rows import ROW, Shot, add_title, build_row, share_out
from newsletter_cli.render.places import Room, Sizes, fit_inline_image, shown_width
from newsletter_cli.render.tables import fit_tables

# The classes of pictures with a plate, and of paragraphs with a caption behind them.
PLATE, PICTURED = "plate", "pictured"


class HtmlBlock(Struct, frozen=True):
    """A run of paragraphs, lists, tables…, as well-formed XHTML. `line`: where it begins in its file."""

    html: str
    line: int | None = None
    kind: Literal["html"] = "html"


class ImageBlock(Struct, frozen=True, kw_only=True):
    """An image on its own. `width` in CSS pixels; `None`: as wide as the column.

    `is_captioned`: its caption comes next; `has_plate`: it needs light paper under it, in the dark as well.
    """

    src: str
    alt: str
    href: str | None = None
    title: str | None = None
    width: int | None = None
    line: int | None = None
    is_captioned: bool = False
    has_plate: bool = False
    kind: Literal["image"] = "image"


class ButtonBlock(Struct, frozen=True, kw_only=True):
    """A link as a button. `label` is plain text; `html` is the paragraph as it was, for themes without buttons.

    `direction` is set where it is not the newsletter's own; `align` is `left`, `right` or `center`, where it is said.
    """

    url: str
    label: str
    html: str
    direction: str | None = None
    align: str | None = None
    line: int | None = None
    kind: Literal["button"] = "button"


Block = HtmlBlock | ImageBlock | ButtonBlock
HEADINGS = ("h3", "h4", "h5", "h6")


class Layout(Struct, frozen=True, kw_only=True):
    """What tables and pictures are set by.

    `sizes` holds the (width, height) in pixels of the images that are known, by address; `plates` are the addresses of
    those that need light paper; `label_pattern` sets a table's heading before its cell; `has_table_styles`: the theme
    can turn records into a table.
    """

    room: Room
    sizes: Sizes
    label_pattern: str
    plates: frozenset[str] = frozenset()
    has_table_styles: bool = True


def split_blocks(root: html.HtmlElement, layout: Layout) -> tuple[Block, ...]:
    """The blocks of a tree, in order; the tree itself stays whole, for the other renditions are made from it."""
    blocks: list[Block] = []
    run: list[html.HtmlElement] = []
    tree = deepcopy(root)
    fit_tables(tree, layout.room, label_pattern=layout.label_pattern, has_styles=layout.has_table_styles)
    tops = list(_top_elements(tree, layout))
    for element, following in zip_longest(tops, tops[1:]):
        link = button_link(element)
        if link is not None:
            _flush(run, blocks)
            blocks.append(_button_block(element, link))
            continue
        image = lone_image(element)
        if image is None:
            _fit_images(element, layout)
            run.append(element)
            continue
        _flush(run, blocks)
        blocks.append(_image_block(image, layout, is_captioned=_is_caption(following)))
    _flush(run, blocks)
    return tuple(blocks)


def fit_description(root: html.HtmlElement, layout: Layout) -> html.HtmlElement:
    """A copy of a text that stands within a card, its tables and pictures as wide as that allows."""
    tree = deepcopy(root)
    fit_tables(tree, layout.room, label_pattern=layout.label_pattern, has_styles=layout.has_table_styles)
    _fit_images(tree, layout)
    return tree


def _button_block(paragraph: html.HtmlElement, link: html.HtmlElement) -> ButtonBlock:
    return ButtonBlock(
        url=link.get("href") or "",
        label=text_of(link),
        html=serialise([paragraph]),
        direction=paragraph.get("dir"),
        align=paragraph.get("align"),
        line=line_of(paragraph),
    )


def _fit_images(element: html.HtmlElement, layout: Layout) -> None:
    is_row = element.get("class") == ROW
    for image in list(element.iter("img")):
        src = image.get("src") or ""
        if not is_row:
            fit_inline_image(image, layout.sizes.get(src), layout.room.column_px)
            link = image.getparent()
            add_title(image, image if link is None or link.tag != "a" else link)
        if src in layout.plates:
            image.set("class", PLATE)
    for caption in element.iter("p"):
        before = caption.getprevious()
        if _is_caption(caption) and before is not None and before.tag == "p" and lone_images(before):
            before.set("class", PICTURED)


def _is_caption(element: html.HtmlElement | None) -> bool:
    return element is not None and element.tag == "p" and element.get("class") == CAPTION


def _flush(run: list[html.HtmlElement], blocks: list[Block]) -> None:
    if run:
        if run[0].tag in HEADINGS:
            # Margins of two cells are added up, not the larger taken: the gap is that of what stands above.
            run[0].set("class", f"{run[0].get('class') or ''} first".strip())
        blocks.append(HtmlBlock(serialise(run), line_of(run[0])))
        run.clear()


def line_of(element: html.HtmlElement) -> int | None:
    """The line of the file that an element comes from, its own or that of what it stands in."""
    for candidate in (element, *element.iterancestors()):
        line = candidate.get(LINE)
        if line and line.isdecimal():
            return int(line)
    return None


def _top_elements(root: html.HtmlElement, layout: Layout) -> Iterator[html.HtmlElement]:
    for element in list(root):
        if element.tag == "p" and next(element.iter("img"), None) is not None:
            yield from _in_rows(_split_at_images(element), layout)
        else:
            yield element


def _in_rows(elements: Iterable[html.HtmlElement], layout: Layout) -> Iterator[html.HtmlElement]:
    """The elements of one paragraph, small pictures that follow each other put into rows."""
    pending: list[html.HtmlElement] = []
    for element in elements:
        image = lone_image(element)
        if image is not None and _small_width(image, layout) is not None:
            pending.append(element)
            continue
        yield from _rows_of(pending, layout)
        yield element
    yield from _rows_of(pending, layout)


def _rows_of(pending: list[html.HtmlElement], layout: Layout) -> Iterator[html.HtmlElement]:
    found = list(pending)
    pending.clear()
    if len(found) < 2:
        yield from found
        return
    for count in share_out(len(found)):
        taken, found = found[:count], found[count:]
        shots = []
        for element in taken:
            image = lone_image(element)
            width = None if image is None else _small_width(image, layout)
            if image is not None and width is not None:
                shots.append(Shot(holder=element[0], image=image, width=width, size=_size_of(image, layout)))
        yield build_row(shots, layout.room.column_px, line=taken[0].get(LINE))


def _small_width(image: html.HtmlElement, layout: Layout) -> int | None:
    """The width of a picture that leaves room beside it; `None` for others, and where nobody knows."""
    return shown_width(image.get("width"), _size_of(image, layout), layout.room.column_px)


def _size_of(image: html.HtmlElement, layout: Layout) -> tuple[int, int] | None:
    return layout.sizes.get(image.get("src") or "")


def _split_at_images(paragraph: html.HtmlElement) -> Iterable[html.HtmlElement]:
    """The paragraph cut at lines that hold only images: text above a picture stays a paragraph of its own."""
    lines: list[html.HtmlElement] = [_paragraph_like(paragraph)]
    _add_text(lines, paragraph, paragraph.text)
    for child in list(paragraph):
        tail, child.tail = child.tail, None
        lines[-1].append(child)
        if child.tag == "br":
            lines.append(_paragraph_like(paragraph))
        _add_text(lines, paragraph, tail)
    if not any(lone_images(line) for line in lines):
        return [_joined(lines)]
    result: list[html.HtmlElement] = []
    pending: list[html.HtmlElement] = []
    for line in lines:
        if lone_images(line):
            _push_text(pending, result)
            for image in [child for child in line if child.tag != "br"]:
                alone = _paragraph_like(line)
                image.tail = None
                alone.append(image)
                result.append(alone)
        else:
            pending.append(line)
    _push_text(pending, result)
    return result


def _paragraph_like(element: html.HtmlElement) -> html.HtmlElement:
    made = html.Element("p")
    for name in (LINE, "align"):
        if element.get(name):
            made.set(name, element.get(name))
    return made


def _add_text(lines: list[html.HtmlElement], paragraph: html.HtmlElement, text: str | None) -> None:
    first, *others = (text or "").split("\n")
    _append_text(lines[-1], first)
    for other in others:
        _append_text(lines[-1], "\n")
        lines.append(_paragraph_like(paragraph))
        _append_text(lines[-1], other)


def _append_text(element: html.HtmlElement, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _joined(lines: list[html.HtmlElement]) -> html.HtmlElement:
    whole = _paragraph_like(lines[0])
    for line in lines:
        _append_text(whole, line.text or "")
        for child in list(line):
            whole.append(child)
    return whole


def _push_text(pending: list[html.HtmlElement], result: list[html.HtmlElement]) -> None:
    if pending:
        whole = _joined(pending)
        if "".join(whole.itertext()).strip() or next(whole.iter("img"), None) is not None:
            while len(whole) and whole[-1].tag == "br" and not (whole[-1].tail or "").strip():
                whole.remove(whole[-1])
            result.append(whole)
        pending.clear()


def _image_block(image: html.HtmlElement, layout: Layout, *, is_captioned: bool) -> ImageBlock:
    link = next(image.iterancestors("a"), None)
    src = image.get("src") or ""
    return ImageBlock(
        src=src,
        alt=image.get("alt") or "",
        href=None if link is None else link.get("href"),
        title=image.get("title"),
        width=shown_width(image.get("width"), layout.sizes.get(src), layout.room.column_px),
        line=line_of(image),
        is_captioned=is_captioned,
        has_plate=src in layout.plates,
    )
