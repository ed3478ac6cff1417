"""The tree put in the shape that every rendition can rely on: paragraphs at the top, sane levels, no debris."""

from __future__ import annotations

import re

from lxml import etree, html

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
EMBEDDING = ("iframe", "video", "audio", "embed", "object")
CONTAINERS = frozenset(("div", "section", "center", "figure", "figcaption"))
# These hold their parts and no text of their own.
FRAMES = frozenset(["ul", "ol", "dl", "table", "thead", "tbody", "tfoot", "tr", "colgroup"])
PARTS = frozenset(["li", "dt", "dd", "caption", "col", "td", "th"])
# What may not stand within a line of text.
FLOW = frozenset((*HEADINGS, *CONTAINERS, *FRAMES, *PARTS, "p", "blockquote", "pre", "hr"))
INLINE_PARENTS = frozenset(
    ("p a span li td th b i em strong u s small sub sup dt dd figcaption " + " ".join(HEADINGS)).split()
)
HEADING_ATTRIBUTES = re.compile(r"\{[#.:][^{}]*\}\s*$")
ALIGNMENT = re.compile(r"text-align\s*:\s*(left|right|center)", re.IGNORECASE)
EMPTY_QUOTES = re.compile(r"^[\s“”„«»\"']*$")


def replace_embedded(root: html.HtmlElement, *, label: str) -> None:
    """A link in place of each embedded page or film: no mail reader plays them."""
    for element in list(root.iter(*EMBEDDING)):
        sources = [source.get("src") for source in element.iter("source") if source.get("src")]
        address = element.get("src") or element.get("data") or next(iter(sources), None)
        title = element.get("title") or label
        element.attrib.clear()
        for source in list(element.iter("source")):
            # libxml2 takes what follows for its content.
            _dissolve(source)
        parent = element.getparent()
        element.tag = "span" if parent is not None and parent.tag in INLINE_PARENTS else "p"
        if address:
            link = etree.SubElement(element, "a")
            link.set("href", address)
            link.text = title
    for element in list(root.iter("details", "summary", "source")):
        if element.tag == "source":
            _dissolve(element)
        else:
            element.tag = "div" if element.tag == "details" else "h6"


def house_orphans(root: html.HtmlElement) -> None:
    """List items outside any list are plain blocks."""
    for tag, lists in (("li", ("ul", "ol")), ("dt", ("dl",)), ("dd", ("dl",))):
        for element in list(root.iter(tag)):
            if next(element.iterancestors(*lists), None) is None:
                element.tag = "div"


def spread_phrasing(root: html.HtmlElement) -> None:
    """No block stands within a line of text, no link in a link.

    `<b>one<p>two</p></b>` becomes `<b>one</b><p><b>two</b></p>`: a parser that meets a block in a paragraph ends
    the paragraph there, each in its own way.
    """
    for element in reversed(list(root.iterdescendants())):
        if element.tag in HEADINGS:
            for inner in list(element.iterdescendants(*FLOW)):
                inner.tail = " " + (inner.tail or "")
                _dissolve(inner)
        elif (element.tag == "p" or element.tag not in FLOW) and _holds_misplaced(element):
            _share_out(element, element)
            _dissolve(element)


def _holds_misplaced(element: html.HtmlElement) -> bool:
    is_nested_link = element.tag == "a" and next(element.iterdescendants("a"), None) is not None
    return is_nested_link or any(child.tag in FLOW for child in element)


def _share_out(shell: html.HtmlElement, parent: html.HtmlElement) -> None:
    """Each run of phrasing in `parent` gets a `shell` of its own; blocks hand it on to what they hold."""
    children = list(parent)
    run = None
    if (parent.text or "").strip() and parent.tag not in FRAMES:
        run = _emptied(shell)
        run.text, parent.text = parent.text, None
        parent.insert(0, run)
    for child in children:
        is_flow = child.tag in FLOW
        if is_flow and shell.tag != "p":
            _share_out(shell, child)
        if is_flow or (shell.tag == "a" and next(child.iter("a"), None) is not None):
            run = None
            if (child.tail or "").strip() and parent.tag not in FRAMES:
                run = _emptied(shell)
                run.text, child.tail = child.tail, None
                child.addnext(run)
            continue
        if run is None:
            run = _emptied(shell)
            child.addprevious(run)
        run.append(child)


