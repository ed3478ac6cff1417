from __future__ import annotations

import pytest

from newsletter_cli.markdown.fragment import serialise_content
from newsletter_cli.markdown.text import References, render_text
from tests.rendering import fragment

CAPTION = '<p class="caption">Le <a href="https://a.example/">Pilat</a></p>'
PICTURE = '<p><img src="a.png" alt="a"/></p>'
LINKED = "Le [Pilat](https://a.example/)"


def shaped(markdown: str) -> str:
    return serialise_content(fragment(markdown)).replace("\n", "")


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        (f"![a](a.png)\n\n*{LINKED}*", PICTURE + CAPTION),
        (f"![a](a.png)\n\n_{LINKED}_", PICTURE + CAPTION),
        (f"![a](a.png)\n*{LINKED}*", PICTURE + CAPTION),
        (f"![a](a.png)  \n*{LINKED}*", PICTURE + CAPTION),
        ('![a](a.png "Le Pilat")', PICTURE + '<p class="caption">Le Pilat</p>'),
        ('<figure><img src="a.png" alt="a"><figcaption>Le Pilat</figcaption></figure>',
         PICTURE + '<p class="caption">Le Pilat</p>'),
        ('<figure><figcaption><p>Le Pilat</p></figcaption><img src="a.png" alt="a"></figure>',
         PICTURE + '<p class="caption">Le Pilat</p>'),
    ],
)  # fmt: skip
def test_a_caption_is_a_paragraph_of_its_own_behind_the_picture(markdown: str, expected: str) -> None:
    assert shaped(markdown) == expected


@pytest.mark.parametrize(
    "markdown",
    [
        "Voir ![a](a.png)\n\n*Une phrase.*",
        "![a](a.png) et du texte\n\n*Une phrase.*",
        "*Une phrase.*\n\n![a](a.png)",
        "![a](a.png)\n\n*Une phrase* et la suite.",
        "![a](a.png)\n\n**Une phrase.**",
        "![a](a.png)\n\nUne phrase.",
        "![a](a.png)\n\nUn mot.\n\n*Une phrase.*",
        "![a](a.png) *Une phrase.*",
        "![a](a.png)\n\n*" + "Une très longue phrase. " * 6 + "Fin.*",
        "![a](a.png)\n\n*Une introduction en italique\nqui tient sur deux lignes.*",
        'Au milieu ![a](a.png "un titre") de la phrase',
    ],
)
def test_what_is_no_caption_stays_a_text(markdown: str) -> None:
    assert "caption" not in shaped(markdown)
    assert "titled" not in shaped(markdown)


def test_a_title_beside_a_caption_stays_a_title() -> None:
    assert shaped('![a](a.png "Le titre")\n\n*La légende*') == (
        '<p><img src="a.png" alt="a" title="Le titre"/></p><p class="caption">La légende</p>'
    )


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("Un\n\n![a](a.png)\n\n*Le Pilat*\n\nDeux", "Un\n\n[Image: a] [1]\nLe Pilat\n\nDeux"),
        ('![a](a.png "Un") ![b](b.png "Deux")', "[Image: a] [1]\nUn\n[Image: b] [2]\nDeux"),
        ('- ![a](a.png "Un")', "- [Image: a] [1]\n  Un"),
        ('Voir ![a](a.png "Un") ici', "Voir [Image: a] [1] ici"),
    ],
)
def test_the_text_says_captions_right_below_their_pictures(markdown: str, expected: str) -> None:
    assert render_text(fragment(markdown), references=References()) == expected
