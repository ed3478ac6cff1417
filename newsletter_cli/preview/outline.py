"""What a screen reader meets in an e-mail, in order: headings, links, images, lists and tables. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Literal

from lxml import html
from msgspec import Struct

from newsletter_cli.base.i18n import _, ngettext

Kind = Literal["heading", "link", "image", "list", "table"]
HEADING = re.compile(r"h([1-6])")
LISTS = ("ul", "ol", "dl")
HIDDEN = re.compile(r"(?<![\w-])(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)
UNSPOKEN = ("head", "style", "script", "title", "template")


class OutlineEntry(Struct, frozen=True, kw_only=True):
    """One thing that is announced.

    `level` is a heading's, `None` for all else; `text` is what is said, `note` what is said besides (how many items,
    where a link leads). `has_fault`: nothing is said where something should be. `anchor` is the id of its place.
    """

    kind: Kind
    text: str
    level: int | None = None
    note: str = ""
    has_fault: bool = False
    anchor: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """For the page."""
        return {
            "kind": self.kind,
            "level": self.level,
            "text": self.text,
            "note": self.note,
            "fault": self.has_fault,
            "anchor": self.anchor,
        }


def outline_of(page: html.HtmlElement) -> Iterator[OutlineEntry]:
    """The entries of a finished e-mail. Hidden and merely decorative things are passed over, as readers do."""
    body = page.find("body")
    yield from _entries(page if body is None else body, None)


def _entries(element: html.HtmlElement, anchor: str | None) -> Iterator[OutlineEntry]:
    # By hand, not by recursion: an e-mail's tables may be nested deep.
    stack: list[tuple[html.HtmlElement, str | None]] = [(element, anchor)]
    while stack:
        one, above = stack.pop()
        if not isinstance(one.tag, str) or one.tag in UNSPOKEN or _is_hidden(one):
            continue
        below = one.get("id") if one.get("data-nl") and one.get("id") else above
        entry = _entry(one, below)
        if entry is not None:
            yield entry
        stack += [(child, below) for child in reversed(one)]


def _is_hidden(element: html.HtmlElement) -> bool:
    return element.get("aria-hidden") == "true" or HIDDEN.search(element.get("style") or "") is not None


def _entry(element: html.HtmlElement, anchor: str | None) -> OutlineEntry | None:
    heading = HEADING.fullmatch(str(element.tag))
    if heading or element.get("role") == "heading":
        level = int(heading[1] if heading else element.get("aria-level") or 2)
        said = said_by(element)
        return OutlineEntry(
            kind="heading", text=said or _("(empty heading)"), level=level, has_fault=not said, anchor=anchor
        )
    if element.tag == "a" and element.get("href"):
        said = said_by(element)
        address = element.get("href") or ""
        return OutlineEntry(
            kind="link", text=said or _("(link without text)"), note=address, has_fault=not said, anchor=anchor
        )
    if element.tag == "img" or element.get("role") == "img":
        return _image(element, anchor)
    if element.tag in LISTS:
        count = sum(child.tag in ("li", "dt") for child in element)
        return OutlineEntry(
            kind="list", text=ngettext("{count} item", "{count} items", count).format(count=count), anchor=anchor
        )
    if element.tag == "table" and element.get("role") not in ("presentation", "none"):
        return _table(element, anchor)
    return None


def _image(element: html.HtmlElement, anchor: str | None) -> OutlineEntry | None:
    alt = element.get("aria-label") or element.get("alt")
    if alt is None:
        name = (element.get("src") or "").rpartition("/")[2]
        return OutlineEntry(
            kind="image",
            text=name,
            note=_("no alternative text: the file’s name is read"),
            has_fault=True,
            anchor=anchor,
        )
    # An empty one says that the picture is decoration.
    return OutlineEntry(kind="image", text=_squeezed(alt), anchor=anchor) if alt.strip() else None


def _table(element: html.HtmlElement, anchor: str | None) -> OutlineEntry:
    rows = list(element.iter("tr"))
    columns = max((sum(cell.tag in ("td", "th") for cell in row) for row in rows), default=0)
    caption = element.find("caption")
    size = _("{rows} × {columns} (rows × columns)").format(rows=len(rows), columns=columns)
    has_headers = next(element.iter("th"), None) is not None
    return OutlineEntry(
        kind="table",
        text=size if caption is None else said_by(caption),
        note="" if has_headers else _("without headers"),
        has_fault=not has_headers,
        anchor=anchor,
    )


def said_by(element: html.HtmlElement) -> str:
    """The words of an element as they are read out, alternative texts in their places."""
    label = element.get("aria-label")
    return _squeezed(label) if label else _squeezed("".join(_words(element)))


def _words(element: html.HtmlElement) -> Iterator[str]:
    if element.tag == "img":
        yield f" {element.get('alt') or ''} "
    if not isinstance(element.tag, str) or element.tag in UNSPOKEN or _is_hidden(element):
        return
    yield element.text or ""
    for child in element:
        yield from _words(child)
        yield child.tail or ""


def _squeezed(text: str) -> str:
    return " ".join(text.split())
