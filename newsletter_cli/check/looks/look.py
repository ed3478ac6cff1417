"""What an element looks like, made from its own values and from what it inherits."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from newsletter_cli.base.values import replace
from newsletter_cli.check.looks.colour import parse_colour
from newsletter_cli.check.looks.values import font_size_px, line_height
from newsletter_cli.model.colour import Colour, laid_over

BLACK, WHITE = (0.0, 0.0, 0.0), (1.0, 1.0, 1.0)


class Look(Struct, frozen=True, kw_only=True):
    """How an element's text is shown. `ink` and `paper` are `None` where they cannot be told.

    `line_height` is (factor, true) or (pixels, false), `None` where the reader's program decides.
    """

    ink: Colour | None = BLACK
    paper: Colour | None = WHITE
    size_px: float = 16.0
    is_bold: bool = False
    line_height: tuple[float, bool] | None = None
    align: str = "start"
    is_underlined: bool = False
    has_border_below: bool = False
    is_hidden: bool = False

    @property
    def line_ratio(self) -> float | None:
        """The line height as a multiple of the text's size."""
        if self.line_height is None or not self.size_px:
            return None
        value, is_factor = self.line_height
        return value if is_factor else value / self.size_px

    @property
    def is_large(self) -> bool:
        """Large text in the sense of WCAG 2.2: 24 px, or 18.66 px in bold."""
        return self.size_px >= 24 or (self.is_bold and self.size_px >= 18.66)


def applied(values: Mapping[str, str], above: Look) -> Look:
    """The look of an element with these values within another."""
    size_px = above.size_px if "font-size" not in values else font_size_px(values["font-size"], above.size_px)
    paper = _paper(values, above)
    return replace(
        above,
        size_px=size_px,
        paper=paper,
        ink=_ink(values, above, paper),
        is_bold=_is_bold(values.get("font-weight"), above),
        line_height=_line_height(values.get("line-height"), above, size_px),
        align=_inherited(values.get("text-align"), above.align),
        is_underlined=_is_underlined(values, above),
        has_border_below=values.get("border-bottom-style", "none") not in ("none", "hidden"),
        is_hidden=above.is_hidden or _is_hidden(values),
    )


def _inherited(value: str | None, above: str) -> str:
    return above if value is None or value == "inherit" else value


def _paper(values: Mapping[str, str], above: Look) -> Colour | None:
    if values.get("background-image", "none") != "none":
        return None
    value = values.get("background-color")
    if value is None or value in ("inherit", "initial", "unset"):
        return above.paper
    return _seen(value, above.paper)


def _ink(values: Mapping[str, str], above: Look, paper: Colour | None) -> Colour | None:
    value = values.get("color")
    if value is None or value in ("inherit", "currentcolor", "unset"):
        return above.ink
    return _seen(value, paper)


def _seen(value: str, behind: Colour | None) -> Colour | None:
    """The colour that is seen, something of it showing through; `None` where that cannot be told."""
    parsed = parse_colour(value)
    if parsed is None:
        return None
    colour, opacity = parsed
    if opacity == 1:
        return colour
    return None if behind is None else laid_over(colour, opacity, behind)


def _is_bold(value: str | None, above: Look) -> bool:
    if value is None or value == "inherit":
        return above.is_bold
    return value in ("bold", "bolder") or (value.isdecimal() and int(value) >= 600)


def _line_height(value: str | None, above: Look, size_px: float) -> tuple[float, bool] | None:
    return above.line_height if value is None or value == "inherit" else line_height(value, size_px)


def _is_underlined(values: Mapping[str, str], above: Look) -> bool:
    value = values.get("text-decoration-line")
    # An inline-block, as buttons are, is not underlined with the text around it.
    passed_on = above.is_underlined and values.get("display") != "inline-block"
    return passed_on or (value is not None and "underline" in value)


def _is_hidden(values: Mapping[str, str]) -> bool:
    return (
        values.get("display") == "none"
        or values.get("visibility") == "hidden"
        or values.get("opacity") == "0"
        or values.get("max-height") in ("0", "0px")
    )
