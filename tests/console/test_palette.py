"""Each colour can be read on a white terminal and on a black one, and help is painted as everything else is."""

from __future__ import annotations

import re

import pytest
from rich.color import Color
from rich.style import Style

from newsletter_cli.console.palette import BAR, STYLES, painted

LEAST = 3.9
WHITE, BLACK = (255, 255, 255), (0, 0, 0)


def luminance(colour: tuple[int, int, int]) -> float:
    """WCAG 2.2, relative luminance."""
    red, green, blue = (
        value / 255 / 12.92 if value / 255 <= 0.04045 else ((value / 255 + 0.055) / 1.055) ** 2.4 for value in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("name", sorted({*STYLES.values(), *BAR.values()}))
def test_a_colour_is_readable_on_white_and_on_black(name: str) -> None:
    colour = Style.parse(name).color
    # The terminal's own red is for its scheme of colours to choose.
    if colour is None or colour == Color.parse("red"):
        return
    shown = colour.get_truecolor()
    assert min(contrast(shown, WHITE), contrast(shown, BLACK)) >= LEAST


@pytest.mark.parametrize("name", STYLES)
def test_what_is_painted_without_rich_looks_as_with_it(name: str) -> None:
    codes = re.compile(r"\x1b\[([\d;]*)m")
    drawn = Style.parse(STYLES[name]).render("word")
    assert codes.sub("", painted("word", name)) == "word"
    assert set(codes.findall(painted("word", name))[0].split(";")) == set(codes.findall(drawn)[0].split(";"))
