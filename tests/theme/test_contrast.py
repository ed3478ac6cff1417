"""Every text of every shipped theme stands out from what is behind it: light, dark, and inverted by force.

WCAG 2.2, 1.4.3: 4.5:1 for text.
"""

import re
import tomllib
from pathlib import Path

import pytest

THEMES = Path(__file__).parents[2] / "templates" / "themes"

TEXT_ON = [
    ("text", "sheet"),
    ("text", "tint"),  # contents, code, table headings
    ("muted", "sheet"),
    ("muted", "page"),  # footer
    ("action", "sheet"),  # links, numbers, the newsletter's name
    ("action", "tint"),  # links of the contents
    ("on_action", "action"),  # buttons
    ("on_badge", "badge"),  # an event's date
]

RGB = tuple[float, float, float]


def read_theme(name: str) -> dict[str, dict[str, str]]:
    return tomllib.loads((THEMES / name / "theme.toml").read_text(encoding="utf-8"))


def parse_colour(hexadecimal: str) -> RGB:
    red, green, blue = (int(hexadecimal[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def invert(colour: RGB) -> RGB:
    """What `filter: invert(1) hue-rotate(180deg)` makes of a colour: how mail apps force the dark."""
    red, green, blue = (1 - channel for channel in colour)
    grey = 2 * (0.213 * red + 0.715 * green + 0.072 * blue)
    return tuple(min(1.0, max(0.0, grey - channel)) for channel in (red, green, blue))  # type: ignore[return-value]


def luminance(colour: RGB) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: RGB, other: RGB) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", ["default", "dsfr"])
@pytest.mark.parametrize(("ink", "paper"), TEXT_ON)
@pytest.mark.parametrize("mode", ["colors", "dark", "inverted"])
def test_text_stands_out(theme: str, mode: str, ink: str, paper: str) -> None:
    colours = read_theme(theme)["dark" if mode == "dark" else "colors"]
    pair = [parse_colour(colours[ink]), parse_colour(colours[paper])]
    if mode == "inverted":
        pair = [invert(colour) for colour in pair]
    assert contrast(*pair) >= 4.5


@pytest.mark.parametrize("theme", ["default", "dsfr"])
def test_each_colour_has_its_dark_twin(theme: str) -> None:
    settings = read_theme(theme)
    assert settings["colors"].keys() == settings["dark"].keys()
    for colour in [*settings["colors"].values(), *settings["dark"].values()]:
        assert re.fullmatch(r"#[0-9a-f]{6}", colour)


def test_dsfr_sets_all_the_default_does() -> None:
    default, dsfr = read_theme("default"), read_theme("dsfr")
    for table in ("shape", "fonts", "colors", "dark"):
        assert default[table].keys() == dsfr[table].keys()


def test_dsfr_says_whose_it_is() -> None:
    for file in ("theme.toml", "README.md"):
        assert "reserved to the" in (THEMES / "dsfr" / file).read_text(encoding="utf-8").lower()


def test_fonts_need_no_quotes() -> None:
    """They go through autoescape into CSS, where an escaped quote would end the list of fonts."""
    for theme in ("default", "dsfr"):
        for stack in read_theme(theme)["fonts"].values():
            assert not set(stack) & set("\"'<>&")


def test_head_css_is_ascii() -> None:
    """mrml writes what is not ASCII in a <mj-style> wrongly."""
    assert (THEMES / "default" / "head.css").read_text(encoding="utf-8").isascii()
