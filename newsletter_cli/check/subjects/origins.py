"""From an element of the finished e-mail back to the line of the text it was made from.

The e-mail carries no marks of its own: its elements are recognised by what they say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import TypeVar

from lxml import html

from newsletter_cli.base.remembering import remembered
from newsletter_cli.markdown.bare import is_bare, short_address
from newsletter_cli.model import Place

T = TypeVar("T")
Key = tuple[str, str, str]
PlaceOf = Callable[[html.HtmlElement], Place]

# Typography changes spaces, quotation marks and hyphens on the way; letters and digits stay.
NO_WORD = re.compile(r"[\W_]+")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


class Origins:
    """Knows the places of the elements that editors' texts were made into."""

    def __init__(self, page: html.HtmlElement, trees: Iterable[tuple[PlaceOf, html.HtmlElement]]):
        self._page = page
        self._trees = list(trees)
        # By tag, each when it is asked for: mostly, a rule asks for the pictures alone.
        self._typed: dict[str, dict[Key, list[tuple[PlaceOf, html.HtmlElement]]]] = {}
        self._shown: dict[str, dict[Key, list[html.HtmlElement]]] = {}
        # All rules, and the preview, ask about the same elements, and what is around them.
        self._found: dict[html.HtmlElement, Place | None] = {}

    def find(self, element: html.HtmlElement) -> Place | None:
        """Where the element, or the nearest around it, stands in the sources; `None` for the theme's own."""
        place, asked = None, []
        for one in (element, *element.iterancestors()):
            if one in self._found:
                place = self._found[one]
                break
            asked.append(one)
            found = self._own(one)
            if found is not None:
                place_of, origin = found
                place = place_of(origin)
                break
        self._found.update(dict.fromkeys(asked, place))
        return place

    def _own(self, element: html.HtmlElement) -> tuple[PlaceOf, html.HtmlElement] | None:
        tag = element.tag
        if not isinstance(tag, str):
            return None
        if tag not in self._typed:
            self._typed[tag] = _by_key(
                (one, (place_of, one)) for place_of, tree in self._trees for one in tree.iterdescendants(tag)
            )
        # The e-mail's own frame is large, and made of elements that texts have not: not worth reading through.
        key = _key(element) if self._typed[tag] else None
        candidates = self._typed[tag].get(key) if key is not None else None
        if key is None or not candidates:
            return None
        if len(candidates) == 1:
            return candidates[0]
        # The first in the e-mail is the first in the texts, and so on: both have the same order.
        if tag not in self._shown:
            self._shown[tag] = _by_key((one, one) for one in self._page.iter(tag))
        position = self._shown[tag][key].index(element)
        return candidates[min(position, len(candidates) - 1)]


def _by_key(found: Iterable[tuple[html.HtmlElement, T]]) -> dict[Key, list[T]]:
    """What belongs to elements, by what they say, in their order."""
    by_key: dict[Key, list[T]] = {}
    for element, one in found:
        key = _key(element)
        if key is not None:
            by_key.setdefault(key, []).append(one)
    return by_key


def _key(element: html.HtmlElement) -> Key | None:
    tag = element.tag
    if not isinstance(tag, str):
        return None
    address = element.get("src") if tag == "img" else element.get("href") if tag == "a" else None
    said = "".join(element.itertext())
    # The e-mail shows a long bare address short.
    said = squeezed(short_address(said.strip()) if tag == "a" and is_bare(element) else said)
    return (tag, address or "", said) if address or said else None


@remembered(texts=2_048)
def squeezed(text: str) -> str:
    """The letters and digits of the text: what stays of it whatever the typography."""
    return NO_WORD.sub("", text)
