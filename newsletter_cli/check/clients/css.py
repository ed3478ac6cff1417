"""Which of caniemail's features a declaration, a selector or a condition of CSS needs. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from newsletter_cli.check.clients.support import read_support
from newsletter_cli.check.looks.css import Declaration

# Longer names of a property that caniemail knows by a shorter one are found by leaving out their ends.
NAMED_ELSEWHERE = {
    "border-top-left-radius": "border-radius",
    "border-top-right-radius": "border-radius",
    "border-bottom-left-radius": "border-radius",
    "border-bottom-right-radius": "border-radius",
    "color": "",
    "column-gap": "gap",
    "column-width": "column-layout-properties",
    "column-rule": "column-layout-properties",
    "content": "",
    "inset-inline": "inset",
    "left": "left-right-top-bottom",
    "right": "left-right-top-bottom",
    "top": "left-right-top-bottom",
    "bottom": "left-right-top-bottom",
    "margin-inline": "margin-inline-block",
    "margin-block": "margin-inline-block",
    "padding-inline": "padding-inline-block",
    "padding-block": "padding-inline-block",
}
FUNCTIONS = {
    "calc": "css-unit-calc",
    "clamp": "css-function-clamp",
    "conic-gradient": "css-conic-gradient",
    "light-dark": "css-function-light-dark",
    "linear-gradient": "css-linear-gradient",
    "max": "css-function-max",
    "min": "css-function-min",
    "radial-gradient": "css-radial-gradient",
    "rgba": "css-rgba",
    "var": "css-variables",
    **dict.fromkeys(("lab", "lch", "oklab", "oklch", "color", "color-mix"), "css-modern-color"),
}
CALL = re.compile(r"(?<![\w-])([a-z-]+)\(", re.IGNORECASE)
UNIT = re.compile(r"(?<![\w#.-])[+-]?(?:\d+\.?\d*|\.\d+)(ch|ex|rem|vh|vw|vmin|vmax)\b", re.IGNORECASE)
TEXT = re.compile(r"\"[^\"]*\"|'[^']*'|url\([^)]*\)", re.IGNORECASE)
RGB = re.compile(r"\brgba?\(([^)]*)\)", re.IGNORECASE)
PICTURE = re.compile(r"url\(|gradient\(", re.IGNORECASE)
HEX_OR_CALL = re.compile(r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(", re.IGNORECASE)
NEGATIVE = re.compile(r"(?<![\w.])-\d")
CELLS = frozenset(("td", "th"))
BLOCKS = frozenset(("body", "span", "div", "p"))
COMPOUND_END = re.compile(r"\s*([>+~])\s*|\s+")
SELECTOR_PART = re.compile(r"\[[^\]]*\]|::?[\w-]+(?:\([^)]*\))?|[.#][\w-]+|\*|[\w-]+")
ATTRIBUTE = re.compile(r"\[\s*[\w-]+\s*(?:([~|^$*]?)=)?")
# Selectors of what is a page's frame: where a webmail puts the page into its own, they mean nothing.
FRAME = frozenset(("html", "body", ":root"))
MEDIA_FEATURE = re.compile(r"\(\s*(?:min-|max-)?([a-z-]+)", re.IGNORECASE)
COMBINATORS = {">": "css-selector-child", "+": "css-selector-adjacent-sibling", "~": "css-selector-general-sibling"}


@lru_cache(maxsize=8192)
def features_of_declaration(declaration: Declaration, tag: str) -> tuple[str, ...]:
    """What has to be known for this declaration to act on an element of that tag (`""`: of any)."""
    value = TEXT.sub(" ", declaration.value)
    found = [*_property_features(declaration.name), *_element_features(declaration, tag)]
    found += [FUNCTIONS[name.lower()] for name in CALL.findall(value) if name.lower() in FUNCTIONS]
    found += [f"css-unit-{unit.lower()}" for unit in UNIT.findall(value)]
    for inside in RGB.findall(value):
        found += ["css-rgb-spaced"] if "," not in inside else []
        found += ["css-rgb-alpha"] if "/" in inside or inside.count(",") == 3 else []
    found += _value_features(declaration.name, declaration.value, value.strip().lower())
    return tuple(dict.fromkeys(found))


def _property_features(name: str) -> Iterator[str]:
    features = read_support().features
    while name:
        known = f"css-{NAMED_ELSEWHERE.get(name, name)}"
        if known in features or NAMED_ELSEWHERE.get(name) == "":
            yield known
            return
        name = name.rpartition("-")[0]


def _element_features(declaration: Declaration, tag: str) -> Iterator[str]:
    name = declaration.name
    if not tag:
        return
    if name.startswith("padding") and tag not in CELLS:
        yield "css-padding-off-cells"
    if name == "max-width" and tag != "table":
        yield "css-max-width-off-tables"
    if name == "width" and tag in BLOCKS | {"img"}:
        yield "css-width-on-blocks"
    if name == "height" and tag in BLOCKS:
        yield "css-height-on-blocks"
    if name.startswith("margin") and tag in ("span", "body"):
        yield "css-margin-on-span"
    if name == "display" and declaration.value.lower() == "none" and tag == "img":
        yield "css-display-none-on-img"


def _value_features(name: str, typed: str, value: str) -> Iterator[str]:
    if name == "display":
        yield from _display_features(value)
    elif name in ("background", "background-image") and PICTURE.search(typed):
        yield "css-background-image"
        if name == "background":
            yield "css-background-picture"
            if "/" in TEXT.sub("", typed):
                yield "css-background-size-in-short"
    elif name == "background-color" and HEX_OR_CALL.search(value):
        yield "css-background-color-any"
    elif name == "text-align" and value in ("start", "end"):
        yield "css-text-align-start"
    elif name == "font-size" and value.endswith("rem"):
        yield "css-font-size-rem"
    elif name == "white-space" and value == "pre":
        yield "css-white-space-pre"
    elif name.startswith("margin"):
        if "auto" in value.split():
            yield "css-margin-auto"
        if NEGATIVE.search(value):
            yield "css-margin-negative"


def _display_features(value: str) -> Iterator[str]:
    if value == "none":
        yield "css-display-none"
    else:
        yield "css-display-any"
        if value.endswith("flex"):
            yield "css-display-flex"
        elif value.endswith("grid"):
            yield "css-display-grid"


@lru_cache(maxsize=2048)
def features_of_selector(selector: str) -> tuple[str, ...]:
    """What has to be known for one selector (no list of them) to mean something. `html-body`: it means the frame."""
    found: list[str] = []
    parts = _compounds(selector)
    for combinator, compound in parts:
        if combinator is not None:
            found.append(COMBINATORS.get(combinator, "css-selector-descendant"))
        simple = SELECTOR_PART.findall(compound)
        found += [feature for one in simple for feature in _simple_features(one, simple)]
        if sum(one[0] in ".#" for one in simple) > 1:
            found.append("css-selector-chaining")
    return tuple(dict.fromkeys(found))


def subject_tag(selector: str) -> str:
    """The tag of what a selector is about, empty where it does not name one."""
    last = SELECTOR_PART.findall(_compounds(selector)[-1][1])
    return last[0].lower() if last and last[0][0] not in ".#[:*" else ""


def _compounds(selector: str) -> list[tuple[str | None, str]]:
    """The compound selectors, each with the combinator before it: `>`, `+`, `~`, a blank; `None` for the first."""
    held: list[str] = []

    def hold(found: re.Match[str]) -> str:
        held.append(found[0])
        return f"\0{len(held) - 1}\0"

    plain = re.sub(r"\[[^\]]*\]|\([^()]*\)", hold, selector.strip())
    pieces: list[tuple[str | None, str]] = []
    before: str | None = None
    at = 0
    for end in COMPOUND_END.finditer(plain):
        pieces.append((before, plain[at : end.start()]))
        before, at = end[1] or " ", end.end()
    pieces.append((before, plain[at:]))
    return [(one, re.sub("\0(\\d+)\0", lambda found: held[int(found[1])], text)) for one, text in pieces]


def _simple_features(one: str, beside: list[str]) -> Iterator[str]:
    if one.lower() in FRAME:
        yield "html-body"
    if one == "*":
        yield "css-selector-universal"
    elif one.startswith("["):
        yield "css-selector-attribute"
        form = ATTRIBUTE.match(one)
        is_plain = form is None or form[1] is None
        if form is not None and form[1] == "":
            yield "css-selector-attribute-equal"
        elif is_plain:
            yield "css-selector-attribute-present"
            yield "css-selector-attribute-equal"
        if any(other.startswith(".") for other in beside):
            yield "css-selector-attribute-by-class"
    elif one.startswith("::"):
        yield f"css-pseudo-element-{one[2:]}"
    elif one.startswith(":"):
        name = one[1:].partition("(")[0].lower()
        yield f"css-pseudo-{'element' if name in ('before', 'after') else 'class'}-{name}"
    elif one.startswith("."):
        yield "css-selector-class"
    elif one.startswith("#"):
        yield "css-selector-id"
    else:
        yield "css-selector-type"


@lru_cache(maxsize=256)
def features_of_media(condition: str) -> tuple[str, ...]:
    """What has to be known for the rules under `@media condition` to count."""
    features = read_support().features
    asked = [f"css-at-media-{name.lower()}" for name in MEDIA_FEATURE.findall(condition)]
    return ("css-at-media", *(one for one in dict.fromkeys(asked) if one in features))
