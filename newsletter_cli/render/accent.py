"""One colour of a newsletter's own in place of the theme's: all that repeats it follows, light and dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from newsletter_cli.base.values import replace
from newsletter_cli.model.colour import Colour, contrast_of, inverted, laid_over, read_hex, written
from newsletter_cli.render.theme import Theme

LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
# In the dark, and on a badge, the colour is chosen here: it may stand apart more clearly.
CLEAR_CONTRAST = 7.0
BADGE_SHARE, DARK_BADGE_SHARE = 0.13, 0.24
STEPS = 64
BLACK: Colour = (0.0, 0.0, 0.0)
WHITE: Colour = (1.0, 1.0, 1.0)


def nearest_accent(theme: Theme, accent: str) -> str:
    """The accent itself (`#rrggbb`) where links in it can be read on the theme's papers; else the nearest that can.

    Nearest: the first of those that are darker by a sixty-fourth.
    """
    papers = _colours(theme, "colors", "sheet", "tint")
    dark_papers = [inverted(paper) for paper in papers]
    colour = read_hex(accent)
    for tried in _towards(colour, BLACK):
        # As it is written: what is rounded is what readers get.
        shown = read_hex(written(tried))
        if _is_clear(shown, papers, LEAST_CONTRAST) and _is_clear(inverted(shown), dark_papers, LEAST_CONTRAST):
            return written(shown)
    return written(BLACK)


def with_accent(theme: Theme, accent: str) -> Theme:
    """The theme in this accent, which must be one that serves (`nearest_accent`)."""
    light, dark = read_hex(accent), _colours(theme, "dark", "sheet", "tint")
    (sheet,) = _colours(theme, "colors", "sheet")
    badge = laid_over(light, BADGE_SHARE, sheet)
    bright = _first_clear(light, WHITE, dark)
    dark_badge = laid_over(bright, DARK_BADGE_SHARE, dark[0])
    chosen = {
        "colors": {
            "action": light,
            "on_action": WHITE if _is_clear(WHITE, [light], LEAST_CONTRAST) else BLACK,
            "badge": badge,
            "on_badge": _first_clear(light, BLACK, [badge]),
        },
        "dark": {
            "action": bright,
            "on_action": _first_clear(light, BLACK, [bright]),
            "badge": dark_badge,
            "on_badge": _first_clear(bright, WHITE, [dark_badge]),
        },
    }
    settings = dict(theme.settings)
    for table, colours in chosen.items():
        own = {name: written(colour) for name, colour in colours.items()}
        settings[table] = {**settings.get(table, {}), **own}
    return replace(theme, settings=settings)


def _colours(theme: Theme, table: str, *names: str) -> list[Colour]:
    known: Mapping[str, str] = theme.settings.get(table, {})
    usual = "#ffffff" if table == "colors" else "#161d20"
    return [read_hex(known.get(name, usual)) for name in names]


def _towards(colour: Colour, end: Colour) -> list[Colour]:
    return [laid_over(end, step / STEPS, colour) for step in range(STEPS + 1)]


def _first_clear(colour: Colour, end: Colour, papers: Sequence[Colour]) -> Colour:
    return next((one for one in _towards(colour, end) if _is_clear(one, papers, CLEAR_CONTRAST)), end)


def _is_clear(ink: Colour, papers: Sequence[Colour], least: float) -> bool:
    return all(contrast_of(ink, paper) >= least for paper in papers)
