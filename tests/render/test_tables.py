"""Tables of the e-mail: where they stay, where they turn into records, and what the records say."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from newsletter_cli.base.values import replace
from newsletter_cli.markdown.fragment import serialise_content
from newsletter_cli.markdown.text import References, render_text
from newsletter_cli.render.places import Room
from newsletter_cli.render.tables import fit_tables
from tests.rendering import fragment, theme_of

ROOM = Room(column_px=604, phone_px=264)
PATTERN = "{label} : {value}"
LONG = "Anticonstitutionnellement"


def fitted(markdown: str, room: Room = ROOM) -> html.HtmlElement:
    tree = fragment(markdown)
    fit_tables(tree, room, label_pattern=PATTERN)
    return tree


def way(markdown: str) -> str:
    tree = fitted(markdown)
    if next(tree.iter("table"), None) is None:
        return "records"
    return "turning" if "wide" in {one.get("class") for one in tree.iter("table")} else "table"


def records(tree: html.HtmlElement) -> list[list[str]]:
    return [
        ["".join(line.itertext()).strip() for line in record]
        for record in tree.iter("div")
        if record.get("class") == "record"
    ]


def columns(*cells: str, rows: int = 1) -> str:
    heading = "|" + "|".join(f"T{number}" for number, _cell in enumerate(cells, 1)) + "|\n"
    return heading + "|" + "---|" * len(cells) + "\n" + ("|" + "|".join(cells) + "|\n") * rows


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        (columns("Ada", "36"), "table"),
        (columns("Une phrase qui prend bien plus d’une ligne sur un téléphone.", "36"), "table"),
        (columns("un", "deux", "trois"), "table"),
        (columns("https://un.example/une-adresse-qui-ne-veut-pas-finir-et-que-rien-ne-coupe", "36"), "table"),
        (columns("prenom.nom@developpement-durable.gouv.fr", "prenom.nom@interieur.gouv.fr"), "table"),
        (columns("![a](a.png)", "![b](b.png)"), "table"),
        (columns("漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字漢字", "仮名"), "table"),
        (columns(LONG, LONG), "turning"),
        (columns("`une_variable_sans_espace_du_tout`", "36"), "turning"),
        (columns(*["Une phrase de plusieurs mots"] * 3), "turning"),
        (columns(*["12 000 €"] * 4), "turning"),
        (columns(LONG, LONG, LONG, LONG), "records"),
        (columns(LONG * 4), "records"),
        (columns(*["douze"] * 20), "records"),
        (f"<table><tr><td>{LONG}</td><td>{LONG}</td></tr></table>", "records"),
        (f"<table><tr><td>un</td><td>{LONG}</td></tr></table>", "table"),
    ],
)
def test_a_table_is_what_its_words_have_room_for(markdown: str, expected: str) -> None:
    assert way(markdown) == expected


def test_within_lists_and_quotations_there_is_less_room() -> None:
    table = columns("Cartiflette", "Transformers")
    assert way(table) == "table"
    assert way("> - un\n>\n" + re.sub("^", ">   ", table, flags=re.MULTILINE)) == "turning"


def test_records_are_those_of_the_plain_text() -> None:
    source = columns("Dune", "", LONG * 2, f"{LONG} 2", "[lien](https://a.example/)", rows=2)
    text = render_text(fragment(source), width=60, references=References(), label_pattern=PATTERN)
    shown = [[line.strip() for line in one] for one in records(fitted(source))]
    assert [line.replace(" [1]", "") for line in text.split("\n")] == [*shown[0], "", *shown[1], "", *shown[2]]
    # A column without a word has a heading all the same.
    assert shown[0] == ["T2"]
    assert shown[1] == ["T1 : Dune", f"T3 : {LONG * 2}", f"T4 : {LONG} 2", "T5 : lien"]


def test_what_spans_rows_is_said_in_each_record_in_the_text_as_well() -> None:
    rows = f"<tr><th>Région</th><th>Chef-lieu</th><th>{LONG}</th></tr><tr><td rowspan=2>Bretagne</td><td>Rennes</td>"
    source = (
        f"<table><caption>Deux</caption>{rows}<td>{LONG}</td></tr><tr><td>Vannes</td><td>{LONG * 3}</td></tr></table>"
    )
    shown = records(fitted(source))
    assert [one[0] for one in shown] == ["Région : Bretagne"] * 2
    assert [one[1] for one in shown] == ["Chef-lieu : Rennes", "Chef-lieu : Vannes"]
    text = render_text(fragment(source), width=40, references=References(), label_pattern=PATTERN)
    assert text.split("\n").count("Région : Bretagne") == 2
    assert "Deux" in text
    assert "Deux" in serialise_content(fitted(source))


def test_a_cell_below_two_headings_has_both() -> None:
    heads = "<tr><th rowspan=2>Région</th><th colspan=2>Habitants</th></tr><tr><th>Hommes</th><th>Femmes</th></tr>"
    source = f"<table><thead>{heads}</thead><tr><td>{LONG * 3}</td><td>1</td><td>2</td></tr></table>"
    expected = [f"Région : {LONG * 3}", "Habitants – Hommes : 1", "Habitants – Femmes : 2"]
    assert records(fitted(source)) == [expected]
    text = render_text(fragment(source), width=60, references=References(), label_pattern=PATTERN)
    assert text.replace("\n  ", " ").split("\n") == expected


def test_a_theme_from_before_gets_records_where_others_turn() -> None:
    tree = fragment(columns(LONG, LONG))
    fit_tables(tree, ROOM, label_pattern=PATTERN, has_styles=False)
    assert len(records(tree)) == 1
    assert next(tree.iter("table"), None) is None
    assert theme_of().has_table_styles
    former = replace(theme_of(), files={**theme_of().files, "content.css": ".nl p { margin: 0 }"})
    assert not former.has_table_styles


def test_headings_are_labels_with_their_links_and_pictures() -> None:
    heads = f"| [**Nom**](https://a.example/) | ![logo](l.png) | {LONG * 4} |\n|---|---|---|\n| Ada | b | c |\n"
    (record,) = fitted(heads).find_class("record")
    assert [one.get("href") for one in record.iter("a")] == ["https://a.example/"]
    assert [one.get("alt") for one in record.iter("img")] == ["logo"]
    assert [one.tag for one in record[0]] == ["strong"]


def test_a_turning_table_says_each_heading_once_to_any_reader() -> None:
    tree = fitted(columns(LONG * 2, "[lien](https://a.example/)", rows=2))
    (table,) = tree.iter("table")
    (head,) = table.iter("thead")
    assert head.get("style") == "display:none"
    cells = ["".join(cell.itertext()) for cell in table.iter("td")]
    assert cells == [f"T1 : {LONG * 2}", "T2 : lien"] * 2
    # Outlook ignores `display`: the copy in its own comment is the only one that it sees.
    markup = serialise_content(tree)
    assert re.search(r"<!--\[if mso\]><tr>.*?<th.*?<!\[endif\]--><!--\[if !mso\]><!--><thead", markup, re.DOTALL)
    assert {one.get("style") for one in table.find_class("label")} == {"mso-hide:all"}


def test_only_addresses_may_be_broken_anywhere() -> None:
    source = columns("[le plan](https://a.example/plan)", "https://a.example/un/deux", "<nom@a.example>", "mot")
    links = {"".join(one.itertext()): one.get("class") for one in fitted(source).iter("a")}
    assert links == {"le plan": None, "https://a.example/un/deux": "address", "nom@a.example": "address"}


@pytest.mark.parametrize(
    "source",
    [
        "<table></table>",
        "<table><tr></tr></table>",
        "<table><tr><td></td></tr></table>",
        f"<table><tr><td><table><tr><th>{LONG}</th><th>{LONG}</th></tr><tr><td>1</td><td>2</td></tr></table></td></tr></table>",
        f"<table><tr><td colspan='99999999'>{LONG * 3}</td></tr><tr><td rowspan='0'>a</td></tr></table>",
        f"<table><tr><th>{LONG * 3}</th></tr></table>",
        f"<table><tr><td><ul><li>{LONG * 3}</li></ul><pre>a b</pre></td></tr></table>",
    ],
)
def test_odd_tables_lose_no_word(source: str) -> None:
    before = " ".join(fragment(source).itertext(with_tail=True)).split()
    tree = fitted(source)
    after = " ".join(tree.itertext(with_tail=True)).split()
    assert set(before) <= set(" ".join(after).replace(" :", "").split())


WORDS = st.text(st.characters(whitelist_categories=("Lu", "Ll", "Nd", "Lo")), min_size=1, max_size=40)
CELLS = st.lists(WORDS, max_size=3).map(" ".join)


@given(st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=4), st.booleans())
def test_no_table_loses_a_word(rows: list[list[str]], has_header: bool) -> None:
    tags = ["th" if has_header and not number else "td" for number in range(len(rows))]
    markup = ["".join(f"<{tag}>{cell}</{tag}>" for cell in row) for tag, row in zip(tags, rows, strict=True)]
    source = "<table>" + "".join(f"<tr>{row}</tr>" for row in markup) + "</table>"
    tree = html.fragment_fromstring(source, create_parent="div")
    fit_tables(tree, ROOM, label_pattern=PATTERN)
    shown = " ".join(tree.itertext()).split()
    for row in rows:
        for cell in row:
            assert set(cell.split()) <= set(shown)
