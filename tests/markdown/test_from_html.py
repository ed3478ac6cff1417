"""HTML → Markdown: what the parser here reads in the result is what the HTML said."""

from __future__ import annotations

import html
import string
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.markdown.from_html import LossKind, markdown_of_html
from newsletter_cli.markdown.parser import markdown_parser


def markdown(source: str, **options: Any) -> str:
    return markdown_of_html(source, **options).text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<p>a</p><p>b</p>", "a\n\nb\n"),
        ("<p>one<br>two</p>", "one\\\ntwo\n"),
        ("<p><strong>bold </strong>word</p>", "**bold** word\n"),
        ("<p><strong>a</strong> <strong>b</strong></p>", "**a b**\n"),
        ("<p><b>a</b><i>b</i></p>", "**a**_b_\n"),
        ("<p><strong><em>x</em></strong></p>", "**_x_**\n"),
        ("<p><strong>«mot»</strong>suite</p>", "<strong>«mot»</strong>suite\n"),
        ("<p><s>gone</s> H<sub>2</sub>O</p>", "~~gone~~ H<sub>2</sub>O\n"),
        ("<p>x<strong> </strong>y<em></em></p>", "x y\n"),
        ("<p># no heading</p>", "\\# no heading\n"),
        ("<p>1. no list</p>", "1\\. no list\n"),
        ("<p>- no list</p>", "\\- no list\n"),
        ("<p>snake_case and 2 * 3 = 6</p>", "snake_case and 2 \\* 3 = 6\n"),
        ("<p>&lt;b&gt; &amp;amp; [x](y)</p>", "\\<b> \\&amp; \\[x\\](y)\n"),
        ("<p>{{ name }} ==x==</p>", None),
        ('<p><a href="https://a.fr/x y">the *pier*</a></p>', "[the \\*pier\\*](<https://a.fr/x y>)\n"),
        ('<p><a href="https://a.fr/x">https://a.fr/x</a></p>', "<https://a.fr/x>\n"),
        ('<p><a href="https://a.fr"><strong>a</strong> b</a></p>', "[**a** b](https://a.fr)\n"),
        ('<p><img src="images/a b.png" alt="Le [pont]"></p>', "![Le \\[pont\\]](<images/a b.png>)\n"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n  - b\n- c\n"),
        ("<ol><li>a</li><li>b<ol><li>c</li></ol></li></ol>", "1. a\n2. b\n   1. c\n"),
        ("<ol start=4><li>d</li></ol>", "4. d\n"),
        ("<ul><li>a</li></ul><ul><li>b</li></ul>", "- a\n\n* b\n"),
        ("<ul><li><p>a</p><p>b</p></li></ul>", "- a\n\n  b\n"),
        ("<blockquote><p>q</p><p>r</p></blockquote>", "> q\n>\n> r\n"),
        ("<pre>x\n ```</pre>", "````\nx\n ```\n````\n"),
        ("<table><tr><td>A|B</td><td>c</td></tr><tr><td><p>x</p><p>y</p></td><td></td></tr></table>",
         "| A\\|B | c |\n| --- | --- |\n| x<br>y |  |\n"),
        ("<table><tr><td><p>a box</p><ul><li>x</li></ul></td></tr></table>", "a box\n\n- x\n"),
        ("text<p>p</p>more <em>text</em>", "text\n\np\n\nmore *text*\n"),
        ("<h2>Two #</h2><h2>1. One</h2>", "## Two \\#\n\n## 1\\. One\n"),
        ("<script>x</script><p>a</p>", "a\n"),
        ("", ""),
        ("<p> </p><h1></h1><ul></ul>", ""),
    ],
)  # fmt: skip
def test_each_element(source: str, expected: str | None) -> None:
    result = markdown(source)
    assert expected is None or result == expected
    assert said(result) == said_by_html(source)


def said_by_html(source: str) -> str:
    from lxml.html import fragment_fromstring

    tree = fragment_fromstring(source, create_parent="div")
    for one in list(tree.iter("script")):
        one.drop_tree()
    for one in tree.iter("img"):
        one.tail = (one.get("alt") or "") + (one.tail or "")
    for one in tree.iter("p", "li", "td", "br", "h1", "h2", "blockquote", "ul"):
        one.tail = " " + (one.tail or "")
        one.text = " " + (one.text or "")
    return squeezed("".join(tree.itertext()))


