"""Small pictures of one paragraph, side by side."""

from __future__ import annotations

import re

import pytest

from newsletter_cli.render.blocks import HtmlBlock, ImageBlock, Layout, split_blocks
from newsletter_cli.render.picture_rows import GAP_PX, share_out
from newsletter_cli.render.places import Room
from tests.rendering import fragment

COLUMN = 604
SIZES = {"large.png": (400, 300), "haute.png": (300, 400), "petite.png": (120, 160), "photo.png": (2400, 1600)}
LAYOUT = Layout(room=Room(column_px=COLUMN, phone_px=248), sizes=SIZES, label_pattern="{label}: {value}")


def rows(markdown: str) -> list[list[tuple[str, int]]]:
    """The pictures of each row, with their widths."""
    found = [one.html for one in split_blocks(fragment(markdown), LAYOUT) if isinstance(one, HtmlBlock)]
    made = [part for markup in found for part in markup.split('<div class="row">')[1:]]
    return [
        [(src, int(width)) for src, width in re.findall(r'<img src="([^"]*)"[^>]*width="(\d+)"', row)] for row in made
    ]


@pytest.mark.parametrize(
    "markdown",
    [
        "![a](petite.png) ![b](petite.png)",
        "![a](petite.png)\n![b](petite.png)",
        "![a](petite.png)  \n![b](petite.png)",
        '<img src="petite.png" alt="a"> <img src="petite.png" alt="b">',
        "[![a](petite.png)](https://a.example/) ![b](petite.png)",
    ],
)
def test_two_small_pictures_stand_side_by_side_in_their_own_size(markdown: str) -> None:
    assert rows(markdown) == [[("petite.png", 120), ("petite.png", 120)]]


@pytest.mark.parametrize(
    "markdown",
    [
        "![a](petite.png)",
        "![a](petite.png)\n\n![b](petite.png)",
        "![a](photo.png) ![b](photo.png)",
        "![a](inconnue.png) ![b](inconnue.png)",
        "![a](petite.png) et ![b](petite.png)",
    ],
)
def test_no_row(markdown: str) -> None:
    assert rows(markdown) == []


def test_pictures_that_are_no_part_of_a_row_stay_images_of_their_own() -> None:
    kinds = [type(one) for one in split_blocks(fragment("![a](petite.png)\n![b](photo.png)\n![c](petite.png)"), LAYOUT)]
    assert kinds == [ImageBlock] * 3


def test_a_row_is_as_high_as_its_pictures_alike_and_as_wide_as_the_column() -> None:
    ((first, second, third),) = rows("![a](large.png) ![b](haute.png) ![c](large.png)")
    heights = [width * SIZES[src][1] / SIZES[src][0] for src, width in (first, second, third)]
    assert max(heights) - min(heights) < 2
    assert COLUMN - 6 < first[1] + second[1] + third[1] + 3 * GAP_PX <= COLUMN


def test_widths_that_were_typed_keep_their_proportion() -> None:
    ((first, second),) = rows('<img src="a.png" width="300"> <img src="b.png" width="600">')
    assert (first[1], second[1]) == (193, 386)


@pytest.mark.parametrize(("count", "shared"), [(2, [2]), (4, [4]), (5, [3, 2]), (6, [3, 3]), (9, [3, 3, 3])])
def test_more_than_four_are_several_rows_and_none_is_left_alone(count: int, shared: list[int]) -> None:
    assert share_out(count) == shared
    assert [len(row) for row in rows(" ".join(["![a](large.png)"] * count))] == shared


def test_outlook_gets_a_table_of_one_row() -> None:
    (block,) = split_blocks(fragment("![a](petite.png) ![b](petite.png)"), LAYOUT)
    assert isinstance(block, HtmlBlock)
    seen = "".join(re.findall(r"<!--\[if mso\]>(.*?)<!\[endif\]-->", block.html))
    assert seen.count('<td width="132"') == 2
    assert re.sub(r"<(\w+)[^>]*>", r"<\1>", seen) == "<table><tr><td></td><td></td></tr></table>"
    assert block.line == 1


def test_titles_are_captions_of_each() -> None:
    (block,) = split_blocks(fragment('![a](petite.png "Un") ![b](petite.png "Deux")'), LAYOUT)
    assert isinstance(block, HtmlBlock)
    assert re.findall(r'<br/><span class="caption">(\w+)</span></div>', block.html) == ["Un", "Deux"]
    assert "title=" not in block.html


def test_a_line_in_italics_is_the_caption_of_the_row() -> None:
    (block,) = split_blocks(fragment("![a](petite.png) ![b](petite.png)\n*Les deux*"), LAYOUT)
    assert isinstance(block, HtmlBlock)
    assert block.html.endswith('</div><p class="caption">Les deux</p>')


@pytest.mark.parametrize(
    ("markdown", "width"),
    [
        ("- ![d](https://a.example/d.png)", COLUMN - 24),
        ("- ![d](https://a.example/d.png)\n\n  texte", COLUMN - 24),
        ("| a | b |\n|---|---|\n| ![d](https://a.example/d.png) | texte |", COLUMN // 2 - 17),
        ("> [![d](https://a.example/d.png)](https://b.example/)", COLUMN - 36),
        ("Au milieu ![d](https://a.example/d.png) du texte", None),
    ],
)
def test_a_picture_of_unknown_size_is_as_wide_as_its_place_where_it_is_alone(markdown: str, width: int | None) -> None:
    (block,) = split_blocks(fragment(markdown), LAYOUT)
    assert isinstance(block, HtmlBlock)
    assert re.findall(r'<img[^>]*width="(\d+)"', block.html) == ([] if width is None else [str(width)])


def test_within_a_list_a_caption_stands_close_to_its_picture() -> None:
    (block,) = split_blocks(fragment('- un\n\n  ![d](photo.png)\n\n  *Légende*\n\n- ![d](photo.png "Titre")'), LAYOUT)
    assert isinstance(block, HtmlBlock)
    assert '<p class="pictured"><img' in block.html
    assert '<p class="caption">Titre</p>' in block.html
    (tight,) = split_blocks(fragment('- ![d](photo.png "Titre")'), LAYOUT)
    assert isinstance(tight, HtmlBlock)
    assert '<br/><span class="caption">Titre</span></li>' in tight.html
