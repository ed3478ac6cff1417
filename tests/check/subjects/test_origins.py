"""From the finished e-mail back to the line that somebody typed."""

from __future__ import annotations

import pytest
from lxml import etree

from newsletter_cli.check.subjects.origins import Origins
from newsletter_cli.check.subjects.renditions import Renditions
from tests.check.renditions import renditions_of, right
from tests.rendering import make_section


def line_of(renditions: Renditions, tag: str, words: str, position: int = 0) -> str:
    alike = [one for one in renditions.page.iter(tag) if one.text_content().strip() == words]
    return renditions.origin_of(alike[position]).file + f":{renditions.origin_of(alike[position]).line}"


@pytest.mark.parametrize(
    ("tag", "words", "place"),
    [
        ("h3", "Une page de code", "sections/007/sable.md:9"),
        ("td", "juin", "sections/007/sable.md:18"),
        ("strong", "record", "sections/007/sable.md:18"),
        ("li", "un", "sections/007/sable.md:20"),
        ("p", "Une citation.", "sections/007/sable.md:23"),
        ("a", "un lien", "sections/007/sable.md:28"),
        ("a", "tarte", "sections/007/agenda.md:4"),
        ("a", "vent", "sections/007/sable.md:1"),
        ("a", "dunes@gazette.example", "sections/007/_issue.md:5"),
        ("h1", "La gazette n° 7", "templates/themes/default/email.mjml.j2:None"),
        ("a", "Voir le détail", "templates/themes/default/email.mjml.j2:None"),
    ],
)
def test_an_element_is_led_back(tag: str, words: str, place: str) -> None:
    assert line_of(right(), tag, words) == place


def test_pictures_are_known_by_their_address() -> None:
    places = {image.get("src"): place.line for image, place in right().placed_images}
    assert places == {"https://images.example/dune.jpg": 7, "https://images.example/carte.png": 34}


def test_what_is_alike_is_told_apart_by_its_order() -> None:
    renditions = renditions_of(
        make_section("Pareil.\n\nAutre.\n\nPareil.", slug="a", first_line=3),
        make_section("Pareil.", slug="b", first_line=5),
    )
    assert [line_of(renditions, "p", "Pareil.", position) for position in range(3)] == [
        "sections/007/a.md:3",
        "sections/007/a.md:7",
        "sections/007/b.md:5",
    ]


def test_an_address_given_twice_is_led_back_to_each_place() -> None:
    text = "Voir [ici](https://a.example/).\n\nRevoir : [là](https://a.example/)."
    renditions = renditions_of(make_section(text, slug="deux", first_line=3))
    links = {link.text_content(): renditions.origin_of(link) for link in renditions.page.iter("a")}
    assert [(links[words].line, links[words].column) for words in ("ici", "là")] == [(3, 6), (5, 10)]


def test_notes_are_led_back_to_themselves() -> None:
    text = "Un[^a], deux[^b].\n\n[^a]: Le [premier](https://a.example/).\n\n    - avec une liste\n\n[^b]: Le *second*."
    renditions = renditions_of(make_section(text, slug="notes", first_line=4))
    assert line_of(renditions, "a", "premier") == "sections/007/notes.md:6"
    assert line_of(renditions, "em", "second") == "sections/007/notes.md:4"


def test_typography_is_no_difference() -> None:
    renditions = renditions_of(make_section('Un "mot" : oui !', slug="a", first_line=3))
    renditions.page  # noqa: B018 - made before its text is changed
    [paragraph] = [one for one in renditions.page.iter("p") if "mot" in (one.text or "")]
    paragraph.text = "Un «\u00a0mot\u00a0»\u00a0: oui\u202f!"
    assert renditions.origin_of(paragraph).line == 3


@pytest.mark.parametrize("is_inside_first", [True, False])
def test_what_was_asked_before_changes_no_answer(is_inside_first: bool) -> None:
    page = right()
    everything = list(page.page.iter(etree.Element))
    asked = reversed(everything) if is_inside_first else everything
    together = {one: page.origins.find(one) for one in asked}
    assert len({place for place in together.values() if place}) > 10
    for one in everything:
        alone = Origins(page.page, [(text.place_of, text.tree) for text in page.texts])
        assert alone.find(one) == together[one]
