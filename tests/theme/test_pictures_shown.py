"""Pictures on screens of any width: in rows, in lists, with captions, dark on a transparent ground. Needs Chromium."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.base.values import replace
from newsletter_cli.render.email import render_email
from tests.pictures import png
from tests.rendering import compose, make_issue, parts_of
from tests.theme.browser import measure

pytestmark = pytest.mark.needs("chromium")

SIZES = {"large.png": (400, 300), "petite.png": (110, 150), "photo.png": (2400, 1600), "haute.png": (500, 3000)}
ADDRESS = "https://gazette.example/lettres/7/"
SOURCE = """\
![un](large.png) ![deux](large.png) ![trois](large.png)

![quatre](petite.png) ![cinq](petite.png)

- dans une liste

  ![six](photo.png "Une légende")

| a | b |
|---|---|
| ![sept](photo.png) | texte |

> ![huit](photo.png)

![neuf](haute.png)

Au milieu ![dix](petite.png) de la phrase
"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("pictures")
    for name, (width, height) in SIZES.items():
        (folder / name).write_bytes(png(width, height))
    known = {ADDRESS + name: size for name, size in SIZES.items()}
    parts = replace(parts_of(sizes=known), plates=frozenset((ADDRESS + "petite.png",)))
    made = render_email(compose(make_issue(SOURCE)), parts)
    return made.replace(f'src="{ADDRESS}', f'src="{folder.as_uri()}/')


def shown(page: str, folder: Path, *widths: int, **how: bool) -> list[dict[str, dict[str, Any]]]:
    """The pictures by their alternative, in a window of each of these widths."""
    all_found = measure(
        {str(width): page for width in widths}, folder, width={str(width): width for width in widths}, **how
    )
    made = []
    for width in widths:
        found = all_found[str(width)]
        assert found["scroll"] == width
        made.append({image["text"]: image for image in found["images"]})
        for image in made[-1].values():
            assert image["left"] >= 0, image
            assert image["right"] <= width, image
    return made


def widths(images: dict[str, dict[str, Any]], *names: str) -> list[int]:
    return [round(images[name]["right"] - images[name]["left"]) for name in names]


def test_a_row_stacks_on_a_phone_and_small_pictures_stay_beside_each_other(page: str, tmp_path: Path) -> None:
    wide, narrow = shown(page, tmp_path, 700, 375)
    assert widths(wide, "un", "deux", "trois") == [189] * 3
    assert wide["un"]["right"] < wide["deux"]["left"] < wide["trois"]["left"]
    assert len({narrow[name]["left"] for name in ("un", "deux", "trois")}) == 1
    assert widths(narrow, "un") == widths(narrow, "neuf")
    assert widths(narrow, "quatre", "cinq") == [110, 110]
    assert narrow["quatre"]["right"] < narrow["cinq"]["left"]


def test_without_styles_no_picture_is_beyond_the_edge(page: str, tmp_path: Path) -> None:
    shown(re.sub("<style.*?</style>", "", page, flags=re.DOTALL), tmp_path, 320, 600)


def test_plates_are_light_in_the_dark_and_so_read_their_alternatives(page: str, tmp_path: Path) -> None:
    [dark] = shown(page, tmp_path, 700, is_dark=True, has_images=False)
    assert [dark[name]["paper"] for name in ("quatre", "dix")] == [[255, 255, 255]] * 2
    assert max(dark["quatre"]["ink"]) < 60
    assert max(dark["un"]["paper"]) < 60
    assert min(dark["un"]["ink"]) > 200
