from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markdown_it.token import Token

from newsletter_cli.markdown.fragment import FragmentRules, build_fragment, build_notes, build_title, serialise
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.markdown.parse import Part, parse_document
from tests.examples import examples
from tests.rendering import fragment

RULES = FragmentRules()


def trees(*parts: str | Part) -> tuple[list[html.HtmlElement], html.HtmlElement]:
    """The tree of each part, and that of the notes."""
    document = parse_document([Part(part) if isinstance(part, str) else part for part in parts])
    return [build_fragment(tokens, RULES, line_of=int) for tokens in document.parts], build_notes(document.notes, RULES)


def markup(*parts: str | Part) -> list[str]:
    return [serialise(tree).replace("\n", "") for tree in trees(*parts)[0]]


def test_a_reference_defined_in_one_part_resolves_in_all() -> None:
    before, definition, after = markup("[dune][D]", '[d]: https://sable.example/ "Le Pilat"', "![vue][d] [d]")
    assert before == '<p><a href="https://sable.example/" title="Le Pilat">dune</a></p>'
    assert definition == ""
    assert '<img src="https://sable.example/" alt="vue" title="Le Pilat"/>' in after
    assert ">d</a>" in after


def test_a_reference_resolves_in_a_title() -> None:
    document = parse_document([Part("Le [Pilat][d] **haut**", is_inline=True), Part("[d]: https://sable.example/")])
    title = build_title(document.parts[0], RULES)
    assert [link.get("href") for link in title.iter("a")] == ["https://sable.example/"]
    assert "".join(title.itertext()) == "Le Pilat haut"
    assert title.find("p") is None


def test_the_first_definition_wins() -> None:
    first, second = markup("[d]\n\n[d]: https://un.example/", "[d]\n\n[d]: https://deux.example/")
    assert "un.example" in first
    assert first == second


def test_an_undefined_reference_stays_as_it_was_typed() -> None:
    assert markup("un [lien][nulle-part] et [x]") == ["<p>un [lien][nulle-part] et [x]</p>"]


def test_footnotes_are_numbered_through_all_parts() -> None:
    parts, notes = trees("Un[^b] et deux[^a].", "[^a]: Note *a*.\n[^b]: Note b.", "Encore[^a], puis[^c].\n\n[^c]: C.")
    assert ["".join(part.itertext()).strip() for part in parts] == ["Un[1] et deux[2].", "", "Encore[2], puis[3]."]
    assert ["".join(item.itertext()).strip() for item in notes.iter("li")] == ["Note b.", "Note a.", "C."]
    assert notes.find(".//em") is not None


def test_the_first_definition_of_a_footnote_wins() -> None:
    parts, notes = trees("a[^1]\n\n[^1]: Celle-ci.", "b[^1]\n\n[^1]: Celle-là.")
    assert ["".join(part.itertext()).strip() for part in parts] == ["a[1]", "b[1]"]
    assert "".join(notes.itertext()).strip() == "Celle-ci."


def test_without_footnotes_there_is_no_list() -> None:
    assert len(trees("rien", "[^seule]: Jamais citée.")[1]) == 0


def test_an_open_fence_or_comment_ends_with_its_part() -> None:
    assert markup("```\nouvert", "**gras**", "<!-- ouvert", "*italique*", "<div><b>ouvert", "fin") == [
        "<pre><code>ouvert</code></pre>",
        "<p><strong>gras</strong></p>",
        "",
        "<p><em>italique</em></p>",
        "<p><b>ouvert</b></p>",
        "<p>fin</p>",
    ]


@pytest.mark.parametrize(
    ("source", "alt", "width"),
    [
        ('<img src="a.png" alt= “” width="45%">', "", "45%"),
        ("<img src=“a.png” alt=“Une dune” width=„45%“>", "Une dune", "45%"),
        ("<img src=«a.png» alt=«Une dune» width=“45%”>", "Une dune", "45%"),
        ("texte <img src=“a.png” alt=“Une dune” width=“45%”> texte", "Une dune", "45%"),
    ],
)
def test_a_word_processors_quotes_in_a_tag_are_fixed(source: str, alt: str, width: str) -> None:
    (image,) = fragment(source).iter("img")
    assert dict(image.attrib) == {"src": "a.png", "alt": alt, "width": width}


def test_an_address_in_a_fixed_link_is_not_linked_again() -> None:
    (link,) = fragment("<a href=“https://un.example/”>https://deux.example/</a> fin").iter("a")
    assert link.get("href") == "https://un.example/"


def test_quotes_are_fixed_in_blocks_of_raw_html_too() -> None:
    (image,) = fragment("<div>\n<img src=“a.png” alt=“Une dune”>\n</div>").iter("img")
    assert dict(image.attrib) == {"src": "a.png", "alt": "Une dune"}


@pytest.mark.parametrize("source", ["`<a b=“c”>`", "```\n<a b=“c”>\n```", "    <a b=“c”>", "a <b = “c”", "x = “y” < z"])
def test_curly_quotes_elsewhere_stay(source: str) -> None:
    assert "“" in "".join(fragment(source).itertext())


def test_curly_quotes_within_straight_ones_stay() -> None:
    (image,) = fragment('<img src="a.png" alt="dit = “oui” et part">').iter("img")
    assert image.get("alt") == "dit = “oui” et part"


def first_lines(tokens: list[Token]) -> list[int]:
    return [token.map[0] for token in tokens if token.map and token.nesting >= 0 and token.type != "inline"]


def test_lines_are_counted_in_their_own_part() -> None:
    document = parse_document([Part("a\n\nb"), Part("titre", is_inline=True), Part("# c\r\n\r\nd\r\n")])
    assert [first_lines(tokens) for tokens in document.parts] == [[0, 2], [], [0, 2]]


MARKDOWN = st.lists(
    st.sampled_from(
        ["a", "é\u2028", "\n", "\r\n", "\r", "\n\n", "- ", "> ", "# ", "```\n", "| a |\n|-|\n", "\x0b", "\x85"]
    ),
    max_size=20,
).map("".join)


@examples(25)
@given(MARKDOWN, MARKDOWN)
def test_line_maps_point_into_the_text_of_their_part(first: str, second: str) -> None:
    document = parse_document([Part(first), Part("x", is_inline=True), Part(second)])
    assert len(document.parts) == 3
    for text, tokens in ((first, document.parts[0]), (second, document.parts[2])):
        assert all(line < max(1, len(split_lines(text))) for line in first_lines(tokens))


@examples(25)
@given(MARKDOWN, MARKDOWN)
def test_parts_without_references_are_rendered_as_if_alone(first: str, second: str) -> None:
    assert markup(first, second) == markup(first) + markup(second)