def said(text: str) -> str:
    """What the parser reads in a text."""
    words: list[str] = []

    def visit(tokens: Sequence[Any]) -> None:
        for token in tokens:
            if token.children and token.type != "image":
                visit(token.children)
            elif token.type in ("text", "code_inline", "image", "fence"):
                words.append(token.content if token.type != "image" else "".join(one.content for one in token.children))
            elif token.type in ("softbreak", "hardbreak") or token.content == "<br>" or token.block:
                words.append(" ")

    visit(markdown_parser().parse(text, {}))
    return squeezed("".join(words))


def squeezed(text: str) -> str:
    return "".join(text.split())


HOSTILE = st.text(alphabet=string.punctuation + " \nabé12'’«»\u00a0", max_size=24)


@given(st.lists(st.tuples(HOSTILE, st.sampled_from(["p", "li", "strong", "em", "h2", "td", "s", "a"])), max_size=5))
def test_no_sign_means_more_than_itself(pieces: list[tuple[str, str]]) -> None:
    shapes = {
        "li": "<ul><li>{}</li></ul>",
        "strong": "<p>x<strong>{}</strong>y</p>",
        "em": "<p><strong>a</strong><em>{}</em></p>",
        "s": "<p><s>{}</s> <em>{}</em></p>",
        "td": "<table><tr><td>h</td><td>i</td></tr><tr><td>{}</td><td>k</td></tr></table>",
        "a": '<p><a href="https://a.fr/">{}</a></p>',
    }
    source = "".join(shapes.get(tag, f"<{tag}>{{}}</{tag}>").replace("{}", html.escape(text)) for text, tag in pieces)
    assert said(markdown(source)) == said_by_html(source), markdown(source)


def test_headings_begin_below_the_section_and_a_title_stands_above() -> None:
    assert markdown("<h1>T</h1><h2>a</h2><h3>b</h3>", headings_from=3) == "# T\n\n### a\n\n#### b\n"
    assert markdown("<h1>a</h1><h1>b</h1>", headings_from=3) == "### a\n\n### b\n"
    assert markdown('<h1 class="title">T</h1><h1>a</h1>', headings_from=3) == "# T\n\n### a\n"
    assert markdown('<h1 class="title">T</h1><h1>a</h1><h2>b</h2>') == "# T\n\n## a\n\n### b\n"
    assert markdown("<p>x</p><h1>a</h1><h2>b</h2>", headings_from=3) == "x\n\n### a\n\n#### b\n"


def test_notes_stand_behind_what_they_belong_to() -> None:
    source = (
        '<p>Said<sup><a href="#n-1" id="r-1">[1]</a></sup>.</p><p>Next.</p>'
        '<ol><li id="n-1"><p>By <em>her</em>.</p><p>Twice. <a href="#r-1">↑</a></p></li></ol>'
    )
    expected = "Said[^news-1].\n\n[^news-1]: By *her*.\n\n    Twice.\n\nNext.\n"
    assert markdown(source, notes_prefix="news-") == expected


@pytest.mark.parametrize(
    ("source", "kind", "text"),
    [
        ('<p><a href="#toc">see</a></p>', LossKind.LINK, "#toc"),
        ('<p><a href="file:///C:/a.doc">see</a></p>', LossKind.LINK, "file:///C:/a.doc"),
        ('<p><a href="javascript:x">see</a></p>', LossKind.LINK, "javascript:x"),
        ("<table><tr><td colspan=2>see</td></tr><tr><td>a</td><td>b</td></tr></table>", LossKind.MERGED_CELLS, ""),
        ("<table><tr><td>a</td><td><ul><li>b</li></ul></td></tr></table>", LossKind.LIST_IN_TABLE, "b"),
        ("<table><tr><td>a</td><td><table><tr><td>b</td></tr></table></td></tr></table>",
         LossKind.TABLE_IN_TABLE, "b"),
    ],
)  # fmt: skip
def test_what_markdown_cannot_say_is_told(source: str, kind: LossKind, text: str) -> None:
    result = markdown_of_html(source)
    assert [(one.kind, one.text) for one in result.losses] == [(kind, text)]
    assert said(result.text).replace("•", "") == said_by_html(source)


def test_cells_that_reach_over_others_leave_empty_ones() -> None:
    source = "<table><tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr><tr><td colspan=2>d</td></tr></table>"
    assert markdown(source) == "| a | b |\n| --- | --- |\n|  | c |\n| d |  |\n"


def test_depth_and_size_have_bounds() -> None:
    assert "x" in markdown("<div>" * 240 + "x" + "</div>" * 240)
    assert markdown("<table><tr><td colspan=99999999>a</td><td>b</td></tr></table>").count("|") < 500
