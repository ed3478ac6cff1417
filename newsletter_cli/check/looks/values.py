"""CSS values: shorthands taken apart, lengths in pixels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from newsletter_cli.check.looks.css import Declaration, read_declarations

# What a look is made of; everything else is passed over.
TRACKED = frozenset(
    (
        "color",
        "background-color",
        "background-image",
        "font-size",
        "font-weight",
        "line-height",
        "text-align",
        "text-decoration-line",
        "border-bottom-style",
        "display",
        "visibility",
        "opacity",
        "max-height",
    )
)
LENGTH = re.compile(r"(\d+\.?\d*|\.\d+)(px|pt|em|rem|%)?")
FONT = re.compile(r"(?P<size>\S+?)(?:\s*/\s*(?P<height>\S+))?\s+\S.*", re.DOTALL)
BOLD = re.compile(r"\b(bold|bolder|[6-9]00)\b")
# CSS Fonts 4 §2.5, with the usual 16 pixels for `medium`.
SIZES = {
    "xx-small": 9.0,
    "x-small": 10.0,
    "small": 13.0,
    "medium": 16.0,
    "large": 18.0,
    "x-large": 24.0,
    "xx-large": 32.0,
}
FONT_WORDS = frozenset(
    ("italic", "oblique", "normal", "small-caps", "bold", "bolder", "lighter", *(f"{n}00" for n in range(1, 10)))
)
SPLIT = re.compile(r"\s+(?![^(]*\))")
POINT_PX = 96 / 72
ROOT_PX = 16.0


@lru_cache(maxsize=4096)
def tracked(style: str) -> tuple[Declaration, ...]:
    """The declarations of a style attribute that matter here, shorthands taken apart."""
    return expanded(read_declarations(style))


def expanded(declarations: tuple[Declaration, ...]) -> tuple[Declaration, ...]:
    """The declarations that matter here, shorthands taken apart."""
    found = []
    for one in declarations:
        for name, value in _parts(one.name, one.value):
            if name in TRACKED:
                found.append(Declaration(name=name, value=value, is_important=one.is_important))
    return tuple(found)


def _parts(name: str, value: str) -> Iterator[tuple[str, str]]:
    if name == "font":
        yield from _font_parts(value)
    elif name == "background":
        yield "background-image", "url" if re.search(r"url\(|gradient\(", value, re.IGNORECASE) else "none"
        yield "background-color", _colour_in(value)
    elif name == "background-image":
        yield name, "none" if value.lower() == "none" else "url"
    elif name in ("text-decoration", "text-decoration-line"):
        yield "text-decoration-line", value.lower()
    elif name in ("border-bottom", "border"):
        yield "border-bottom-style", "none" if re.search(r"\b(none|0|0px)\b", value.lower()) else "solid"
    else:
        yield name, value.lower()


def _font_parts(value: str) -> Iterator[tuple[str, str]]:
    words = SPLIT.split(value.strip())
    while words and words[0].lower() in FONT_WORDS:
        words.pop(0)
    found = FONT.fullmatch(" ".join(words))
    if found is None:
        return
    yield "font-weight", "bold" if BOLD.search(value[: value.find(found["size"])].lower()) else "normal"
    yield "font-size", found["size"].lower()
    yield "line-height", (found["height"] or "normal").lower()


def _colour_in(value: str) -> str:
    from newsletter_cli.check.looks.colour import parse_colour

    words = SPLIT.split(value.strip())
    if any(word.lower() in ("inherit", "currentcolor") or "var(" in word.lower() for word in words):
        return words[0].lower()
    return next((word.lower() for word in words if parse_colour(word) is not None), "transparent")


def font_size_px(value: str, parent_px: float) -> float:
    """A font size in pixels; the parent's for one that is not understood."""
    if value in SIZES:
        return SIZES[value]
    if value in ("smaller", "larger"):
        return parent_px * (1.2 if value == "larger" else 1 / 1.2)
    found = LENGTH.fullmatch(value)
    if found is None or found[2] is None:
        return parent_px
    return float(found[1]) * _unit_px(found[2], parent_px)


def line_height(value: str, size_px: float) -> tuple[float, bool] | None:
    """A line height: (factor, true) or (pixels, false); `None` for `normal` and what is not understood."""
    found = LENGTH.fullmatch(value)
    if found is None:
        return None
    if found[2] is None:
        return float(found[1]), True
    return float(found[1]) * _unit_px(found[2], size_px), False


def _unit_px(unit: str, em_px: float) -> float:
    return {"px": 1.0, "pt": POINT_PX, "em": em_px, "rem": ROOT_PX, "%": em_px / 100}[unit]
