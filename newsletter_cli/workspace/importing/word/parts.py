"""The names of WordprocessingML, whatever its edition (ECMA-376, transitional and strict)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

SCHEMAS = {
    "http://schemas.openxmlformats.org/wordprocessingml/2006/main": "w",
    "http://purl.oclc.org/ooxml/wordprocessingml/main": "w",
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships": "r",
    "http://purl.oclc.org/ooxml/officeDocument/relationships": "r",
    "http://schemas.openxmlformats.org/drawingml/2006/main": "a",
    "http://purl.oclc.org/ooxml/drawingml/main": "a",
    "http://schemas.openxmlformats.org/drawingml/2006/picture": "pic",
    "http://purl.oclc.org/ooxml/drawingml/picture": "pic",
    "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp",
    "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing": "wp",
    "http://schemas.openxmlformats.org/drawingml/2006/chart": "c",
    "http://purl.oclc.org/ooxml/drawingml/chart": "c",
    "http://schemas.microsoft.com/office/drawing/2014/chartex": "c",
    "http://schemas.openxmlformats.org/drawingml/2006/diagram": "dgm",
    "http://purl.oclc.org/ooxml/drawingml/diagram": "dgm",
    "http://schemas.openxmlformats.org/officeDocument/2006/math": "m",
    "http://purl.oclc.org/ooxml/officeDocument/math": "m",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:office": "o",
}
# What holds letters of the text.
LETTERS = frozenset({"w:t", "m:t", "a:t"})
# What is said elsewhere, or not any more.
NOT_THERE = frozenset({"w:p", "w:rt", "w:del", "w:moveFrom"})
BLANKS = frozenset({"w:tab", "w:br", "w:cr", "w:ptab"})


def name_of(element: Any) -> str:
    """`w:p`, whatever prefix and edition the document has; of another vocabulary the bare tag, of a comment nothing."""
    tag = element.tag
    if not isinstance(tag, str):
        return ""
    schema, _brace, local = tag[1:].partition("}") if tag.startswith("{") else ("", "", tag)
    prefix = SCHEMAS.get(schema)
    return f"{prefix}:{local}" if prefix else local


def attribute(element: Any, name: str) -> str:
    """The value of an attribute by its local name; empty where there is none."""
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), "")


def each(element: Any, *names: str) -> Iterator[Any]:
    """The elements of these names within another, in the order of the document."""
    return (one for one in element.iter() if name_of(one) in names)


def child(element: Any, name: str) -> Any | None:
    """The first child of that name."""
    return next((one for one in element if name_of(one) == name), None)


def is_on(element: Any | None) -> bool:
    """Whether a property that is said or not is on (ECMA-376 part 1, §17.17.4)."""
    return element is not None and attribute(element, "val").lower() not in ("0", "false", "off", "none")


def text_of(element: Any, *, letters: frozenset[str] = LETTERS) -> str:
    """The text within an element, tabs and breaks as blanks; paragraphs apart."""
    pieces: list[str] = []
    for one in element.iter():
        name = name_of(one)
        if name in letters:
            pieces.append(one.text or "")
        elif name in BLANKS or name == "w:p":
            pieces.append(" ")
        elif name == "w:noBreakHyphen":
            pieces.append("\u2011")
        elif name == "w:softHyphen":
            pieces.append("\u00ad")
    return "".join(pieces)


def own_text(paragraph: Any) -> str:
    """The text of a paragraph without those within it, as it stands in the document."""
    pieces: list[str] = []
    _gather(paragraph, pieces)
    return "".join(pieces)


def _gather(element: Any, pieces: list[str]) -> None:
    for one in element:
        name = name_of(one)
        if name in LETTERS:
            pieces.append(one.text or "")
        elif name in BLANKS:
            pieces.append(" ")
        elif name == "w:noBreakHyphen":
            pieces.append("\u2011")
        elif name == "m:oMath":
            pieces += (" ", text_of(one), " ")
        elif name not in NOT_THERE:
            _gather(one, pieces)


def unwrap(element: Any) -> None:
    """Put the children of an element in its place."""
    parent = element.getparent()
    place = parent.index(element)
    for step, one in enumerate(list(element)):
        parent.insert(place + step, one)
    parent.remove(element)


def drop(element: Any) -> None:
    """Take an element away; what a document says between elements is layout only."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)
