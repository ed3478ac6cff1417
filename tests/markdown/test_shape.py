"""The shape every rendition relies on, seen from the Markdown that makes it."""

from __future__ import annotations

import pytest

from newsletter_cli.markdown.fragment import serialise
from tests.rendering import fragment


def shaped(markdown: str, **rules: object) -> str:
    return serialise(fragment(markdown, **rules)).replace("\n", "")


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("# A\n# B", "h3 h3"),
        ("# A\n## B\n### C", "h3 h4 h5"),
        ("### A\n# B\n### C", "h3 h3 h4"),
        ("# A\n\n#### B\n\n## C", "h3 h4 h4"),
        ("###### A", "h3"),
        ("# A\n## B\n### C\n#### D\n##### E\n###### F", "h3 h4 h5 h6 h6 h6"),
        ("<h1>A</h1><div><h4>B</h4></div>\n\nC\n---", "h3 h4 h4"),
        ("<details><summary>A</summary>\n\n# B\n\n</details>", "h3 h3"),
        ("> # A\n\n- ## B", "h3 h4"),
    ],
)
def test_headings_go_below_the_sections_own_without_a_jump(markdown: str, expected: str) -> None:
    found = [str(element.tag) for element in fragment(markdown).iter() if str(element.tag)[0] == "h"]
    assert " ".join(found) == expected


def test_the_top_level_is_the_callers() -> None:
    assert shaped("# A\n\n## B", top_heading=2) == "<h2>A</h2><h3>B</h3>"


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("# A {#ancre}", "A"),
        ("# A {#ancre .classe cle=1}", "A"),
        ("# A {.classe}", "A"),
        ("# **A** {#b}", "A"),
        ("# A {b}", "A {b}"),
        ("# A {{ b }}", "A {{ b }}"),
        ("# {#a} B", "{#a} B"),
        ("# `A {#b}`", "A {#b}"),
    ],
)
def test_the_attributes_of_a_heading_are_not_shown(heading: str, expected: str) -> None:
    assert "".join(fragment(heading).itertext()).strip() == expected


