"""The cascade: which look each element of a page has, in the light and in the dark (CSS Cascade 4)."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from operator import itemgetter

from lxml import etree, html
from msgspec import Struct

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.looks.css import Declaration, read_css
from newsletter_cli.check.looks.look import WHITE, Look, applied
from newsletter_cli.check.looks.values import expanded, tracked
from newsletter_cli.markdown.selecting import PageIndex, specificity_of

# The window that media queries are asked about, in CSS pixels: a mail program on a desk.
WINDOW_PX = 1000
WIDTH = re.compile(r"\((min|max)-width\s*:\s*(\d+)px\)")
SCHEME = re.compile(r"\(prefers-color-scheme\s*:\s*(dark|light)\)")
PLAIN_MEDIA = re.compile(r"(?:only\s+)?(?:screen|all)|and|\s+")
DARK_SCHEME = Pattern(r"(?<![\w-])color-scheme\s*:[^;}]*\bdark\b")
# The classes and attributes that a selector asks for.
NAME = re.compile(r"[.\[]([\w-]+)")
# What Chromium paints on where a page says it knows the dark and sets no colour.
DARK_CANVAS, DARK_LINK, LINK = (18 / 255, 18 / 255, 18 / 255), "#9e9eff", "#0000ee"
# https://html.spec.whatwg.org/multipage/rendering.html, as far as a look goes.
BY_TAG = {
    **dict.fromkeys(("b", "strong", "th", "dt-bold"), "font-weight:bold"),
    "h1": "font-weight:bold;font-size:2em",
    "h2": "font-weight:bold;font-size:1.5em",
    "h3": "font-weight:bold;font-size:1.17em",
    "h4": "font-weight:bold",
    "h5": "font-weight:bold;font-size:.83em",
    "h6": "font-weight:bold;font-size:.67em",
    **dict.fromkeys(("small", "sub", "sup"), "font-size:smaller"),
    "rt": "font-size:50%",
    **dict.fromkeys(("pre", "code", "kbd", "samp", "tt"), "font-size:.8125em"),
    "mark": "background-color:#ffff00;color:#000000",
    **dict.fromkeys(("u", "ins"), "text-decoration:underline"),
    **dict.fromkeys(("head", "style", "script", "title", "template"), "display:none"),
}
UNSHOWN = ("style", "script", "title", "head")


class ShownText(Struct, frozen=True, kw_only=True):
    """A stretch of text of the page (an image's alternative included) and how it is shown."""

    text: str
    element: html.HtmlElement
    light: Look
    dark: Look


class Cascade(Struct, frozen=True, kw_only=True):
    """The looks of all elements of a page."""

    light: Mapping[html.HtmlElement, Look]
    dark: Mapping[html.HtmlElement, Look]
    texts: tuple[ShownText, ...]


def look_at(page: html.HtmlElement) -> Cascade:
    """How each element of the page is shown in a wide window."""
    sheets = _sheets(page)
    css = "".join(text for text, _media in sheets)
    scheme = "".join(meta.get("content") or "" for meta in page.iter("meta") if meta.get("name") == "color-scheme")
    knows_dark = "dark" in scheme or DARK_SCHEME.search(css) is not None
    found = _Found(page)
    light = _Cascade(found, sheets, is_dark=False, has_dark_canvas=False).looks()
    dark = _Cascade(found, sheets, is_dark=True, has_dark_canvas=knows_dark).looks()
    return Cascade(light=light, dark=dark, texts=tuple(_texts(page, light, dark)))


def _sheets(page: html.HtmlElement) -> list[tuple[str, str]]:
    return [(style.text or "", (style.get("media") or "").lower()) for style in page.iter("style")]


def _texts(
    page: html.HtmlElement, light: Mapping[html.HtmlElement, Look], dark: Mapping[html.HtmlElement, Look]
) -> Iterator[ShownText]:
    body = page.find("body")
    for element in () if body is None else body.iter():
        if isinstance(element.tag, str) and element.tag not in UNSHOWN:
            said = (element.get("alt") or "") if element.tag == "img" else (element.text or "")
            if said.strip() and not light[element].is_hidden:
                yield ShownText(text=said.strip(), element=element, light=light[element], dark=dark[element])
        holder = element.getparent()
        if holder is not None and element.tail and element.tail.strip() and element is not body:
            look = light.get(holder)
            if look is not None and not look.is_hidden and holder.tag not in UNSHOWN:
                yield ShownText(text=element.tail.strip(), element=holder, light=look, dark=dark[holder])


@lru_cache(maxsize=1024)
def _matcher(selector: str) -> tuple[tuple[etree.XPath, tuple[int, int, int]], ...]:
    """What finds the elements of a selector, and its specificity; nothing for a selector that is not understood."""
    import cssselect

    translator = cssselect.HTMLTranslator()
    try:
        parsed = cssselect.parse(selector)
        return tuple(
            (etree.XPath(translator.selector_to_xpath(one)), one.specificity())
            for one in parsed
            if not one.pseudo_element
        )
    except (cssselect.SelectorError, etree.XPathError):
        return ()


def _holds(media: str, *, is_dark: bool) -> bool:
    """Whether one of the media queries holds; one that is not understood does not."""
    return any(_query_holds(query, is_dark=is_dark) for query in media.split(",")) if media else True


def _query_holds(query: str, *, is_dark: bool) -> bool:
    wanted = SCHEME.search(query)
    if wanted and (wanted[1] == "dark") is not is_dark:
        return False
    for side, pixels in WIDTH.findall(query):
        if (side == "min" and int(pixels) > WINDOW_PX) or (side == "max" and int(pixels) < WINDOW_PX):
            return False
    return not PLAIN_MEDIA.sub("", WIDTH.sub("", SCHEME.sub("", query)))


Rank = tuple[bool, int, tuple[int, int, int], int]
# An element's tag, its style, what it says of its ground, and whether it leads somewhere.
Typed = tuple[str, str, str | None, str | None, bool]
Matches = list[tuple[Sequence[html.HtmlElement], tuple[int, int, int]]]


class _Found:
    """The elements that selectors find in a page, each selector looked for once."""

    def __init__(self, page: html.HtmlElement):
        self.page = page
        self._index = PageIndex(page)
        self._matches: dict[str, Matches] = {}
        self._names: set[str] = set()
        # Each element with what is around it, and what of its own tells how it looks: the same for all that are alike.
        self.typed: list[tuple[html.HtmlElement, html.HtmlElement | None, Typed]] = []
        same: dict[Typed, Typed] = {}
        for element in page.iter(etree.Element):
            get = element.get
            self._names.update((get("class") or "").split(), element.keys())
            typed = (str(element.tag), get("style") or "", get("align"), get("bgcolor"), bool(get("href")))
            self.typed.append((element, element.getparent(), same.setdefault(typed, typed)))

    def elements(self, selector: str) -> Matches:
        """For each part of a list of selectors: the elements, and its specificity."""
        if selector not in self._matches:
            self._matches[selector] = [
                pair
                for one in selector.split(",")
                if self._names.issuperset(NAME.findall(one))
                for pair in self._ask(one.strip())
            ]
        return self._matches[selector]

    def _ask(self, selector: str) -> Matches:
        specificity = specificity_of(selector)
        if specificity is None:
            return [(xpath(self.page), weight) for xpath, weight in _matcher(selector)]
        return [(self._index.find(selector) or (), specificity)]


class _Cascade:
    def __init__(self, found: _Found, sheets: Iterable[tuple[str, str]], *, is_dark: bool, has_dark_canvas: bool):
        self.found = found
        self.link = DARK_LINK if has_dark_canvas else LINK
        self.known: dict[tuple[int, tuple[int, ...]], Mapping[str, str]] = {}
        self.root = Look(ink=WHITE, paper=DARK_CANVAS) if has_dark_canvas else Look()
        # What the rules say that an element is matched by, by their place in `ranked`.
        self.ranked: list[list[tuple[Rank, Declaration]]] = []
        self.matched: dict[html.HtmlElement, tuple[int, ...]] = defaultdict(tuple)
        for order, (selector, declarations) in enumerate(_rules(sheets, is_dark=is_dark)):
            for elements, specificity in found.elements(selector):
                self.ranked.append([((one.is_important, 0, specificity, order), one) for one in declarations])
                for element in elements:
                    self.matched[element] += (len(self.ranked) - 1,)

    def looks(self) -> dict[html.HtmlElement, Look]:
        found: dict[html.HtmlElement, Look] = {}
        # An e-mail repeats itself: most elements look like one before them.
        known: dict[tuple[int, int], Look] = {}
        same: dict[Look, Look] = {}
        matched, nothing = self.matched, ()
        for element, parent, typed in self.found.typed:
            above = self.root if parent is None else found.get(parent, self.root)
            key = (id(typed), matched.get(element, nothing))
            values = self.known.get(key)
            if values is None:
                values = self.known[key] = self._values(typed, key[1])
            pair = (id(above), id(values))
            if pair not in known:
                look = applied(values, above) if values else above
                known[pair] = same.setdefault(look, look)
            found[element] = known[pair]
        return found

    def _values(self, typed: Typed, matched: tuple[int, ...]) -> Mapping[str, str]:
        """What the cascade leaves of all declarations for an element."""
        values = self._defaults(typed)
        ranked = [pair for index in matched for pair in self.ranked[index]]
        ranked += (((one.is_important, 1, (0, 0, 0), 0), one) for one in tracked(typed[1]))
        if matched:
            ranked.sort(key=itemgetter(0))
        else:
            ranked.sort(key=lambda pair: pair[0][0])
        values.update((one.name, one.value) for _rank, one in ranked)
        return values

    def _defaults(self, typed: Typed) -> dict[str, str]:
        """What a browser brings along, then the attributes that weigh less than any rule."""
        tag, _style, align, ground, is_link = typed
        values = {one.name: one.value for one in tracked(BY_TAG.get(tag, ""))}
        if tag == "a" and is_link:
            values |= {"color": self.link, "text-decoration-line": "underline"}
        if ground:
            values["background-color"] = ground.lower()
        # On these it moves the box, not the text.
        if align and tag not in ("table", "img"):
            values["text-align"] = align.lower()
        return values


def _rules(sheets: Iterable[tuple[str, str]], *, is_dark: bool) -> Iterator[tuple[str, tuple[Declaration, ...]]]:
    for text, media in sheets:
        if not _holds(media, is_dark=is_dark):
            continue
        for rule in read_css(text):
            if all(_holds(one, is_dark=is_dark) for one in rule.media):
                declarations = expanded(rule.declarations)
                if declarations:
                    yield rule.selector, declarations


RUNNING_IN = frozenset(("p", "li", "dd", "dt", "blockquote"))
NOT_RUNNING_IN = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "td", "th", "caption", "table", "body"))


def running_texts(looks: Cascade) -> Iterator[ShownText]:
    """The texts within paragraphs, list items and quotes that a screen reader is not told to pass over."""
    for shown in looks.texts:
        if shown.element.tag == "img":
            continue
        around = [shown.element, *shown.element.iterancestors()]
        nearest = next((one.tag for one in around if one.tag in RUNNING_IN or one.tag in NOT_RUNNING_IN), None)
        if nearest in RUNNING_IN and all(one.get("aria-hidden") != "true" for one in around):
            yield shown
