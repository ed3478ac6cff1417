from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from newsletter_cli.workspace.transparency import find_dark_drawings
from tests.pictures import png

DARK, GREY, LIGHT, RED = (10, 10, 30), (150, 150, 150), (250, 250, 250), (230, 60, 60)


def drawing(*colours: tuple[int, int, int], mode: str = "RGBA", corner: int = 0) -> bytes:
    """Stripes of these colours on a transparent ground."""
    from PIL import Image

    image = Image.new("RGBA", (60, 40), (0, 0, 0, corner))
    for number, colour in enumerate(colours):
        image.paste((*colour, 255), (10, 5 + 8 * number, 50, 11 + 8 * number))
    made = io.BytesIO()
    (image if mode == "RGBA" else image.convert(mode)).save(made, "PNG")
    return made.getvalue()


def judged(folder: Path, content: bytes, name: str = "logo.png") -> bool:
    path = folder / name
    path.write_bytes(content)
    return find_dark_drawings({name: path}, {name: (60, 40)}) == {name}


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P"])
def test_a_dark_logo_on_a_transparent_ground(tmp_path: Path, mode: str) -> None:
    assert judged(tmp_path, drawing(DARK, mode=mode))


@pytest.mark.parametrize(
    ("colours", "is_dark"),
    [
        ((DARK, RED), True),
        ((DARK, GREY, GREY, GREY), False),
        ((RED,), False),
        ((LIGHT,), False),
        ((DARK, LIGHT), False),
        ((), False),
    ],
)
def test_it_is_the_drawing_that_counts(tmp_path: Path, colours: list[tuple[int, int, int]], is_dark: bool) -> None:
    assert judged(tmp_path, drawing(*colours)) is is_dark


@pytest.mark.parametrize("content", [b"", b"\x89PNG\r\n\x1a\n", b"GIF89a", png(colour=DARK), drawing(DARK)[:60]])
def test_no_transparent_drawing(tmp_path: Path, content: bytes) -> None:
    assert not judged(tmp_path, content)


def test_pillow_is_loaded_for_a_transparent_corner_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    logo, opaque = drawing(DARK), drawing(DARK, corner=255)
    for name in [name for name in sys.modules if name == "PIL" or name.startswith("PIL.")]:
        monkeypatch.delitem(sys.modules, name)
    assert not judged(tmp_path, opaque)
    assert not judged(tmp_path, png(colour=DARK), "plain.png")
    assert "PIL" not in sys.modules
    assert judged(tmp_path, logo, "other.png")
    assert "PIL" in sys.modules
