"""Colours: read from CSS, laid over each other, inverted by force, compared."""

from __future__ import annotations

import colorsys
import re

Colour = tuple[float, float, float]

# The keywords of CSS 2.1 and the greys; others are rare enough in e-mails to count as unknown.
NAMED = {
    "black": "#000000",
    "silver": "#c0c0c0",
    "gray": "#808080",
    "grey": "#808080",
    "white": "#ffffff",
    "maroon": "#800000",
    "red": "#ff0000",
    "purple": "#800080",
    "fuchsia": "#ff00ff",
    "green": "#008000",
    "lime": "#00ff00",
    "olive": "#808000",
    "yellow": "#ffff00",
    "navy": "#000080",
    "blue": "#0000ff",
    "teal": "#008080",
    "aqua": "#00ffff",
    "orange": "#ffa500",
    "lightgray": "#d3d3d3",
    "lightgrey": "#d3d3d3",
    "darkgray": "#a9a9a9",
    "darkgrey": "#a9a9a9",
    "whitesmoke": "#f5f5f5",
}
HEXADECIMAL = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})(?![0-9a-z])", re.IGNORECASE)
FUNCTION = re.compile(r"(rgb|hsl)a?\(([^()]*)\)", re.IGNORECASE)
NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(%|deg)?")


def parse_colour(text: str) -> tuple[Colour, float] | None:
    """The colour (parts from 0 to 1) and its opacity; `None` for what is no colour, or none that is known."""
    text = text.strip().lower()
    text = NAMED.get(text, text)
    if text == "transparent":
        return (0.0, 0.0, 0.0), 0.0
    if HEXADECIMAL.fullmatch(text):
        return _parse_hexadecimal(text[1:])
    function = FUNCTION.fullmatch(text)
    return None if function is None else _parse_function(function[1], function[2])


def _parse_hexadecimal(digits: str) -> tuple[Colour, float]:
    if len(digits) < 6:
        digits = "".join(digit * 2 for digit in digits)
    red, green, blue, alpha = (int(digits[at : at + 2] or "ff", 16) / 255 for at in (0, 2, 4, 6))
    return (red, green, blue), alpha


def _parse_function(name: str, inside: str) -> tuple[Colour, float] | None:
    found = [(float(number), unit) for number, unit in NUMBER.findall(inside)]
    if len(found) not in (3, 4):
        return None
    alpha = 1.0 if len(found) == 3 else _part(found[3], 1)
    if name == "hsl":
        (hue, _unit), saturation, lightness = found[0], _part(found[1], 100), _part(found[2], 100)
        return colorsys.hls_to_rgb(hue / 360 % 1, lightness, saturation), alpha
    red, green, blue = (_part(one, 255) for one in found[:3])
    return (red, green, blue), alpha


def _part(value: tuple[float, str], whole: float) -> float:
    number, unit = value
    return min(1.0, max(0.0, number / (100 if unit == "%" else whole)))


def laid_over(colour: Colour, opacity: float, paper: Colour) -> Colour:
    """What is seen of a colour that lets through what is behind it."""
    red, green, blue = (opacity * one + (1 - opacity) * other for one, other in zip(colour, paper, strict=True))
    return red, green, blue


def inverted(colour: Colour) -> Colour:
    """What `filter: invert(1) hue-rotate(180deg)` makes of it: how mail apps force the dark (Filter Effects §15)."""
    turned = [1 - part for part in colour]
    grey = 2 * (0.213 * turned[0] + 0.715 * turned[1] + 0.072 * turned[2])
    red, green, blue = (min(1.0, max(0.0, grey - part)) for part in turned)
    return red, green, blue


def contrast_of(one: Colour, other: Colour) -> float:
    """The contrast ratio, from 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: Colour) -> float:
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def written(colour: Colour) -> str:
    """The colour as `#rrggbb`."""
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)
