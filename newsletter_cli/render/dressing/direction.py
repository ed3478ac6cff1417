"""The direction of each block by its first strong letter (UAX #9, P2 and P3), where it is not the newsletter's own.

Code and addresses have no say in it: they run from left to right wherever they stand.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import TYPE_CHECKING, Literal

from lxml import html

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.markdown.bare import is_bare
from newsletter_cli.markdown.shape import FLOW, HEADINGS
from newsletter_cli.render.dressing.elements import add_class

if TYPE_CHECKING:
    from newsletter_cli.render.dressing.dress import Dress

Direction = Literal["ltr", "rtl"]
# Hebrew, Arabic, Syriac, N'Ko and their like, and the forms of them that are signs of their own.
FROM_THE_RIGHT = Pattern("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
VERBATIM = frozenset(("code", "kbd", "samp", "tt", "var", "pre"))
# These go one way with all that they hold: the bullets, the bar and the columns are at its side.
CONTAINERS = frozenset(("ul", "ol", "dl", "blockquote", "table"))
BLOCKS = frozenset(("p", "li", "dt", "dd", "td", "th", "caption", *HEADINGS))
# Browsers and Word obey the attribute of these.
ALIGNED = frozenset(("p", "div", "td", "th", "caption", *HEADINGS))


def direction_of(text: str) -> Direction | None:
    """Of the first letter that has one; `None` for digits, signs and emoji alone."""
    for letter in text:
        kind = unicodedata.bidirectional(letter)
        if kind == "L":
            return "ltr"
        if kind in ("R", "AL"):
            return "rtl"
    return None


def turned_direction(text: str, own: str) -> Direction | None:
    """Where a title runs, if that is not the newsletter's `own` way."""
    found = direction_of(text)
    return None if found == own else found


def set_directions(root: html.HtmlElement, dress: Dress) -> None:
    """In place: `dir` on each block that runs another way than what is around it."""
    if dress.direction == "ltr" and not any(map(FROM_THE_RIGHT.search, _all_texts(root))):
        return
    _Setter(dress).inside(root, "rtl" if dress.direction == "rtl" else "ltr")


def align_headings(root: html.HtmlElement, own: str) -> None:
    """In place: the headings of tables where their columns begin; browsers and Word centre them by themselves."""
    for cell in root.iter("th"):
        if cell.get("align") is None:
            direction = next((one.get("dir") for one in (cell, *cell.iterancestors()) if one.get("dir")), own)
            cell.set("align", "right" if direction == "rtl" else "left")


def _all_texts(root: html.HtmlElement) -> Iterator[str]:
    return (str(text) for text in root.itertext())


class _Setter:
    def __init__(self, dress: Dress):
        self._own = dress.direction
        self._is_turning = "turned" in dress.known

    def inside(self, parent: html.HtmlElement, around: Direction) -> None:
        """What `parent` holds, where `around` is the way it runs."""
        for child in list(parent):
            if isinstance(child.tag, str):
                self._one(child, around)

    def _one(self, element: html.HtmlElement, around: Direction) -> None:
        if element.get("dir") in ("ltr", "rtl"):
            self.inside(element, "rtl" if element.get("dir") == "rtl" else "ltr")
        elif element.tag in VERBATIM or _is_bare_link(element):
            if around == "rtl":
                element.set("dir", "ltr")
        elif element.tag in CONTAINERS or element.tag in BLOCKS:
            self._block(element, around)
        else:
            self.inside(element, around)

    def _block(self, element: html.HtmlElement, around: Direction) -> None:
        is_container = element.tag in CONTAINERS
        found = direction_of("".join(_words(element, is_deep=is_container))) or around
        if found != around and element.tag == "li":
            # The bullet stays in its row.
            line = _wrapped(element)
            others = list(element)[1:]
            self._turn(line, found)
            self.inside(line, found)
            for other in others:
                self._one(other, around)
            return
        if found != around:
            self._turn(element, found)
            if is_container and found != self._own and self._is_turning:
                add_class(element, "turned")
        elif found != self._own and element.tag in ("td", "th"):
            # No style of a theme aligns the cells of a table that runs the other way.
            _align(element, found)
        self.inside(element, found)

    def _turn(self, element: html.HtmlElement, direction: Direction) -> None:
        element.set("dir", direction)
        if element.tag in ALIGNED:
            _align(element, direction)


def _align(element: html.HtmlElement, direction: Direction) -> None:
    if element.get("align") is None:
        element.set("align", "right" if direction == "rtl" else "left")


def _words(element: html.HtmlElement, *, is_deep: bool) -> Iterator[str]:
    """The words of a block that have a say in its direction; with `is_deep` those of the blocks in it, too."""
    yield element.text or ""
    for child in element:
        is_silent = not isinstance(child.tag, str) or child.tag in VERBATIM or _is_bare_link(child) or child.get("dir")
        if not is_silent and (is_deep or child.tag not in FLOW):
            yield from _words(child, is_deep=is_deep)
        yield child.tail or ""


def _is_bare_link(element: html.HtmlElement) -> bool:
    return element.tag == "a" and is_bare(element)


def _wrapped(item: html.HtmlElement) -> html.HtmlElement:
    """The item's own line, in a `<div>`: all up to the first block in it."""
    made = html.Element("div")
    made.text, item.text = item.text, None
    for child in list(item):
        if isinstance(child.tag, str) and child.tag in FLOW:
            break
        made.append(child)
    item.insert(0, made)
    return made
