"""What a screen reader meets."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from newsletter_cli.preview.outline import OutlineEntry, outline_of, said_by


def outline(body: str) -> list[tuple[str, str]]:
    return [(one.kind, one.text) for one in entries(body)]


def entries(body: str) -> list[OutlineEntry]:
    return list(outline_of(html.document_fromstring(f"<html><head><title>T</title></head><body>{body}</body></html>")))


def test_things_come_in_the_order_of_the_page() -> None:
    assert outline(
        '<h1>News</h1><table role="presentation"><tr><td><h2>One <b>more</b></h2>'
        '<p>See <a href="https://a.example">the plan</a></p><img src="x.png" alt="A map"></td></tr></table>'
        "<ul><li>a</li><li>b</li></ul>"
    ) == [
        ("heading", "News"),
        ("heading", "One more"),
        ("link", "the plan"),
        ("image", "A map"),
        ("list", "2 items"),
    ]


def test_levels_addresses_and_sizes_are_told() -> None:
    heading, link, table = entries(
        '<h3>Deep</h3><a href="https://a.example">a</a>'
        "<table><caption>Sand</caption><tr><th>m</th><th>n</th></tr><tr><td>1</td><td>2</td></tr></table>"
    )
    assert heading.level == 3
    assert link.note == "https://a.example"
    assert (table.text, table.has_fault) == ("Sand", False)


def test_what_is_hidden_or_decoration_is_not_announced() -> None:
    assert (
        outline(
            '<div style="display:none"><h2>Preheader</h2></div><div aria-hidden="true"><a href="#x">x</a></div>'
            '<p style="visibility: hidden"><a href="#y">y</a></p><img src="line.png" alt=""><a name="here"></a>'
            "<!--[if mso]><h1>Outlook</h1><![endif]--><style>h1{}</style>"
        )
        == []
    )


def test_a_linked_image_is_a_link_of_its_words_then_the_image() -> None:
    assert outline('<a href="https://a.example"><img src="a.png" alt="The map"></a>') == [
        ("link", "The map"),
        ("image", "The map"),
    ]


def test_silence_where_something_should_be_said_is_a_fault() -> None:
    found = entries('<h2> </h2><a href="https://a.example"><img src="a.png"></a><table><tr><td>1</td></tr></table>')
    assert [(one.kind, one.has_fault) for one in found] == [
        ("heading", True),
        ("link", True),
        ("image", True),
        ("table", True),
    ]
    assert found[2].text == "a.png"


def test_a_label_wins_over_the_words() -> None:
    assert outline('<a href="https://a.example" aria-label="Read the report">more</a>') == [("link", "Read the report")]
    assert outline('<div role="heading" aria-level="2">Soon</div>') == [("heading", "Soon")]


def test_an_entry_knows_its_place() -> None:
    found = entries('<p data-nl="a.md:3" id="nl-a-3">See <a href="https://a.example">it</a></p><h2>Theme</h2>')
    assert [one.anchor for one in found] == ["nl-a-3", None]


@given(st.lists(st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Z")), min_size=1), min_size=1))
def test_words_are_never_lost_whatever_they_are_wrapped_in(words: list[str]) -> None:
    paragraph = html.Element("h2")
    for index, word in enumerate(words):
        child = html.Element(("b", "i", "span")[index % 3])
        child.text = word
        child.tail = word
        paragraph.append(child)
    assert said_by(paragraph).split() == "".join(word * 2 for word in words).split()


def test_deep_nesting_is_no_obstacle() -> None:
    page = html.Element("html")
    inner = page
    for _level in range(3000):
        child = html.Element("div")
        inner.append(child)
        inner = child
    heading = html.Element("h1")
    heading.text = "Deep down"
    inner.append(heading)
    assert [one.text for one in outline_of(page)] == ["Deep down"]
