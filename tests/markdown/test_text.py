from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from newsletter_cli.markdown.text import InlineLinks, References, render_text, strip_markup
from newsletter_cli.markdown.text_wrap import display_width, wrap
from tests.examples import examples
from tests.growth import grows_with_the_text

NBSP, NARROW = "\u00a0", "\u202f"


def tree(markup: str) -> etree._Element:
    return etree.fromstring(f"<div>{markup}</div>")


def text(markup: str, width: int = 76) -> str:
    return render_text(tree(markup), width=width, references=References())


GOLDEN = {
    "paragraphs": ("<p>Un.</p><p>Deux<br/>trois  \n quatre</p>", "Un.\n\nDeux\ntrois quatre"),
    "heading underlined": ("<h3>Au programme</h3><p>x</p>", "Au programme\n------------\n\nx"),
    "short heading is no signature": ("<h3>IA</h3><p>x</p>", "IA\n---\n\nx"),
    "low heading set off": ("<p>a</p><h5>Titre</h5><p>b</p>", "a\n\nTitre\n\nb"),
    "tight list": ("<p>a</p><ul><li>un</li><li>deux</li></ul><p>b</p>", "a\n\n- un\n- deux\n\nb"),
    "loose list": ("<ul><li><p>un</p><p>bis</p></li><li><p>deux</p></li></ul>", "- un\n\n  bis\n\n- deux"),
    "nested list": (
        "<ul><li>un<ul><li>a</li><li>b</li></ul></li><li>deux</li></ul>",
        "- un\n  - a\n  - b\n- deux",
    ),
    "ordered list": ('<ol start="9"><li>neuf</li><li>dix</li></ol>', "9. neuf\n10. dix"),
    "task list": ("<ul><li>[x] fait</li><li>[ ] non</li></ul>", "- [x] fait\n- [ ] non"),
    "empty item": ("<ol><li></li><li>b</li></ol>", "1.\n2. b"),
    "quote": (
        "<blockquote><p>a</p><p>b</p><ul><li>c</li></ul></blockquote><p>d</p>",
        "> a\n>\n> b\n>\n> - c\n\nd",
    ),
    "quote in an item": ("<ul><li><blockquote><p>a</p></blockquote></li></ul>", "- > a"),
    "code": (
        "<p>a</p><pre><code>if x:\n\n\ty = 1\n</code></pre><p>b</p>",
        "a\n\n    if x:\n\n        y = 1\n\nb",
    ),
    "code in line": ("<p>la clé <code>a  b</code>.</p>", "la clé a b."),
    "emphasis": ("<p><strong>a</strong> <em>b</em> <del>c</del></p>", "a b ~~c~~"),
    "rule": ("<p>a</p><hr/><p>b</p>", "a\n\n" + "-" * 40 + "\n\nb"),
    "definition list": (
        "<dl><dt>IA</dt><dd>une</dd><dd>deux</dd><dt>ML</dt><dd>trois</dd></dl>",
        "IA\n    une\n    deux\n\nML\n    trois",
    ),
    "ordinal": ("<p>1<sup>er</sup> mai</p>", "1er mai"),
    "power": ("<p>10<sup>6</sup> lignes</p>", "10^6 lignes"),
    "note": ("<p>Fait<sup>[2]</sup>.</p>", "Fait (note 2)."),
    "linked note": ('<p>Fait<sup><a href="#fn2">[2]</a></sup>.</p>', "Fait (note 2)."),
    "note's way back": ('<ol><li><p>Une <a href="#fnref1">\u21a9\ufe0e</a></p></li></ol>', "1. Une"),
    "link": ('<p>Voir <a href="https://a.example/x">le cours</a>.</p>', "Voir le cours [1]."),
    "link inside a word": ('<p>les <a href="https://a.example">projet</a>s !</p>', "les projets [1] !"),
    "link with a space at its end": ('<p><a href="https://a.example">le cours </a>ici</p>', "le cours [1] ici"),
    "same link twice": (
        '<p><a href="https://a.example">a</a> <a href="https://b.example">b</a> <a href="https://a.example">c</a></p>',
        "a [1] b [2] c [1]",
    ),
    "bare URL": ('<p><a href="https://a.example/">https://a.example/</a></p>', "https://a.example/"),
    "URL without scheme": ('<p><a href="https://www.insee.fr/">www.insee.fr</a></p>', "https://www.insee.fr/"),
    "other URL as text": (
        '<p><a href="https://a.example/">https://b.example/</a></p>',
        "https://b.example/ [1]",
    ),
    "mail address": ('<p><a href="mailto:a@b.example">a@b.example</a></p>', "a@b.example"),
    "mail address named": ('<p><a href="mailto:a@b.example">nous</a></p>', "nous [1]"),
    "link without text": ('<p>a<a href="https://a.example/"/>.</p>', "a [1]."),
    "anchor": ('<p><a href="#haut">haut</a></p>', "haut"),
    "image": ('<p><img src="https://a.example/i.png" alt="Le stand"/></p>', "[Image: Le stand] [1]"),
    "image without alt": ('<p>a<img src="https://a.example/i.png" alt=""/>b</p>', "a [Image] [1] b"),
    "image that links to itself": (
        '<p><a href="https://a.example/i.png"><img src="https://a.example/i.png" alt="x"/></a></p>',
        "[Image: x] [1]",
    ),
    "image that links elsewhere": (
        '<p><a href="https://b.example"><img src="https://a.example/i.png" alt="x"/></a></p>',
        "[Image: x] [1] [2]",
    ),
    "table": (
        "<table><thead><tr><th>Projet</th><th style='text-align:right'>Nb</th></tr></thead>"
        "<tbody><tr><td>OCR</td><td style='text-align:right'>3</td></tr><tr><td>é</td><td/></tr></tbody></table>",
        "Projet   Nb\n------  ---\nOCR       3\né",
    ),
    "comment": ("<p>a<!-- caché -->b</p><!-- x --><p>c</p>", "ab\n\nc"),
    "loose text": ("avant<p>a</p>après", "avant\n\na\n\naprès"),
    "braces": ("<p>{{ var }} {% if %} {0}</p>", "{{ var }} {% if %} {0}"),
    "script": ("<p>a</p><script>x()</script><style>y</style>", "a"),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_golden(name: str) -> None:
    markup, expected = GOLDEN[name]
    assert text(markup) == expected


def test_wide_table_becomes_records() -> None:
    long = "mot " * 20
    table = f"<tr><th>Projet</th><th>But</th></tr><tr><td>OCR</td><td>{long}</td></tr><tr><td>B</td><td>c</td></tr>"
    result = text(f"<table>{table}</table>")
    assert result.startswith("Projet: OCR\nBut: mot mot")
    assert result.endswith("\n\nProjet: B\nBut: c")
    assert "\n  mot" in result
    assert max(map(len, result.split("\n"))) <= 76


def test_cell_with_blocks_loses_nothing() -> None:
    cell = "<td>a<br/>b<ul><li>c</li><li>d</li></ul><table><tr><td>e</td><td>f</td></tr></table></td>"
    words = text(f"<table><tr>{cell}<td>g</td></tr></table>").split()
    assert [word for word in words if word != "-"] == list("abcdefg")


def test_patterns_are_the_newsletters() -> None:
    table = "<table><tr><th>A</th><th>B</th></tr><tr><td>1<br/>2</td><td>3</td></tr></table>"
    result = render_text(
        tree(f'<p><img src="https://a.example" alt="{{x}}"/><sup>[1]</sup></p>{table}'),
        references=References(),
        label_pattern="{label} = {value}",
        image_pattern="<{alt}>",
        note_pattern="n° {number}",
    )
    assert result == "<{x}> [1] n° 1\n\nA = 1\n  2\nB = 3"


def test_reference_numbers_go_on_from_section_to_section() -> None:
    references = References()
    first = '<p><a href="https://a.example">a</a> <a href="https://b.example">b</a></p>'
    second = '<p><a href="https://c.example">c</a> <a href="https://a.example">a</a></p>'
    assert render_text(tree(first), references=references) == "a [1] b [2]"
    assert references.take() == [(1, "https://a.example"), (2, "https://b.example")]
    assert render_text(tree(second), references=references) == "c [3] a [1]"
    assert references.take() == [(1, "https://a.example"), (3, "https://c.example")]
    assert references.take() == []


def test_wraps_by_columns_and_never_at_a_non_breaking_space() -> None:
    assert text(f"<p>aaaa bbbb{NBSP}cccc dd{NARROW}ee</p>", width=10) == f"aaaa\nbbbb{NBSP}cccc\ndd{NARROW}ee"
    assert text("<p>aaaa bbbb : cc</p>", width=9) == "aaaa\nbbbb : cc"
    assert text("<p>aaa bbb « cccc » d</p>", width=9) == "aaa bbb\n« cccc »\nd"
    assert [display_width(line) for line in wrap("日本語の文章、です。" * 3, 11)] == [10, 10, 10, 10, 10, 10]
    assert not any(line.startswith(("、", "。")) for line in wrap("日本語の文章、です。" * 3, 11))
    assert wrap("👩🏽‍💻👍🏽👍🏽", 3) == ["👩🏽‍💻👍🏽👍🏽"]  # an emoji is never torn from its modifier


def test_url_is_never_broken() -> None:
    url = "https://a.example/" + "un-tres-long-chemin/" * 10
    lines = text(f'<p>Voir ici : <a href="{url}">{url}</a>, bonne lecture à toutes.</p>').split("\n")
    assert lines == ["Voir ici :", url + ",", "bonne lecture à toutes."]
    assert wrap("https://a.example/" + "日本" * 9, 20) == ["https://a.example/" + "日本" * 9]


def test_right_to_left_text_stays_as_it_is() -> None:
    arabic = "مرحبا بكم في النشرة"
    assert text(f"<p>{arabic}</p>") == arabic


@pytest.mark.parametrize(
    ("markup", "shown"),
    [
        ('<a href="https://a.example/x">a.example</a>/dune/haute, oui', "a.example/dune/haute [1], oui"),
        ('<a href="https://a.example/x">a.example/dune</a>?p=2.', "a.example/dune?p=2 [1]."),
        ('<a href="https://a.example/x">un</a>/<a href="https://b.example/">deux</a>', "un [1]/deux [2]"),
        ('<a href="https://a.example/%C3%A9t%C3%A9">https://a.example/été</a>', "https://a.example/%C3%A9t%C3%A9"),
        ('<a href="mailto:a@b.example?subject=Un%20mot">a@b.example</a>', "a@b.example"),
        ('<s>lundi</s> <a href="https://a.example/">mar</a>di', "~~lundi~~ mardi [1]"),
    ],
)
def test_numbers_stand_behind_addresses_and_struck_words_are_seen(markup: str, shown: str) -> None:
    assert text(f"<p>{markup}</p>") == shown


def test_the_subject_of_a_mail_is_not_in_the_list_of_links() -> None:
    references = References()
    render_text(tree('<p><a href="mailto:a@b.example?subject=Un%20mot">Écrivez</a></p>'), references=references)
    assert references.take() == [(1, "mailto:a@b.example")]


def test_strip_markup() -> None:
    markdown = "**Gras**, [un lien](https://a.example/x) &amp; `code` <b>b</b>\nsuite\n\n- a\n- b\n\n<script>x</script>"
    assert strip_markup(markdown) == "Gras, un lien (https://a.example/x) & code b suite\n\n- a\n- b"
    assert strip_markup("<https://a.example/>") == "https://a.example/"
    assert strip_markup("") == ""
    assert strip_markup("Fait[^1], [x]") == "Fait, [x]"
    assert InlineLinks().take() == []


# Whatever the tree

WORDS = st.text(
    st.sampled_from("abcdeéàœ日本مرح'’.,;:!?()«»%[]<>&{}#*_-=0123456789" + NBSP + NARROW), min_size=1, max_size=12
)
URLS = st.integers(0, 40).map(lambda number: f"https://a.example/chemin-{number}/")
BLOCKS = ["p", "h2", "h3", "h5", "ul", "ol", "blockquote", "pre", "table", "dl", "div", "section"]
INLINE = ["a", "img", "strong", "em", "del", "code", "sup", "br", "span"]


@st.composite
def fill(draw: st.DrawFn, parent: etree._Element, depth: int) -> None:
    """Gives `parent` a random content, well or badly nested."""
    parent.text = draw(st.one_of(st.none(), st.lists(WORDS, max_size=12).map(" ".join)))
    if depth == 0:
        return
    for _ in range(draw(st.integers(0, 3))):
        name = draw(st.sampled_from(BLOCKS + INLINE))
        child = etree.SubElement(parent, name)
        child.tail = draw(st.one_of(st.none(), st.just("\n"), WORDS))
        if name == "a":
            child.set("href", draw(URLS))
        if name in {"br", "img"}:
            if name == "img":
                child.set("src", draw(URLS))
                child.set("alt", draw(WORDS))
            continue
        nested = {"ul": ["li"], "ol": ["li"], "table": ["tr", "td"], "dl": ["dd"]}.get(name, [])
        inner = child
        for tag in nested:
            inner = etree.SubElement(inner, tag)
        draw(fill(inner, depth - 1))


@st.composite
def trees(draw: st.DrawFn) -> etree._Element:
    root = etree.Element("div")
    draw(fill(root, 3))
    return root


def own_words(root: etree._Element) -> list[str]:
    """Runs of letters of each text and alt; ideographs and letters are runs of their own."""
    values = [value for element in root.iter() for value in (element.text, element.tail, element.get("alt")) if value]
    return [word for value in values for word in re.findall(r"[^\W\d_\u2e80-\U0003ffff]+|[\u2e80-\U0003ffff]+", value)]


@examples(25)
@given(trees(), st.sampled_from([40, 76]))
def test_no_word_and_no_link_is_lost(root: etree._Element, width: int) -> None:
    references = References()
    result = render_text(root, width=width, references=references)
    listed = {url for _number, url in references.take()}
    for element in root.iter("a", "img"):
        url = element.get("href") or element.get("src") or ""
        assert url in listed or url in result
    condensed = re.sub(r"(?m)^[> ]+|\s", "", result)  # ideographs may stand on two lines of a quote
    for word in own_words(root):
        assert word in condensed


@examples(25)
@given(trees(), st.sampled_from([40, 76]))
def test_lines_are_clean_and_narrow(root: etree._Element, width: int) -> None:
    for element in list(root.iter("pre", "table")):
        element.tag = "div"
    result = render_text(root, width=width, references=References())
    assert result == render_text(root, width=width, references=References())
    assert not result.startswith("\n")
    assert not result.endswith("\n")
    assert "\n\n\n" not in result
    for line in result.split("\n"):
        assert line == line.rstrip(" ")
        assert line not in {"--", "-- "}
        assert not set(line) & set("\x00\x01\x02\r\t")
        # A single word, with the marks before it and the one after it, may be wider.
        assert display_width(line) <= width or len(re.findall(r"[^ ]{2,}", line)) <= 3


SPACIOUS: dict[str, Callable[[int], str]] = {
    "paragraphs": lambda size: ("<p>" + "Des mots de toutes sortes, é à œ, " * 30 + "</p>") * size,
    "links": lambda size: "".join(f'<p>Voir <a href="https://a.example/{n}">le lien {n}</a>.</p>' for n in range(size)),
    "one paragraph": lambda size: "<p>" + "mot <em>mot</em> " * size * 40 + "</p>",
}


@pytest.mark.parametrize("name", SPACIOUS)
def test_much_text_takes_time_as_it_is_long(name: str) -> None:
    def render(text: str) -> str:
        return render_text(tree(text), references=References())

    assert grows_with_the_text(render, SPACIOUS[name], 100)


def test_the_two_thousandth_link_has_its_number() -> None:
    links = "".join(f'<p>Voir <a href="https://a.example/{n}">le lien {n}</a>.</p>' for n in range(2000))
    assert "le lien 1999 [2000]." in render_text(tree(links), references=References())


@pytest.mark.parametrize("name", ["blockquote", "ul", "ol", "div", "em", "a"])
def test_two_hundred_levels_deep(name: str) -> None:
    inner = "li" if name in {"ul", "ol"} else None
    root = etree.Element("div")
    element = root
    for level in range(200):
        element = etree.SubElement(element, name)
        if inner:
            element = etree.SubElement(element, inner)
        element.text = f"n{level} "
    result = render_text(root, references=References())
    assert all(re.search(rf"\bn{level}\b", result) for level in range(200))
    assert max(map(len, result.split("\n"))) <= 80