CARD = '<a href="https://a.example/"><h3>Titre</h3><p>Texte</p></a>'


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("<div>a</div>", "<p>a</p>"),
        ("<div>a<p>b</p>c</div>", "<p>a</p><p>b</p><p>c</p>"),
        ("<div><div><section>a</section></div></div>", "<p>a</p>"),
        ("<div></div><p></p><div> </div>", ""),
        ("<center>\n\na\n\n</center>", "<p>a</p>"),
        ('<div align="center">\n\na\n\nb\n\n</div>', '<p align="center">a</p><p align="center">b</p>'),
        ("<details><summary>Plus</summary>\n\na\n\n</details>", "<h3>Plus</h3><p>a</p>"),
        ('<figure><img src="i.png" alt="x"><figcaption>Légende</figcaption></figure>',
         '<p><img src="i.png" alt="x"/></p><p class="caption">Légende</p>'),
        ("<li>a<li>b", "<p>a</p><p>b</p>"),
        ("<dt>a<dd>b", "<p>a</p><p>b</p>"),
        ("<td>a</td><td>b", "<p>ab</p>"),
        ("<ul><div><li>a</li></div></ul>", "<ul><li>a</li></ul>"),
        ("<b>a<p>b</p>c</b>", "<p><b>a</b></p><p><b>b</b></p><p><b>c</b></p>"),
        ("<b><ul><li>a</li></ul></b>", "<ul><li><b>a</b></li></ul>"),
        (CARD, '<h3><a href="https://a.example/">Titre</a></h3><p><a href="https://a.example/">Texte</a></p>'),
        ("<h3><div>a</div><div>b</div></h3>", "<h3>a b </h3>"),
        ("<h3><p>a</p><p>b</p></h3>", "<p>a</p><p>b</p>"),
        ("#\n\n# <br>\n\na", "<p>a</p>"),
        ("<br>\n\na<br>b", "<p>a<br/>b</p>"),
        ("<span></span>", ""),
        ("<p><a name='haut'></a>a <a>b</a></p>", "<p>a b</p>"),
        ("a\n\n<b>b</b> c", "<p>a</p><p><b>b</b> c</p>"),
    ],
)  # fmt: skip
def test_containers_and_misplaced_blocks_dissolve_into_paragraphs(markdown: str, expected: str) -> None:
    assert shaped(markdown) == expected


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ('<iframe src="https://v.example/1"></iframe>', '<p><a href="https://v.example/1">Voir</a></p>'),
        ('<iframe src="https://v.example/1" title="Le film">x</iframe>',
         '<p><a href="https://v.example/1">Le film</a></p>'),
        ('a <iframe src="https://v.example/1"></iframe> b',
         '<p>a <span><a href="https://v.example/1">Voir</a></span> b</p>'),
        ('<video><source src="https://v.example/1.webm"><source src="2.mp4"></video>',
         '<p><span><a href="https://v.example/1.webm">Voir</a></span></p>'),
        ('<audio src="https://v.example/1.mp3">Sans le son</audio>',
         '<p><span>Sans le son<a href="https://v.example/1.mp3">Voir</a></span></p>'),
        ('<object data="https://v.example/1.pdf"></object>', '<p><span><a href="https://v.example/1.pdf">Voir</a></span></p>'),
        ('<embed src="https://v.example/1.swf">', '<p><a href="https://v.example/1.swf">Voir</a></p>'),
        ('<video><source src="1.webm">Sans <b>film</b></video>',
         '<p><span>Sans <b>film</b><a href="https://b.example/lettre/1.webm">Voir</a></span></p>'),
        ("<source src=a>b<wbr>c", "<p>bc</p>"),
        ("<iframe></iframe>", ""),
        ('<div><iframe src="/v"></iframe></div>', '<p><a href="https://b.example/v">Voir</a></p>'),
        ('<a href="https://a.example/">x <embed src="https://v.example/1"></a>',
         '<p><a href="https://a.example/">x </a><span><a href="https://v.example/1">Voir</a></span></p>'),
    ],
)  # fmt: skip
def test_a_link_stands_in_for_what_cannot_play(markdown: str, expected: str) -> None:
    assert shaped(markdown, embedded="Voir", base_url="https://b.example/lettre/") == expected


def test_header_cells_say_what_they_head_and_alignment_is_an_attribute() -> None:
    table = fragment("| a | b |\n|:-:|--:|\n| 1 | 2 |\n")
    assert [(cell.get("scope"), cell.get("align")) for cell in table.iter("th")] == [
        ("col", "center"),
        ("col", "right"),
    ]
    assert [(cell.get("scope"), cell.get("align")) for cell in table.iter("td")] == [(None, "center"), (None, "right")]
    row = fragment("<table><tr><th scope=row style='text-align:LEFT'>a</th><td>1</td></tr></table>")
    assert [(cell.get("scope"), cell.get("align")) for cell in row.iter("th")] == [("row", "left")]


@pytest.mark.parametrize(
    ("markup", "alt"),
    [
        ("<img src=i.png>", ""),
        ('<img src="i.png" alt="“”">', ""),
        ('<img src="i.png" alt="« »">', ""),
        ('<img src="i.png" alt="deux\nlignes">', "deux lignes"),
        ("![l’*été* `1`](i.png)", "l’été 1"),
        ('<img src="i.png" alt="dit “oui”">', "dit “oui”"),
    ],
)
def test_every_image_has_an_alt(markup: str, alt: str) -> None:
    (image,) = fragment(markup).iter("img")
    assert image.get("alt") == alt


def test_an_image_without_an_address_is_none() -> None:
    assert shaped("a <img alt='x'> b ![y](<>) c") == "<p>a  b  c</p>"
