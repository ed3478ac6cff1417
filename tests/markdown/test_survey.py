"""The survey: every element of a text with its exact place, whatever the text."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.check.subjects.survey_issue import survey_issue
from newsletter_cli.markdown.issue import parse_issue
from newsletter_cli.markdown.survey import NOT_PROSE, Span, Survey, survey_texts
from newsletter_cli.model import Event, Place, Section, SourceText
from tests.examples import examples
from tests.rendering import make_issue


def survey(text: str, *, first_line: int = 1) -> Survey:
    return survey_texts([SourceText(text=text, file="sections/001/news.md", first_line=first_line)])[0]


def at(one: Survey, span: Span | None) -> str | None:
    return None if span is None else one.source.text[span.start : span.end]


LINKS = [
    ("see [the page](https://a.example/x 'title') now", "inline", "the page", "https://a.example/x"),
    ("see [the **bold** `page`](<a b>)", "inline", "the bold page", "a b"),
    ("an [empty one]() here", "inline", "empty one", ""),
    ("[](https://a.example)", "inline", "", "https://a.example"),
    ("a [nested [pair]](u) of brackets", "inline", "nested [pair]", "u"),
    ("<https://a.example/x>", "auto", "https://a.example/x", "https://a.example/x"),
    ("so: https://a_b.example/c_d_e.", "bare", "https://a_b.example/c_d_e", "https://a_b.example/c_d_e"),
    ("write to ada@mail.example, please", "bare", "ada@mail.example", "ada@mail.example"),
    ("on www.dunes.org/a today", "bare", "www.dunes.org/a", "www.dunes.org/a"),
    ('raw <a class="x" href="u?a=1&amp;b=2">some <b>words</b></a>', "html", "some words", "u?a=1&amp;b=2"),
    ("<div>\n<a href='u'>some\nwords</a>\n</div>", "html", "some\nwords", "u"),
    ("> - quoted [item](u)\n>   and more", "inline", "item", "u"),
    ("| a \\| b | [cell](u) |\n|---|---|", "inline", "cell", "u"),
]


@pytest.mark.parametrize(("text", "kind", "words", "address"), LINKS)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_link_has_its_words_and_its_address(text: str, kind: str, words: str, address: str, newline: str) -> None:
    one = survey(f"Before.\n\n{text}\n\nAfter.\n".replace("\n", newline))
    (link,) = one.links
    assert (link.kind, link.text, link.address) == (kind, words, address)
    assert at(one, link.address_span) == address


def test_a_link_of_raw_html_ends_where_the_next_one_begins_as_in_browsers() -> None:
    one = survey("<a href=x>first <a href=y>second</a> third</a>\n")
    assert [(link.address, link.text) for link in one.links] == [("x", "first "), ("y", "second")]


def test_a_reference_leads_to_its_definition_in_whatever_text() -> None:
    texts = [
        SourceText(text="See [here][Ref], [ref] and [other][].\n\n[other]: <https://b.example>\n", file="a.md"),
        SourceText(text="\n[ref]: https://a.example 'x'\n", file="b.md", first_line=7),
    ]
    first, second = survey_texts(texts)
    assert [(link.kind, link.text, link.href, link.label) for link in first.links] == [
        ("reference", "here", "https://a.example", "REF"),
        ("reference", "ref", "https://a.example", "REF"),
        ("reference", "other", "https://b.example", "OTHER"),
    ]
    assert [at(first, link.address_span) for link in first.links] == [None, None, "https://b.example"]
    (definition,) = second.definitions
    assert second.place(definition.span) == Place(file="b.md", line=8, column=8, length=17)
    assert at(second, definition.span) == "https://a.example"


def test_of_two_definitions_of_one_label_the_first_is_the_address() -> None:
    one = survey("See [ref].\n\n[ref]: https://a.example\n[ref]: https://b.example\n")
    (link,) = one.links
    assert (link.href, at(one, link.address_span)) == ("https://a.example", "https://a.example")
    assert [definition.address for definition in one.definitions] == ["https://a.example", "https://b.example"]


@pytest.mark.parametrize(
    ("text", "alt", "address"),
    [
        ("![two *words*](a.png)", "two words", "a.png"),
        ("![](<a b.png> 'title')", "", "a b.png"),
        ("<img src='a.png'>", None, "a.png"),
        ('<img src="a.png" alt= “” width="45%">', "", "a.png"),
        ('so <img alt="l\'été" src=a.png /> it', "l'été", "a.png"),
    ],
)
def test_an_image(text: str, alt: str | None, address: str) -> None:
    one = survey(text)
    (image,) = one.images
    assert (image.alt, image.address, at(one, image.address_span)) == (alt, address, address)


def test_an_image_in_a_link_knows_where_it_leads() -> None:
    for text in ("[![a](i.png)](https://a.example)", '<a href="https://a.example"><img src="i.png" alt="a"></a>'):
        one = survey(text)
        assert [image.link_href for image in one.images] == ["https://a.example"]
        assert [link.holds_image for link in one.links] == [True]


def test_comments_for_editors_hold_nothing_and_shift_nothing() -> None:
    text = "<!-- nl: a\n[x](y) -->\nA <!-- nl: b -->[link](u)\n<!-- nl: c -->\nmore <!-- [no](no) --> words\n"
    one = survey(text, first_line=5)
    (link,) = one.links
    assert at(one, link.span) == "[link](u)"
    assert one.place(link.span) == Place(file="sections/001/news.md", line=7, column=17, length=9)
    assert [run.text for run in one.runs] == ["A ", "link", "more ", " words"]
    assert [at(one, Span(start=run.start, end=run.end)) for run in one.runs] == ["A ", "link", "more ", " words"]


def test_blocks_say_what_they_are() -> None:
    text = "# T\n\n> - q\n\n| h |\n|---|\n| c |\n\n```py\nx\n```\n\n<div>\n\nT\n: d\n\n[^1]\n\n[^1]: note\n"
    found = [(one.kind, one.text, one.level, one.depth, one.is_quoted, one.is_item) for one in survey(text).blocks]
    assert found == [
        ("heading", "T", 1, 0, False, False),
        ("paragraph", "q", 0, 1, True, True),
        ("cell", "h", 0, 0, False, False),
        ("cell", "c", 0, 0, False, False),
        ("code", "x", 0, 0, False, False),
        ("html", "<div>", 0, 0, False, False),
        ("term", "T", 0, 0, False, False),
        ("paragraph", "d", 0, 0, False, False),
        ("paragraph", "[^1]", 0, 0, False, False),
        ("paragraph", "note", 0, 0, False, False),
    ]


def test_prose_leaves_out_what_is_none() -> None:
    one = survey("le **jeudi\n30** mars, `14 juin`, https://a.example/15 et [fin](u) <b lang=en>May 1</b>")
    (block,) = one.blocks
    assert len(block.prose) == len(block.text)
    assert block.prose.replace(NOT_PROSE, "") == "le jeudi\n30 mars, ,  et fin May 1"
    assert [run.text for run in one.runs if run.is_strong] == ["jeudi", "30"]
    assert [run.text for run in one.runs if run.is_foreign] == ["May 1"]
    start = block.prose.index("30")
    assert one.place_in(block, start, start + 2) == Place(file="sections/001/news.md", line=2, column=1, length=2)
    (edit,) = one.edits_in(block, start, start + 2, "31")
    assert (edit.line, edit.column, edit.old, edit.new) == (2, 1, "30", "31")


def test_a_text_out_of_a_header_has_a_line_and_no_edits() -> None:
    event = Event(title="x", start=date(2024, 5, 16), description="x\n[y](z)", line=4)
    section = Section(slug="a", title="A", body=SourceText(text="", file="a.md"), events=(event,))
    _bodies, others = survey_issue(parse_issue(make_issue(section)))
    one = others[1].survey
    (link,) = one.links
    assert one.place(link.span) == Place(file="a.md", line=4)
    assert one.edits(link.span, "new") == ()


def test_the_box_of_a_task_is_no_link_whatever_is_defined() -> None:
    found = survey("- [x] done, see [x]\n\n[x]: https://sable.example/\n")
    (link,) = found.links
    assert (link.span.start, link.href) == (16, "https://sable.example/")
    assert found.blocks[0].words == "[x] done, see x"


PIECES = [
    *"abé \t*_`~[]()!<>|\\\"'&#:;-+.1\n\r",
    "\r\n",
    "\n\n",
    "> ",
    "- ",
    "  ",
    "    ",
    "**",
    "](u)",
    "![",
    "<img src='x'>",
    '<a href="u">',
    "</a>",
    "<!-- nl: x -->",
    "<!-- y -->",
    "https://a.example/b",
    "&amp;",
    "[^1]",
    "[^1]: ",
    "\n[r]: /x\n",
    "[r]",
    "| a | b |\n|---|---|\n",
    "```\n",
    "\x00",
    "𝗮",
    "\u2028",
]


@examples(50)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_every_place_is_exact(text: str) -> None:
    one = survey(text)
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    for run in one.runs:
        assert text[run.start : run.end] == run.text or "\x00" in text
    for mark in (*one.code, *one.html):
        assert (at(one, mark.span) or "").replace("\r\n", "\n").replace("\r", "\n") in plain
    for span in (*(link.span for link in one.links), *(image.span for image in one.images)):
        assert 0 <= span.start <= span.end <= len(text)
        place = one.place(span)
        assert 1 <= (place.line or 0) <= len(one.lines) + 1
    for block in one.blocks:
        assert len(block.lines) == block.text.count("\n") + 1
        if block.kind != "code":
            assert len(block.prose) == len(block.text)
