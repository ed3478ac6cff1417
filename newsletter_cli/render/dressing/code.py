"""Blocks of code: their lines and indents kept by Outlook, too, and their parts in colour where the language is known.

Word knows no `white-space` (caniemail): a line's end is a `<br>`, an indent is made of no-break blanks, and the padding
is that of a cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from typing import TYPE_CHECKING

from lxml import etree, html

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.markdown.fragment import LANGUAGE, LINE
from newsletter_cli.render.dressing.quotes import layout_table
from newsletter_cli.render.known_code import KnownCode, Pieces

if TYPE_CHECKING:
    from newsletter_cli.render.dressing.dress import Dress

TAB = 4  # columns, as in the plain text
# More than anybody reads in an e-mail, and more than its parts should be looked for in.
LONGEST = 5_000  # characters
# An indent, and all but the last of several blanks: there the line may be broken.
BLANKS = Pattern("^ +| (?= )", re.MULTILINE)
NO_BREAK = "\u00a0"
# Which kinds of Pygments are of which class, the nearest first; what has none is in the ink of the text.
CLASSES = (
    ("Comment", "cc"),
    ("Keyword.Constant", "cn"),
    ("Keyword", "ck"),
    ("Operator.Word", "ck"),
    ("Name.Tag", "ck"),
    ("Literal.Number", "cn"),
    ("Literal.String", "cs"),
    ("Name.Function", "cf"),
    ("Name.Class", "cf"),
    ("Name.Decorator", "cf"),
    ("Name.Attribute", "cf"),
    ("Name.Variable", "cf"),
    ("Generic.Deleted", "cn"),
    ("Generic.Inserted", "cs"),
    ("Generic.Heading", "ck"),
    ("Generic.Subheading", "ck"),
    ("Generic.Prompt", "cc"),
)


def set_code(root: html.HtmlElement, dress: Dress) -> None:
    """In place: each block of code; one of raw HTML that holds more than text stays as it is."""
    for block in list(root.iter("pre")):
        inner = block[0] if len(block) == 1 and block[0].tag == "code" and not (block.text or "").strip() else block
        parent = block.getparent()
        if len(inner) or parent is None:
            continue
        # Columns count from the line's beginning, which is why this comes first.
        text = "\n".join(line.expandtabs(TAB) for line in (inner.text or "").strip("\n").split("\n"))
        language = (inner.get(LANGUAGE) or "") if "ck" in dress.known else ""
        table = layout_table(_cell(text, _pieces(text, language, dress.code)))
        # Where borders collapse, no cell has round corners.
        table.set("cellspacing", "0")
        table.set("style", "border-collapse:separate")
        table.tail = block.tail
        line = inner.get(LINE) or block.get(LINE)
        if line:
            table.set(LINE, line)
        parent.replace(block, table)


def colour_code(root: html.HtmlElement, known: KnownCode) -> None:
    """In place, for a page: the parts of each block of code in colour, its blanks and line ends as they are."""
    for code in list(root.iter("code")):
        language = code.get(LANGUAGE) or ""
        if not language or len(code):
            continue
        text, start = code.text or "", 0
        code.text = None
        for name, length in _pieces(text, language, known):
            holder = etree.SubElement(code, "span") if name else code
            if name:
                holder.set("class", name)
            _append(holder, text[start : start + length])
            start += length


def _cell(text: str, pieces: Pieces) -> html.HtmlElement:
    cell = html.Element("td")
    cell.set("class", "code")
    # Code runs from left to right in every language.
    cell.set("dir", "ltr")
    cell.set("align", "left")
    code = etree.SubElement(cell, "code")
    shown = BLANKS.sub(lambda found: NO_BREAK * len(found[0]), text)
    start = 0
    for name, length in pieces:
        holder = code
        if name:
            holder = etree.SubElement(code, "span")
            holder.set("class", name)
        _fill(holder, shown[start : start + length])
        start += length
    return cell


def _fill(element: etree._Element, text: str) -> None:
    """The text behind what the element holds, its lines ended by `<br>`, and by what programs take for a line's end."""
    first, *others = text.split("\n")
    _append(element, first)
    for line in others:
        etree.SubElement(element, "br")
        _append(element, "\n" + line)


def _append(element: etree._Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text


def _pieces(text: str, language: str, known: KnownCode) -> Pieces:
    """The classes of the text's parts, each with its length, in order; "" for none. They add up to the whole."""
    if not language or len(text) > LONGEST:
        return (("", len(text)),)
    return known.pieces_of(language, text, lambda: tuple(_found_pieces(text, language)))


def _found_pieces(text: str, language: str) -> Iterator[tuple[str, int]]:
    # Here, for few issues have code.
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(language, stripnl=False)
    except ClassNotFound:
        yield "", len(text)
        return
    found = [(_class_of(str(kind).removeprefix("Token.")), value) for kind, value in lexer.get_tokens(text)]
    # Many a lexer knows a line by its end only, and has added one to the last.
    if found and found[-1][1].endswith("\n") and not text.endswith("\n"):
        found[-1] = (found[-1][0], found[-1][1][:-1])
    if "".join(value for _name, value in found) != text:
        # Some lexers take signs out that they do not expect: the text counts, not its colours.
        yield "", len(text)
        return
    for name, group in groupby(_joined(found), key=lambda one: one[0]):
        yield name, sum(len(value) for _name, value in group)


def _joined(found: list[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Blanks between two parts of one class are part of both: fewer elements, and as few bytes."""
    for index, (name, value) in enumerate(found):
        if not name and value.isspace() and 0 < index < len(found) - 1:
            before, after = found[index - 1][0], found[index + 1][0]
            yield (before if before == after else ""), value
        else:
            yield name, value


def _class_of(kind: str) -> str:
    return next((name for one, name in CLASSES if kind == one or kind.startswith(f"{one}.")), "")
