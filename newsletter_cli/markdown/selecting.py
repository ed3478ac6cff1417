"""Which elements of a page a plain CSS selector means: `.card > h3`, without asking the whole page each time."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from lxml import etree

# A tag, classes, or both. The rest of CSS (attributes, states, siblings, escapes) is left to XPath.
COMPOUND = r"(?:[a-z][a-z0-9]*(?:\.[A-Za-z_][A-Za-z0-9_-]*)*|(?:\.[A-Za-z_][A-Za-z0-9_-]*)+)"
PLAIN = re.compile(rf"{COMPOUND}(?:(?:[ ]*>[ ]*|[ ]+){COMPOUND})*")
STEP = re.compile(rf"([ ]*>[ ]*|[ ]*)({COMPOUND})")
# https://www.w3.org/TR/xpath-10/#function-normalize-space: other blanks are part of a class's name.
CLASS = re.compile(r"[^ \t\r\n]+")

Elements = Sequence[Any]
Specificity = tuple[int, int, int]


class PageIndex:
    """The elements of a page by tag and by class. The page must not change while it is asked."""

    def __init__(self, page: Any):
        self.page = page
        self._by_tag: dict[str, list[Any]] = defaultdict(list)
        self._by_class: dict[str, list[Any]] = defaultdict(list)
        self._within: dict[str, frozenset[Any]] = {}
        for element in page.iter(etree.Element):
            self._by_tag[element.tag].append(element)
            for name in _classes(element.get("class") or ""):
                self._by_class[name].append(element)

    def find(self, selector: str) -> Elements | None:
        """The elements in the order of the page; `None` for a selector that is not plain."""
        return self._find(selector) if PLAIN.fullmatch(selector) else None

    def _find(self, selector: str) -> Elements:
        above, is_child, last = _last_step(selector)
        tag, *classes = last.split(".")
        found = self._by_class.get(classes[0], []) if classes else self._by_tag.get(tag, [])
        if tag and classes:
            found = [one for one in found if one.tag == tag]
        for name in classes[1:]:
            found = [one for one in found if name in _classes(one.get("class") or "")]
        if not above or not found:
            return found
        within = self._children(above) if is_child else self._descendants(above)
        return [one for one in found if one in within]

    def _descendants(self, selector: str) -> frozenset[Any]:
        if selector not in self._within:
            within: set[Any] = set()
            for one in self._find(selector):
                # What stands within another of them has been taken with it.
                if one not in within:
                    within.update(one.iterdescendants())
            self._within[selector] = frozenset(within)
        return self._within[selector]

    def _children(self, selector: str) -> frozenset[Any]:
        return frozenset(child for one in self._find(selector) for child in one)


@lru_cache(maxsize=1024)
def specificity_of(selector: str) -> Specificity | None:
    """How much a plain selector weighs (Selectors 4 §17); `None` for another one."""
    if not PLAIN.fullmatch(selector):
        return None
    compounds = [step[2] for step in STEP.finditer(selector)]
    return 0, sum(one.count(".") for one in compounds), sum(not one.startswith(".") for one in compounds)


@lru_cache(maxsize=1024)
def _last_step(selector: str) -> tuple[str, bool, str]:
    """What stands before the last part of a plain selector, whether that is its parent, and the last part."""
    *_before, last = STEP.finditer(selector)
    return selector[: last.start()], ">" in last[1], last[2]


@lru_cache(maxsize=1024)
def _classes(attribute: str) -> frozenset[str]:
    return frozenset(CLASS.findall(attribute))
