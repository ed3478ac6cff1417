"""A tree → the e-mail's blocks: runs of HTML, and images that stand alone.

Images become blocks of their own because only MJML's image component gives Outlook a width it obeys.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from typing import Literal

from lxml import html
from msgspec import Struct

from newsletter_cli.markdown.fragment import LINE, serialise
from newsletter_cli.render.dressing.buttons import button_link
from newsletter_cli.render.places import Room, width_of_place
from newsletter_cli.render.tables import fit_tables


class HtmlBlock(Struct, frozen=True):
    """A run of paragraphs, lists, tables…, as well-formed XHTML. `line`: where it begins in its file."""

    html: str
    line: int | None = None
    kind: Literal["html"] = "html"


class ImageBlock(Struct, frozen=True, kw_only=True):
    """An image on its own. `width` in CSS pixels; `None`: as wide as the column."""

    src: str
    alt: str
    href: str | None = None
    title: str | None = None
    width: int | None = None
    line: int | None = None
    kind: Literal["image"] = "image"


class ButtonBlock(Struct, frozen=True, kw_only=True):
    """A link as a button. `label` is plain text; `html` is the paragraph as it was, for themes without buttons.

    `direction` is set where it is not the newsletter's own.
    """

    url: str
    label: str
    html: str
    direction: str | None = None
    line: int | None = None
    kind: Literal["button"] = "button"


Block = HtmlBlock | ImageBlock | ButtonBlock
HEADINGS = ("h3", "h4", "h5", "h6")
Sizes = Mapping[str, tuple[int, int]]


def split_blocks(root: html.HtmlElement, *, sizes: Sizes, room: Room, label_pattern: str) -> tuple[Block, ...]:
    """The blocks of a tree, in order; the tree itself stays whole, for the other renditions are made from it.

    `sizes` holds the (width, height) in pixels of the images that are known, by address; `room` is the theme's text
    column; `label_pattern` sets a table's heading before its cell.
    """
    blocks: list[Block] = []
    run: list[html.HtmlElement] = []
    tree = deepcopy(root)
    fit_tables(tree, room, label_pattern=label_pattern)
    for element in _top_elements(tree):
        link = button_link(element)
        if link is not None:
            _flush(run, blocks)
            blocks.append(_button_block(element, link))
            continue
        image = _lone_image(element)
        if image is None:
            for inner in element.iter("img"):
                _fix_inline_width(inner, sizes, room.column_px)
            run.append(element)
            continue
        _flush(run, blocks)
        blocks.append(_image_block(image, sizes, room.column_px))
    _flush(run, blocks)
    return tuple(blocks)


def fit_description(root: html.HtmlElement, *, sizes: Sizes, room: Room, label_pattern: str) -> html.HtmlElement:
    """A copy of a text that stands within a card, its tables and pictures as wide as that allows."""
    tree = deepcopy(root)
    fit_tables(tree, room, label_pattern=label_pattern)
    for image in tree.iter("img"):
        _fix_inline_width(image, sizes, room.column_px)
    return tree


def _button_block(paragraph: html.HtmlElement, link: html.HtmlElement) -> ButtonBlock:
    return ButtonBlock(
        url=link.get("href") or "",
        label=" ".join("".join(link.itertext()).split()),
        html=serialise([paragraph]),
        direction=paragraph.get("dir"),
        line=line_of(paragraph),
    )


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


def _top_elements(root: html.HtmlElement) -> Iterator[html.HtmlElement]:
    for element in root:
        if element.tag == "p" and next(element.iter("img"), None) is not None:
            yield from _split_at_images(element)
        else:
            yield element


def _lone_image(element: html.HtmlElement) -> html.HtmlElement | None:
    """The image, where the element is nothing but one image, perhaps a linked one."""
    while element.tag in ("p", "a", "span"):
        if len(element) != 1 or (element.text or "").strip() or (element[0].tail or "").strip():
            return None
        element = element[0]
    return element if element.tag == "img" else None


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
    if not any(_images_only(line) for line in lines):
        return [_joined(lines)]
    result: list[html.HtmlElement] = []
    pending: list[html.HtmlElement] = []
    for line in lines:
        if _images_only(line):
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


def _images_only(line: html.HtmlElement) -> bool:
    images = [child for child in line if child.tag != "br"]
    if not images or (line.text or "").strip() or any((child.tail or "").strip() for child in line):
        return False
    return all(_lone_image(child) is not None for child in images)


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


def _image_block(image: html.HtmlElement, sizes: Sizes, column_width: int) -> ImageBlock:
    link = next(image.iterancestors("a"), None)
    src = image.get("src") or ""
    return ImageBlock(
        src=src,
        alt=image.get("alt") or "",
        href=None if link is None else link.get("href"),
        title=image.get("title"),
        width=shown_width(image.get("width"), sizes.get(src), column_width),
        line=line_of(image),
    )


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


def _fix_inline_width(image: html.HtmlElement, sizes: Sizes, column_width: int) -> None:
    """Outlook obeys the width attribute only, in whole pixels; without one it shows the image's own size."""
    size = sizes.get(image.get("src") or "")
    wanted = image.get("width")
    place_width = width_of_place(image, column_width)
    width = shown_width(wanted, size, place_width)
    image.attrib.pop("height", None)
    image.attrib.pop("width", None)
    if width is not None:
        image.set("width", str(width))
    elif wanted is not None or size is not None:
        image.set("width", str(place_width))
