"""The tree put in the shape that every rendition can rely on: paragraphs at the top, sane levels, no debris."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
EMBEDDING = ("iframe", "video", "audio", "embed", "object")
CONTAINERS = frozenset(("div", "section", "center", "figure", "figcaption"))
BLOCKS = frozenset((*HEADINGS, *CONTAINERS, *["p", "ul", "ol", "dl", "table", "blockquote", "pre", "hr"]))
INLINE_PARENTS = frozenset(
    ("p a span li td th b i em strong u s small sub sup dt dd figcaption " + " ".join(HEADINGS)).split()
)
HEADING_ATTRIBUTES = re.compile(r"\s*\{[#.:][^{}]*\}\s*$")
ALIGNMENT = re.compile(r"text-align\s*:\s*(left|right|center)", re.IGNORECASE)
EMPTY_QUOTES = re.compile(r"^[\s“”„«»\"']*$")
# Deep enough for any prose; libxml2 gives up at 256, and mail readers long before.
MAX_DEPTH = 60


def replace_embedded(root: html.HtmlElement, *, label: str) -> None:
    """A link in place of each embedded page or film: no mail reader plays them."""
    for element in list(root.iter(*EMBEDDING)):
        sources = [source.get("src") for source in element.iter("source") if source.get("src")]
        address = element.get("src") or element.get("data") or next(iter(sources), None)
        title = element.get("title") or label
        element.attrib.clear()
        for source in list(element.iter("source")):
            source.drop_tree()
        if element.tag == "iframe":
            element.text = None
        parent = element.getparent()
        element.tag = "span" if parent is not None and parent.tag in INLINE_PARENTS else "p"
        if address:
            link = etree.SubElement(element, "a")
            link.set("href", address)
            link.text = title
    for element in list(root.iter("details", "summary", "source")):
        if element.tag == "source":
            element.drop_tree()
        else:
            element.tag = "div" if element.tag == "details" else "h6"


def limit_depth(root: html.HtmlElement) -> None:
    """Elements nested deeper than `MAX_DEPTH` lose their tag and keep their content."""
    depth = 0
    too_deep = []
    for event, element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        if event == "start" and depth > MAX_DEPTH:
            too_deep.append(element)
    # From the inside out, so that each drop moves one text and no subtree twice.
    for element in reversed(too_deep):
        element.drop_tag()


def unwrap_containers(root: html.HtmlElement) -> None:
    """Containers dissolve into paragraphs: they say nothing to a reader and break in mail readers."""
    for element in reversed(list(root.iter(*CONTAINERS))):
        if element is root:
            continue
        if any(child.tag in BLOCKS for child in element):
            _wrap_loose_text(element)
            if element.get("align"):
                for child in element:
                    child.set("align", child.get("align") or element.get("align"))
            element.drop_tag()
        elif len(element) or (element.text or "").strip():
            element.tag = "p"
        else:
            element.drop_tree()
    _wrap_loose_text(root)
    for paragraph in list(root.iter("p")):
        if not len(paragraph) and not (paragraph.text or "").strip():
            paragraph.drop_tree()


def _wrap_loose_text(element: html.HtmlElement) -> None:
    """Text and inline elements that stand between blocks become paragraphs."""
    pending: html.HtmlElement | None = None
    children = list(element)
    if (element.text or "").strip():
        pending = html.Element("p")
        pending.text, element.text = element.text, None
        element.insert(0, pending)
    for child in children:
        if child.tag in BLOCKS:
            pending = None
        elif pending is not None or _is_shown(child):
            if pending is None:
                pending = html.Element("p")
                child.addprevious(pending)
                # addprevious leaves the tail where it was: behind the child.
            pending.append(child)
            continue
        if (child.tail or "").strip():
            pending = html.Element("p")
            pending.text, child.tail = child.tail, None
            child.addnext(pending)


def _has_text(element: html.HtmlElement) -> bool:
    return bool("".join(element.itertext()).strip())


def _is_shown(element: html.HtmlElement) -> bool:
    return _has_text(element) or element.tag == "img" or next(element.iter("img"), None) is not None


def level_headings(root: html.HtmlElement, *, top: int) -> None:
    """Headings go below the section's own, without a jump of level (WCAG 2.2, 1.3.1)."""
    levels = sorted({_level(element) for element in root.iter(*HEADINGS)})
    new_level = {level: min(top + rank, 6) for rank, level in enumerate(levels)}
    for element in root.iter(*HEADINGS):
        element.tag = f"h{new_level[_level(element)]}"
        drop_heading_attributes(element)


def _level(heading: html.HtmlElement) -> int:
    return int(str(heading.tag)[1])


def drop_heading_attributes(heading: html.HtmlElement) -> None:
    """Takes off the `{#anchor .class}` that Hugo, Quarto and Pandoc write behind a heading."""
    last = heading[-1] if len(heading) else None
    text = heading.text if last is None else last.tail
    if text and text.rstrip().endswith("}"):
        kept = HEADING_ATTRIBUTES.sub("", text)
        if last is None:
            heading.text = kept
        else:
            last.tail = kept


def finish_cells(root: html.HtmlElement) -> None:
    """Header cells say what they head (RGAA 5.7); alignment is an attribute, which every mail reader knows."""
    for cell in root.iter("th", "td"):
        aligned = ALIGNMENT.search(cell.attrib.pop("style", ""))
        if aligned:
            cell.set("align", aligned[1].lower())
        if (
            cell.tag == "th"
            and cell.get("scope") is None
            and any(parent.tag == "thead" for parent in cell.iterancestors())
        ):
            cell.set("scope", "col")


def finish_images(root: html.HtmlElement) -> None:
    """Every image has a source and an alt; quotes alone are no alt."""
    for image in list(root.iter("img")):
        if not (image.get("src") or "").strip():
            image.drop_tree()
            continue
        alt = image.get("alt") or ""
        image.set("alt", "" if EMPTY_QUOTES.match(alt) else " ".join(alt.split("\n")))


def drop_empty_links(root: html.HtmlElement) -> None:
    """An `<a>` that leads nowhere is text."""
    for link in list(_links_to_nowhere(root)):
        link.drop_tag()


def _links_to_nowhere(root: html.HtmlElement) -> Iterator[html.HtmlElement]:
    return (link for link in root.iter("a") if not (link.get("href") or "").strip())
