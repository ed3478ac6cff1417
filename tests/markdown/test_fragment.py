from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree, html

from newsletter_cli.markdown.fragment import FragmentRules, build_fragment, serialise, serialise_content, text_of
from newsletter_cli.markdown.parse import Part, parse_document
from tests.examples import examples
from tests.rendering import fragment
from tests.samples import sample

BASE = "https://sable.example/lettres/7/"

# What follows swallows no word, as browsers understand it.
TAGS = """
<div>¦</div>¦<p>¦</p>¦<p align="center">¦<section>¦<center>¦</center>¦<article>¦<figure>¦<figcaption>¦<details>¦
<summary>¦</summary>¦</details>¦<b>¦</b>¦<i>¦</i>¦<span style="color:red">¦</span>¦<font size=7>¦<u onclick=x()>¦<mark>¦
<noscript>¦<blockquote>¦</blockquote>¦<ul>¦</ul>¦<ol>¦<li>¦</li>¦<dl>¦<dt>¦<dd>¦</dl>¦<h1>¦</h1>¦<h4>¦</h4>¦<br>¦<hr>¦
<a href="https://b.example/">¦<a href="javascript:x()">¦<a name=x>¦</a>¦<td>¦<th>¦</td>¦</tr>¦<form action=/x>¦</form>¦
<button>¦<label>¦<input value=v>¦<img src="i.png" alt= “” width="45%">¦<img src=x onerror=y()>¦![](i.png)¦<object>¦
![](data:image/png;base64,AA==)¦<iframe src="https://v.example/1"></iframe>¦<video src="v.mp4"></video>¦<wbr>¦<nl:x>¦
<script>x()</script>¦<style>p{}</style>¦<!-- note -->¦<svg></svg>¦<p data-line="²">¦<div data-line=9>¦<embed src=e.swf>
"""
INNOCENT = [
    *TAGS.strip().replace("¦\n", "¦").split("¦"),
    *("**", "*", "_", "[l](/page)", "[l](javascript:x)", "# ", "## ", "#### ", "- ", "1. ", "> ", "    ", "|"),
    *("&#31;", "&#0;", "&nbsp;", "{{ v }}", "{% if x %}", "a < b", "<", "&", "]]>", "\\", "\n", "\n\n", "\r\n"),
    *("\x00", "\x0b", "\x1f", "\x7f", "\u00a0", "\u2028", "\ufffe"),
]
BLOCKS = {"p", "ul", "ol", "dl", "table", "blockquote", "pre", "hr", "h3", "h4", "h5", "h6"}
WORD = re.compile(r"mot\d+")


@st.composite
def hostile_markdown(draw: st.DrawFn) -> str:
    """Words `mot0 mot1 …` between bits of markup of every kind."""
    bits = draw(st.lists(st.sampled_from(INNOCENT), max_size=14))
    return "".join(f"{bit} mot{index} " if draw(st.booleans()) else bit for index, bit in enumerate(bits))


def as_xml(markup: str) -> etree._Element:
    """Markup read by a parser that forgives nothing."""
    return etree.fromstring(f"<x>{markup}</x>", etree.XMLParser(huge_tree=True, resolve_entities=False))


@examples(50)
@given(hostile_markdown())
@example("mot1 &#31; mot2")
@example("### mot1\n# mot2")
@example("<b>mot1<p>mot2</p></b>")
@example("<li>mot1<hr>mot2")
@example('<a href="https://b.example/">mot1<embed src=e.swf>mot2')
@example("![mot1](i.png)")
def test_whatever_the_text_the_tree_is_sound(markdown: str) -> None:
    root = fragment(markdown, base_url=BASE)
    tree = as_xml(serialise(root))
    for element in tree.iterdescendants():
        assert element.tag not in (
            "script",
            "style",
            "iframe",
            "object",
            "form",
            "input",
            "div",
            "section",
            "svg",
            "font",
        )
        for name, value in element.attrib.items():
            assert not name.startswith("on")
            assert (name, value) == ("class", "caption") or name not in ("style", "class", "data-line")
            assert name not in ("href", "src") or re.match(r"https?://", value), value
        assert element.tag != "img" or element.get("alt") is not None
    assert_blocks_stand_well(tree)
    assert_levels_do_not_jump(tree)


def assert_blocks_stand_well(tree: etree._Element) -> None:
    assert {element.tag for element in tree} <= BLOCKS
    assert not "".join([tree.text or "", *(element.tail or "" for element in tree)]).strip()
    for element in tree.iter("p", "h3", "h4", "h5", "h6", "a", "b", "i", "span"):
        assert not {inner.tag for inner in element.iterdescendants()} & (BLOCKS | {"li", "td", "dt", "dd"})
    assert tree.find(".//a//a") is None


def assert_levels_do_not_jump(tree: etree._Element, above: int = 2) -> None:
    for heading in tree.iter("h1", "h2", "h3", "h4", "h5", "h6"):
        level = int(str(heading.tag)[1])
        assert 3 <= level <= above + 1
        above = level


@examples(50)
@given(hostile_markdown())
def test_every_word_is_there_in_its_order(markdown: str) -> None:
    assert WORD.findall(" ".join(fragment(markdown).itertext())) == WORD.findall(markdown)


@examples(25)
@given(hostile_markdown())
def test_the_markup_means_the_same_to_a_browser(markdown: str) -> None:
    """No element is moved, closed or opened when HTML rules are applied instead of XML's."""
    markup = serialise(fragment(markdown))
    again = html.document_fromstring(f"<html><body><div>{markup}</div></body></html>")[-1][0]
    assert [element.tag for element in again.iterdescendants()] == [
        element.tag for element in as_xml(markup).iterdescendants()
    ]


