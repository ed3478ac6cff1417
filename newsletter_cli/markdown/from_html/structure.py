"""What a tree of HTML is made of: its blocks, its notes, the levels of its headings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import html

HEADINGS = {f"h{level}": level for level in range(1, 7)}


LISTS = ("ul", "ol")


CONTAINERS = frozenset(
    {"div", "section", "article", "main", "body", "header", "footer", "aside", "nav", "figure", "form", "center", "dl",
     "dd", "address", "details", "fieldset", "html", "li", "td", "th"}
)  # fmt: skip


BLOCKS = CONTAINERS | {"p", "ul", "ol", "table", "blockquote", "pre", "hr", "dt", "summary", "figcaption", *HEADINGS}


def notes_in(tree: Any) -> dict[str, Any]:
    """The notes by their anchor, in the order of the references: items of a list that a raised number leads to.

    The arrow at the end of each, which leads back, is taken away.
    """
    items = {item.get("id"): item for item in tree.iter("li") if item.get("id")}
    found: dict[str, Any] = {}
    for raised in tree.iter("sup"):
        for link in raised.iter("a"):
            name = (link.get("href") or "").removeprefix("#")
            if name in items:
                found.setdefault(name, items[name])
    for item in found.values():
        for link in [one for one in item.iter("a") if (one.text or "").strip() == "↑"]:
            link.drop_tree()
    return found


def levels_of(tree: Any, headings_from: int | None) -> dict[Any, int]:
    """The level of each heading, as `markdown_of_html` says; a first one above all others is the title."""
    headings = [one for one in tree.iter(*HEADINGS) if "".join(one.itertext()).strip()]
    levels = {one: HEADINGS[one.tag] for one in tree.iter(*HEADINGS)}
    if not headings:
        return levels
    first, others = headings[0], headings[1:]
    has_title = "title" in (first.get("class") or "").split()
    is_above = has_title or all(levels[one] > levels[first] for one in others)
    own = [first] if is_above and _is_at_the_top(first, tree) else []
    rest = [one for one in headings if one not in own]
    highest = min((levels[one] for one in rest), default=1)
    start = headings_from if headings_from is not None else max(highest, 2) if own and has_title else highest
    is_first = bool(headings_from or has_title)
    return {
        one: 1 if one in own and is_first else min(6, max(1, level - highest + start)) for one, level in levels.items()
    }


def _is_at_the_top(heading: Any, tree: Any) -> bool:
    """Whether nothing that can be read stands before it."""
    for element in tree.iter():
        if element is heading:
            return True
        if (element.text or "").strip() or element.tag == "img" or (element.tail or "").strip():
            return False
    return False


def grouped(element: Any) -> Iterator[Any]:
    """The children that are blocks; what stands between them, as paragraphs of their own."""
    loose = html.Element("p")
    loose.text = element.text
    for child in list(element):
        if isinstance(child.tag, str) and child.tag in BLOCKS:
            if _says_something(loose):
                yield loose
            tail, child.tail = child.tail, None
            yield child
            loose = html.Element("p")
            loose.text = tail
        elif isinstance(child.tag, str):
            loose.append(child)
        elif child.tail:
            _append_text(loose, child.tail)
    if _says_something(loose):
        yield loose


def _append_text(element: Any, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _says_something(element: Any) -> bool:
    return bool("".join(element.itertext()).strip()) or any(True for _one in element.iter("img", "input"))
