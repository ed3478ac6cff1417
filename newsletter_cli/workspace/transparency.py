"""Pictures that vanish on dark paper: dark drawings, logos above all, on a transparent ground.

Pixels are decoded only where the very first is transparent; that is read from the head of the file, without Pillow.
"""

from __future__ import annotations

import struct
import zlib
from functools import lru_cache
from pathlib import Path
from typing import BinaryIO

from newsletter_cli.model.colour import luminance
from newsletter_cli.workspace.picture_structure import PNG

GREY_ALPHA, COLOUR_ALPHA, PALETTE = 4, 6, 3
MOST_PIXELS = 20_000_000
SAMPLE_PX = 96
# Of 255: less is as good as transparent.
SEEN = 64
# Relative luminance (WCAG 2.2): darker has less than 3:1 on #161d20, lighter is all but white.
DARK, LIGHT = 0.13, 0.8
LEAST_DARK_SHARE, MOST_LIGHT_SHARE = 1 / 3, 1 / 4


def find_dark_drawings(assets: dict[str, Path], sizes: dict[str, tuple[int, int]]) -> frozenset[str]:
    """The names of those that have a transparent ground and hardly stand out on dark paper."""
    return frozenset(name for name in sizes if name.lower().endswith(".png") and _judge(assets[name]))


def _judge(path: Path) -> bool:
    try:
        state = path.stat()
        return _is_dark_drawing(path, state.st_mtime_ns, state.st_size)
    except (OSError, ValueError, struct.error, zlib.error):
        return False


@lru_cache(maxsize=256)
def _is_dark_drawing(path: Path, changed_ns: int, size_bytes: int) -> bool:
    with path.open("rb") as file:
        if not _has_clear_corner(file):
            return False
    return _is_dark(path)


def _has_clear_corner(file: BinaryIO) -> bool:
    """Whether the first pixel of a PNG is transparent. Raises `struct.error` and `zlib.error` for what is no PNG."""
    if file.read(len(PNG)) != PNG:
        return False
    transparent, depth, colour = b"", 0, 0
    while True:
        length, kind = struct.unpack(">I4s", file.read(8))
        if kind == b"IDAT":
            # One octet says how the line is filtered; of the first pixel, no filter changes anything (PNG, 9.2).
            first = zlib.decompressobj().decompress(file.read(min(length, 4096)), 9)[1:]
            return _is_clear(first, depth, colour, transparent)
        content = file.read(length)
        if kind == b"IHDR":
            _width, _height, depth, colour = struct.unpack(">IIBB", content[:10])
            if colour not in (GREY_ALPHA, COLOUR_ALPHA, PALETTE):
                return False
        elif kind == b"tRNS":
            transparent = content
        file.seek(4, 1)


def _is_clear(pixel: bytes, depth: int, colour: int, transparent: bytes) -> bool:
    if colour == PALETTE:
        index = pixel[0] >> (8 - depth) if pixel else len(transparent)
        return index < len(transparent) and transparent[index] < SEEN
    place = (1 if colour == GREY_ALPHA else 3) * depth // 8
    return len(pixel) > place and pixel[place] < SEEN


def _is_dark(path: Path) -> bool:
    """Whether what is seen of the picture is dark, and hardly any of it light."""
    # Heavy, and needed for few pictures.
    from PIL import Image

    try:
        with Image.open(path) as image:
            if image.width * image.height > MOST_PIXELS:
                return False
            scale = max(image.width, image.height) / SAMPLE_PX
            size = (max(int(image.width / scale), 1), max(int(image.height / scale), 1)) if scale > 1 else image.size
            sample = image.convert("RGBA").resize(size, Image.Resampling.NEAREST)
    except (OSError, SyntaxError, Image.DecompressionBombError):
        return False
    octets = sample.tobytes()
    seen = [octets[place : place + 3] for place in range(0, len(octets), 4) if octets[place + 3] >= SEEN]
    if not seen:
        return False
    luminances = [luminance((red / 255, green / 255, blue / 255)) for red, green, blue in seen]
    dark = sum(one < DARK for one in luminances) / len(seen)
    light = sum(one > LIGHT for one in luminances) / len(seen)
    return dark >= LEAST_DARK_SHARE and light <= MOST_LIGHT_SHARE