def _emptied(element: html.HtmlElement) -> html.HtmlElement:
    made = html.Element(str(element.tag))
    made.attrib.update(element.attrib)
    return made


def _dissolve(element: html.HtmlElement) -> None:
    """The element's content in its place. lxml's `drop_tag` counts the siblings: slow where there are thousands."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        return
    for text, last in ((element.text, before), (element.tail, element[-1] if len(element) else before)):
        if text and last is not None:
            last.tail = (last.tail or "") + text
        elif text:
            parent.text = (parent.text or "") + text
    element.tail = None
    for child in list(element):
        element.addprevious(child)
    parent.remove(element)


def unwrap_containers(root: html.HtmlElement) -> None:
    """Containers dissolve into paragraphs: they say nothing to a reader and break in mail readers."""
    for element in reversed(list(root.iter(*CONTAINERS))):
        if element is root:
            continue
        if any(child.tag in FLOW for child in element):
            _wrap_loose_text(element)
            if element.get("align"):
                for child in element:
                    child.set("align", child.get("align") or element.get("align"))
            _dissolve(element)
        elif len(element) or (element.text or "").strip():
            element.tag = "p"
        else:
            element.drop_tree()
    _wrap_loose_text(root)


def _wrap_loose_text(element: html.HtmlElement) -> None:
    """Text and inline elements that stand between blocks become paragraphs."""
    pending: html.HtmlElement | None = None
    children = list(element)
    if (element.text or "").strip():
        pending = html.Element("p")
        pending.text, element.text = element.text, None
        element.insert(0, pending)
    for child in children:
        if child.tag in FLOW:
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
        if child.tag not in FLOW:
            child.drop_tree()


def _is_shown(element: html.HtmlElement) -> bool:
    has_text = bool("".join(element.itertext()).strip())
    return has_text or any(inner.tag == "img" or inner.get("href") for inner in element.iter("img", "a"))


def level_headings(root: html.HtmlElement, *, top: int) -> None:
    """Headings go below the section's own, without a jump of level (WCAG 2.2, 1.3.1)."""
    levels = sorted({_level(element) for element in root.iter(*HEADINGS)})
    new_level = {level: min(top + rank, 6) for rank, level in enumerate(levels)}
    previous = top - 1
    for element in root.iter(*HEADINGS):
        # The text may begin below its own shallowest heading.
        previous = min(new_level[_level(element)], previous + 1)
        element.tag = f"h{previous}"
        drop_heading_attributes(element)


def _level(heading: html.HtmlElement) -> int:
    return int(str(heading.tag)[1])


def drop_heading_attributes(heading: html.HtmlElement) -> None:
    """Takes off the `{#anchor .class}` that Hugo, Quarto and Pandoc write behind a heading."""
    last = heading[-1] if len(heading) else None
    text = heading.text if last is None else last.tail
    if text and text.rstrip().endswith("}"):
        kept, found = HEADING_ATTRIBUTES.subn("", text)
        if not found:
            return
        kept = kept.rstrip()
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


def drop_empty(root: html.HtmlElement) -> None:
    """An `<a>` that leads nowhere is text; paragraphs and headings without anything to show go."""
    links = list(root.iter("a"))
    for link, following in zip(links, [*links[1:], None], strict=False):
        # A parser that had to close a link leaves the empty half of it behind.
        is_half = following is not None and link.get("href") == following.get("href") and not len(link)
        if not (link.get("href") or "").strip() or (is_half and not (link.text or "").strip()):
            _dissolve(link)
    for element in list(root.iter("p", *HEADINGS)):
        if not _is_shown(element):
            element.drop_tree()
