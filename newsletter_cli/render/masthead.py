"""The logo in the masthead: how large it is shown."""

from __future__ import annotations

from msgspec import Struct

# In CSS pixels: no higher than the title below it, and with its plate within the narrowest phone.
MOST_WIDTH, MOST_HEIGHT = 200, 64


class ShownLogo(Struct, frozen=True, kw_only=True):
    """A logo as the e-mail shows it: `width` and `height` in CSS pixels."""

    src: str
    width: int
    height: int


def fit_logo(src: str, size: tuple[int, int]) -> ShownLogo:
    """The logo at its own size (width, height) in pixels, or as much smaller as its place asks for."""
    width, height = size
    scale = min(MOST_WIDTH / width, MOST_HEIGHT / height, 1)
    return ShownLogo(src=src, width=max(round(width * scale), 1), height=max(round(height * scale), 1))
