"""A paragraph that is one bold link is a button."""

from __future__ import annotations

import pytest

from newsletter_cli.render.blocks import ButtonBlock, Layout, split_blocks
from newsletter_cli.render.places import Room
from tests.render.dressing.test_dress import page_of
from tests.rendering import fragment, make_issue, post_of, text_of_email, theme_of

LAYOUT = Layout(room=Room(column_px=600, phone_px=280), sizes={}, label_pattern="{label}: {value}")
TO = "(https://example.org/june)"
LONG = "The tables of the tides of the year and of the next, with all their moons"


def kinds(markdown: str) -> list[str]:
    return [one.kind for one in split_blocks(fragment(markdown), LAYOUT)]


@pytest.mark.parametrize(
    "markdown",
    [
        f"**[Register]{TO}**",
        f"[**Register**]{TO}",
        f"***[Register]{TO}***",
        f"[Register]{TO}{{.button}}",
        f"[Register]{TO}{{: .btn .btn-primary}}",
        '<a class="button" href="https://example.org/june">Register</a>',
        "**[Register][june]**\n\n[june]: https://example.org/june",
    ],
)
def test_a_bold_link_alone_is_one(markdown: str) -> None:
    (block,) = split_blocks(fragment(markdown), LAYOUT)
    assert isinstance(block, ButtonBlock)
    assert (block.url, block.label, block.line) == ("https://example.org/june", "Register", 1)
    assert "class=" not in block.html


@pytest.mark.parametrize(
    "markdown",
    [
        f"[Register]{TO}",
        f"**[Register]{TO}** now",
        f"**[Register]{TO}** **[again]{TO}**",
        f"- **[Register]{TO}**",
        f"> **[Register]{TO}**",
        f"| **[Register]{TO}** |\n|---|",
        f"**[{LONG}]{TO}**",
        "**https://example.org/june**",
        f"**[![A gauge](a.png)]{TO}**",
        f"### **[Register]{TO}**",
        "**[Register]()**",
        f"[now]{{.button}} [Register]{TO}",
    ],
)
def test_others_stay_links(markdown: str) -> None:
    assert "button" not in kinds(markdown)


def test_it_is_a_table_with_one_cell_and_its_neighbours_stay() -> None:
    body = page_of(f"Before.\n\n**[Register & come]{TO}**\n\nBehind [it]{TO}{{.button}}.").body
    (link,) = body.xpath("//table[@class='button']/tr/td/a")
    assert (link.text, link.get("href")) == ("Register & come", "https://example.org/june")
    assert "padding" in link.get("style")
    assert "mso-padding-alt" in link.getparent().get("style")
    assert body.xpath("//p//a[@class]") == []


def test_a_theme_without_buttons_shows_the_link() -> None:
    blocks = theme_of().files["blocks.mjml.j2"].replace('block.kind == "button"', "false")
    body = page_of(f"**[Register]{TO}**", blocks_mjml_j2=blocks).body
    assert [one.text for one in body.xpath("//p/strong/a")] == ["Register"]


def test_text_and_post_have_the_link() -> None:
    issue = make_issue(f"**[Register]{TO}**")
    assert "Register [1]" in text_of_email(issue)
    assert f"**[Register]{TO}**" in post_of(issue)


def test_its_words_keep_their_blanks_and_its_place_is_kept() -> None:
    (block,) = split_blocks(
        fragment('<p align="center"><b><a href="https://example.org/june">Venir\u202f! Et\nvite</a></b></p>'),
        LAYOUT,
    )
    assert isinstance(block, ButtonBlock)
    assert (block.label, block.align) == ("Venir\u202f! Et vite", "center")
