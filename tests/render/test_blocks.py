from __future__ import annotations

import pytest

from newsletter_cli.render.blocks import Block, HtmlBlock, ImageBlock, Layout, split_blocks
from newsletter_cli.render.places import Room, shown_width
from tests.rendering import fragment

COLUMN = 604
SIZES = {"petite.png": (120, 80), "grande.png": (2400, 1600)}
LAYOUT = Layout(room=Room(column_px=COLUMN, phone_px=264), sizes=SIZES, label_pattern="{label} : {value}")


def blocks(markdown: str) -> list[Block]:
    return list(split_blocks(fragment(markdown), LAYOUT))


def outline(markdown: str) -> list[str]:
    """Each block in a word: the image's address, or the text."""
    return [
        f"[{block.src}]" if isinstance(block, ImageBlock) else block.html.replace("\n", " ").strip()
        for block in blocks(markdown)
    ]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("![a](a.png)", ["[a.png]"]),
        ("[![a](a.png)](https://b.example/)", ["[a.png]"]),
        ("![a](a.png)\n\n![b](b.png)", ["[a.png]", "[b.png]"]),
        ("![a](a.png) ![b](b.png)\n![c](c.png)", ["[a.png]", "[b.png]", "[c.png]"]),
        ("Texte.\n![a](a.png)", ["<p>Texte. </p>", "[a.png]"]),
        ("Texte.  \n![a](a.png)", ["<p>Texte.</p>", "[a.png]"]),
        ("![a](a.png)\nTexte.", ["[a.png]", "<p>Texte.</p>"]),
        ("Avant\n![a](a.png)\nAprès", ["<p>Avant </p>", "[a.png]", "<p>Après</p>"]),
        ("a\n\n![a](a.png)\n\nb\n\n- c", ["<p>a</p>", "[a.png]", "<p>b</p><ul> <li>c</li> </ul>"]),
        (
            '<figure><img src="a.png"><figcaption>Légende</figcaption></figure>',
            ["[a.png]", '<p class="caption">Légende</p>'],
        ),
        ('<p align="center"><img src="a.png"></p>', ["[a.png]"]),
        ('<img src="a.png"><br>\n<img src="b.png">', ["[a.png]", "[b.png]"]),
        ("", []),
    ],
)
def test_images_on_lines_of_their_own_are_blocks(markdown: str, expected: list[str]) -> None:
    assert outline(markdown) == expected


@pytest.mark.parametrize(
    "markdown",
    [
        "Au milieu ![a](a.png) du texte",
        "![a](a.png) suivi de texte",
        "**![a](a.png)**, dit-elle",
        "- ![a](a.png)",
        "> ![a](a.png)",
        "| ![a](a.png) |\n|---|",
        "# ![a](a.png)",
        "[![a](a.png) et du texte](https://b.example/)",
    ],
)
def test_an_image_within_text_stays_there(markdown: str) -> None:
    (block,) = blocks(markdown)
    assert isinstance(block, HtmlBlock)
    assert 'src="a.png"' in block.html


def test_an_image_block_says_all_of_the_image() -> None:
    (block, caption) = blocks('[![Une “dune”](grande.png "Le Pilat")](https://b.example/?a=1&b=2)')
    assert block == ImageBlock(
        src="grande.png", alt="Une “dune”", href="https://b.example/?a=1&b=2", is_captioned=True, width=None, line=1
    )
    assert caption == HtmlBlock('<p class="caption">Le Pilat</p>', line=1)


def test_blocks_know_their_lines() -> None:
    source = "a\n\nb\n\n![c](c.png)\n\n- d\n"
    assert [(block.kind, block.line) for block in blocks(source)] == [("html", 1), ("image", 5), ("html", 7)]


def test_a_line_number_made_up_by_raw_html_is_harmless() -> None:
    assert [block.line for block in blocks('<p data-line="²"><img src="a.png"></p>')] == [None]


@pytest.mark.parametrize(
    ("wanted", "size", "width"),
    [
        (None, None, None),
        (None, (120, 80), 120),
        (None, (2400, 1600), None),
        (None, (COLUMN, 80), None),
        (None, (0, 0), None),
        ("45%", None, 271),
        ("100%", (120, 80), None),
        ("150%", None, None),
        ("300", (2400, 1600), 300),
        ("300px", None, 300),
        (" 300 ", None, 300),
        ("2000", None, None),
        ("0", (120, 80), 120),
        ("auto", None, None),
        ("-5", None, None),
        ("12.5%", None, None),
        ("²", None, None),
        ("", (120, 80), 120),
    ],
)
def test_width(wanted: str | None, size: tuple[int, int] | None, width: int | None) -> None:
    assert shown_width(wanted, size, COLUMN) == width


def test_the_height_attribute_never_distorts_an_image() -> None:
    (lone,) = blocks('<img src="grande.png" width="45%" height="45%">')
    assert isinstance(lone, ImageBlock)
    assert lone.width == 271
    (inline,) = blocks('a <img src="grande.png" width="300" height="10"> b <img src="petite.png">')
    assert isinstance(inline, HtmlBlock)
    assert "height" not in inline.html
    assert 'width="300"' in inline.html
    assert 'width="120"' in inline.html


def test_an_inline_image_is_never_wider_than_the_column() -> None:
    (block,) = blocks("a ![b](grande.png)")
    assert isinstance(block, HtmlBlock)
    assert f'width="{COLUMN}"' in block.html


def test_no_word_or_image_is_lost() -> None:
    source = "un\n![](a.png)\ndeux ![](b.png) trois\n[![](c.png)](x)\n**quatre**\n<br>\n![](d.png)![](e.png)\ncinq\n"
    text = " ".join(outline(source))
    for word in ("un", "deux", "trois", "quatre", "cinq", "a.png", "b.png", "c.png", "d.png", "e.png"):
        assert text.count(word) == 1, word


@pytest.mark.parametrize(
    ("markdown", "width"),
    [
        ("- un\n\n  ![d](grande.png)", COLUMN - 24),
        ("- un\n  - deux ![d](grande.png)", COLUMN - 48),
        ("> ![d](grande.png)", COLUMN - 36),
        ("| a | b |\n|---|---|\n| ![d](grande.png) | texte |", COLUMN // 2 - 17),
        ("| a | b |\n|---|---|\n| ![d](petite.png) | texte |", 120),
        ('> un <img src="grande.png" width="50%">', (COLUMN - 36) // 2),
    ],
)
def test_a_picture_is_as_wide_as_its_place(markdown: str, width: int) -> None:
    found = [one for one in blocks(markdown) if isinstance(one, HtmlBlock)]
    assert f'width="{width}"' in "".join(one.html for one in found)
