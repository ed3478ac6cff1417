"""A text's tree as a page shows it: figures, notes that lead there and back, headings that can be linked to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy

from lxml import etree, html
from msgspec import Struct

from newsletter_cli.markdown.captions import CAPTION, TITLED, lone_image
from newsletter_cli.markdown.fragment import ANCHOR, serialise
from newsletter_cli.markdown.shape import HEADINGS
from newsletter_cli.render.dressing import Dress, button_link, colour_code, dressed
from newsletter_cli.render.words import ArchiveWords

NOTE_MARK = re.compile(r"\[(\d+)\]")
PLATE = "plate"


class WebRules(Struct, frozen=True, kw_only=True):
    """What a page needs besides the tree.

    `sizes` are (width, height) in pixels of the issue's own pictures, by address; `plates` the addresses of those that
    need light paper. `addresses` are those that become others: of this page, and of other issues that are here.
    `note_count` is how many footnotes the issue has.
    """

    dress: Dress
    words: ArchiveWords
    sizes: Mapping[str, tuple[int, int]]
    plates: frozenset[str]
    own_url: str | None
    addresses: Mapping[str, str]
    note_count: int = 0


def web_html(root: html.HtmlElement, rules: WebRules) -> str:
    """What stands in the tree, as HTML for a page; the tree itself stays whole."""
    tree = dressed(root, rules.dress)
    colour_code(tree, rules.dress.code)
    _link_notes(tree, rules)
    for link in tree.iter("a"):
        link.set("href", led(link.get("href") or "", rules))
    for heading in tree.iter(*HEADINGS):
        if anchor := heading.get(ANCHOR):
            heading.set("id", anchor)
    _set_images(tree, rules)
    for paragraph in list(tree.iter("p")):
        if (button := button_link(paragraph)) is not None:
            button.set("class", "action")
    _wrap_tables(tree, rules)
    return serialise(tree)


def notes_html(root: html.HtmlElement, rules: WebRules) -> str:
    """The same of the list of footnotes, each with a way back."""
    tree = deepcopy(root)
    for number, item in enumerate(tree.iterfind(".//li"), 1):
        item.set("id", f"fn:{number}")
        last = item[-1] if len(item) and item[-1].tag == "p" else item
        back = etree.SubElement(last, "a")
        back.set("href", f"#fnref:{number}")
        back.set("title", rules.words.back.format(number=number))
        back.text = "\u21a9\ufe0e"
        previous = back.getprevious()
        if previous is not None:
            previous.tail = (previous.tail or "").rstrip() + "\u00a0"
        else:
            last.text = (last.text or "").rstrip() + "\u00a0"
    return web_html(tree, rules)


def note_count(root: html.HtmlElement) -> int:
    """How many footnotes the tree of all of them holds."""
    return len(root[0]) if len(root) else 0


def led(address: str, rules: WebRules) -> str:
    """Where a link leads from this page: to a place on it, to the page of another issue here, or as it is."""
    page, mark, fragment = address.partition("#")
    if mark and page == rules.own_url:
        return mark + fragment
    here = rules.addresses.get(page.rstrip("/"))
    return address if here is None else here + mark + fragment


def _link_notes(tree: html.HtmlElement, rules: WebRules) -> None:
    for mark in list(tree.iter("sup")):
        found = NOTE_MARK.fullmatch(mark.text or "")
        if found is None or len(mark) or not 0 < int(found[1]) <= rules.note_count:
            continue
        link = etree.SubElement(mark, "a")
        link.set("href", f"#fn:{found[1]}")
        link.set("id", f"fnref:{found[1]}")
        link.text, mark.text = mark.text, None
        mark.set("class", "note")


def _set_images(tree: html.HtmlElement, rules: WebRules) -> None:
    for image in tree.iter("img"):
        src = image.get("src") or ""
        _set_size(image, rules.sizes.get(src))
        image.set("loading", "lazy")
        image.set("decoding", "async")
        if src in rules.plates:
            image.set("class", PLATE)
        elif image.get("class") == TITLED:
            del image.attrib["class"]
    for paragraph in list(tree.iter("p")):
        if lone_image(paragraph) is None:
            continue
        caption = paragraph.getnext()
        paragraph.tag = "figure"
        if caption is not None and caption.tag == "p" and caption.get("class") == CAPTION:
            caption.tag = "figcaption"
            del caption.attrib["class"]
            paragraph.tail = caption.tail
            caption.tail = None
            paragraph.append(caption)


def _set_size(image: html.HtmlElement, size: tuple[int, int] | None) -> None:
    """Both measures, so that the page does not jump as it loads; the one that the editor gave counts."""
    if size is None:
        return
    width = image.get("width") or ""
    shown = int(width) if width.isdecimal() and int(width) else size[0]
    image.set("width", str(shown))
    image.set("height", str(max(round(size[1] * shown / size[0]), 1)))


def _wrap_tables(tree: html.HtmlElement, rules: WebRules) -> None:
    """What is wider than the screen is moved along by the keyboard, too."""
    for table in list(tree.iter("table")):
        parent = table.getparent()
        if parent is None or next(table.iterancestors("table"), None) is not None:
            continue
        box = html.Element("div")
        caption = table.find("caption")
        name = "" if caption is None else " ".join(caption.text_content().split())
        for key, value in (("class", "wide"), ("role", "group"), ("tabindex", "0")):
            box.set(key, value)
        box.set("aria-label", name or rules.words.table)
        parent.replace(table, box)
        box.tail, table.tail = table.tail, None
        box.append(table)
