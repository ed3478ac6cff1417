"""Colours as light: how far two of them stand apart (WCAG 2.2), and what mail apps make of one in the dark."""

from __future__ import annotations

Colour = tuple[float, float, float]


def read_hex(text: str) -> Colour:
    """`#rgb` or `#rrggbb` as parts from 0 to 1. Raises `ValueError` for another text."""
    digits = text.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    if len(digits) != 6:
        raise ValueError(text)
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return red, green, blue


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
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: Colour) -> float:
    """The relative luminance, from 0 (black) to 1 (white) (WCAG 2.2)."""
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def written(colour: Colour) -> str:
    """The colour as `#rrggbb`."""
    return "#" + "".join(f"{round(part * 255):02x}" for part in colour)
