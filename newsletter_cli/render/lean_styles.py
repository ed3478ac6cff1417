"""The style attributes of a finished page, in their shortest form: they are most of an e-mail, and Gmail cuts it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

# What is passed on through tables too, in every mode of every browser (HTML, 15.3.10 "Tables", has what is not).
PASSED_ON = ("font-family", "word-break", "text-align", "direction")
# Elements to which no mail reader gives one of these by itself.
PLAIN = frozenset({"div", "td", "p", "span", "img", "ul", "ol", "li"})
ALIGNED = frozenset({"td", "th", "div", "p"})
SPACE = re.compile(r"\s*([:;,])\s*")
NO_LENGTH = re.compile(r"(?<![\w.#-])0(?:px|pt|em)(?![\w%])")
DOUBLED_HEX = re.compile(r"#([0-9a-fA-F])\1([0-9a-fA-F])\2([0-9a-fA-F])\3(?![0-9a-fA-F])")
UNSURE = ('"', "'", "(", "\\", "{", "/*", "!")
Said = Mapping[str, str]


def lean_styles(page: Any) -> None:
    """Shorten every `style` of the tree `page` (lxml), and leave out what an element has from those around it."""
    said: dict[Any, Said] = {}
    for element in page.iter("*"):
        above = said.get(element.getparent(), {})
        style = element.get("style")
        if style is None and not (element.keys() and (element.get("align") or element.get("dir"))):
            if above:
                said[element] = above
            continue
        here = {**above, **_attributes(element)}
        if style is not None:
            declared = shorten(style)
            kept = {
                name: value
                for name, value in declared.items()
                if not (element.tag in PLAIN and name in PASSED_ON and here.get(name) == value != "rtl")
            }
            _write(element, kept)
            here.update((name, value) for name, value in declared.items() if name in PASSED_ON)
        said[element] = here


def _attributes(element: Any) -> Said:
    said = {}
    if element.get("align") and element.tag in ALIGNED:
        said["text-align"] = element.get("align")
    if element.get("dir") in ("ltr", "rtl"):
        said["direction"] = element.get("dir")
        if element.tag == "html":
            # Where text begins as long as nothing around it says otherwise.
            said.setdefault("text-align", "right" if element.get("dir") == "rtl" else "left")
    return said


def _write(element: Any, declarations: Said) -> None:
    text = ";".join(f"{name}:{value}" if name else value for name, value in declarations.items())
    if text:
        element.set("style", text)
    else:
        del element.attrib["style"]


@lru_cache(maxsize=2048)
def shorten(style: str) -> Said:
    """The declarations of a style attribute by property; one with a string, an address or a priority stays as it is."""
    if any(sign in style for sign in UNSURE):
        return {"": style}
    declared: dict[str, str] = {}
    for one in SPACE.sub(r"\1", style).split(";"):
        name, _colon, value = one.strip().partition(":")
        if not value:
            continue
        value = DOUBLED_HEX.sub(r"#\1\2\3", NO_LENGTH.sub("0", value))
        declared.pop(name, None)
        declared[name] = value
    if declared.get("background") == declared.get("background-color"):
        declared.pop("background-color", None)
    return declared