@pytest.mark.parametrize(
    ("address", "resolved"),
    [
        ("image.png", f"{BASE}image.png"),
        ("/img/a.png", "https://sable.example/img/a.png"),
        ("../6/", "https://sable.example/lettres/6/"),
        ("#bas", f"{BASE}#bas"),
        ("?a=1", f"{BASE}?a=1"),
        ("//cdn.example/a.png", "https://cdn.example/a.png"),
        ("https://b.example/a b", "https://b.example/a%20b"),
        ("local.png", "local.png"),
    ],
)
def test_relative_addresses_are_resolved_against_the_post(address: str, resolved: str) -> None:
    markup = f'<a href="{address}">x</a> <img src="{address}" alt="x">'
    root = fragment(markup, base_url=BASE, local_files=frozenset(["local.png"]))
    assert [link.get("href") for link in root.iter("a")] == [resolved]
    assert [image.get("src") for image in root.iter("img")] == [resolved]


def test_without_an_online_address_relative_ones_stay() -> None:
    assert [link.get("href") for link in fragment("[x](page.html)").iter("a")] == ["page.html"]


def test_blocks_carry_the_line_of_their_file_and_readers_never_see_it() -> None:
    source = "# A\n\nb\nc\n\n- d\n- e\n\n> f\n\n| g |\n|---|\n| h |\n"
    tokens = parse_document([Part(source)]).parts[0]
    root = build_fragment(tokens, FragmentRules(), line_of=lambda line: line + 11)
    lines = {str(element.tag): element.get("data-line") for element in root}
    assert lines == {"h3": "11", "p": "13", "ul": "16", "blockquote": "19", "table": "21"}
    assert [item.get("data-line") for item in root.iter("li")] == ["16", "17"]
    assert "data-line" not in serialise(root) + serialise_content(root)
    paragraph = root.find("p")
    assert paragraph is not None
    assert paragraph.get("data-line") == "13", "serialising leaves the tree as it is"


def test_raw_html_keeps_what_markdown_makes_too() -> None:
    typed, raw = (
        fragment("**a** [b](https://b.example/)"),
        fragment('<strong>a</strong> <a href="https://b.example/">b</a>'),
    )
    assert serialise(typed) == serialise(raw)


def test_text_of_is_one_line() -> None:
    assert text_of(fragment("a\n**b**\u00a0: `c`")) == "a b\u00a0: c"


def test_empty_elements_are_closed_as_html_wants_it() -> None:
    markup = serialise(fragment("<table><tr><td></td><th>a<br></th></tr></table>\n\n`` ` ``<b></b>c ![](i.png)"))
    assert "<td></td>" in markup
    assert "<b></b>" in markup
    assert "<br/>" in markup
    assert "/></img>" not in markup


def test_template_marks_in_prose_are_prose() -> None:
    assert text_of(fragment("{{ var }} {% if x %} {# c #} ${y} %s {0}")) == "{{ var }} {% if x %} {# c #} ${y} %s {0}"


def deep(opening: str, closing: str = "") -> str:
    return opening * 5_000 + "mot0" + closing * 5_000


HUGE = {
    "divs": deep("<div>", "</div>"),
    "divs left open": deep("<div>"),
    "spans": deep("<span>", "</span>"),
    "bold": deep("<b>"),
    "lists": deep("<ul><li>"),
    "quotes": deep("<blockquote>"),
    "tables": deep("<table><tr><td>"),
    "links": deep('<a href="https://b.example/">'),
    "brackets": deep("[", "](x)"),
    "stars": deep("**a "),
    "paragraphs": "Un *peu* de sable, [encore](https://b.example/) et toujours.\n\n" * 2_000 + "mot0",
    "siblings": "<div><p>x</p></div>\n" * 10_000 + "mot0",
    "lines": "sable\n" * 20_000 + "mot0",
    "one word": "é" * 500_000 + " mot0",
    "table": "| a | b |\n|---|---|\n" + "| 1 | 2 |\n" * 2_000 + "\nmot0",
}


# What is wide rather than deep, eight times as large.
HUGER = {name: HUGE[name] * 8 for name in ("paragraphs", "siblings", "lines", "table", "one word")}


@pytest.mark.long
@pytest.mark.parametrize("name", HUGER)
def test_megabytes_are_rendered(name: str) -> None:
    as_xml(serialise(fragment(HUGER[name])))


@pytest.mark.parametrize("name", sample(HUGE, "divs left open", "tables", "brackets", "one word"))
def test_deep_or_huge_text_is_rendered(name: str) -> None:
    root = fragment(HUGE[name])
    markup = serialise(root)
    assert "mot0" in markup
    as_xml(markup)
    assert depth_of(root) <= 70


def depth_of(root: html.HtmlElement) -> int:
    depth = deepest = 0
    for event, _element in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest


@pytest.mark.parametrize("depth", [5, 15, 30])
@pytest.mark.parametrize("mark", ["> ", "- "])
def test_nothing_is_lost_in_nested_lists_and_quotes(mark: str, depth: int) -> None:
    source = "".join(("  " * level if mark == "- " else "") + f"{mark}mot{level}\n" for level in range(depth))
    if mark == "> ":
        source = mark * depth + f"mot{depth}"
    assert WORD.findall("".join(fragment(source).itertext())) == WORD.findall(source)
