from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from newsletter_cli.errors import RenderError
from newsletter_cli.markdown.fragment import text_of
from newsletter_cli.model import Event, SourceText, Status
from newsletter_cli.render.compose import hugo_anchor
from tests.rendering import compose, make_issue, make_section


def test_comments_for_editors_are_gone_and_others_stay_in_the_post() -> None:
    composed = compose(
        make_issue("<!-- nl: aide -->\nA <!-- nl: note --> b\n<!-- public -->\n", editorial="<!-- nl: x -->\n")
    )
    assert composed.published_editorial == ""
    assert composed.sections[0].published == "A  b\n<!-- public -->\n"
    assert text_of(composed.sections[0].body) == "A b"


@pytest.mark.parametrize("place", ["section", "editorial"])
def test_a_comment_never_closed_is_named_with_its_file_and_line(place: str) -> None:
    text = "Bonjour\n\n<!-- nl: oubli\n\nsuite\n"
    section = replace(make_section("ici"), body=SourceText(text, "sections/007/agenda.md", 12))
    issue = make_issue(section) if place == "section" else make_issue("ici", editorial=text)
    with pytest.raises(RenderError) as caught:
        compose(issue)
    assert caught.value.place == ("sections/007/agenda.md:14" if place == "section" else "sections/007/_issue.md:7")
    assert "-->" in (caught.value.hint or "")


def test_lines_are_those_of_the_file_comments_or_not() -> None:
    section = make_section("<!-- nl: a\nb -->\n\nun\n\n<!-- nl: c -->\ndeux\n", first_line=4)
    (composed,) = compose(make_issue(section)).sections
    assert [block.get("data-line") for block in composed.body] == ["7", "10"]


def test_sections_are_numbered_without_a_gap() -> None:
    skipped = replace(make_section("rien", slug="b"), status=Status.SKIP)
    issue = make_issue(make_section(slug="a"), skipped, make_section(slug="c"))
    assert [(one.section.slug, one.number) for one in compose(issue).sections] == [("a", 1), ("c", 2)]
    assert [one.number for one in compose(issue, is_numbered=False).sections] == [None, None]


def test_references_and_notes_resolve_across_sections_and_titles() -> None:
    event = Event("Sortie", date(2024, 6, 1), description="Avec le [guide][dune][^1].")
    issue = make_issue(
        make_section("Lire[^1].", events=[event], title="Le [sable][dune]"),
        "[dune]: https://dune.example/\n\n[^1]: Deux grains.\n",
        editorial="Voir [la dune][dune].",
    )
    composed = compose(issue)
    trees = [composed.editorial, composed.sections[0].heading, composed.sections[0].events[0].description]
    for tree in trees:
        assert tree is not None
        assert [link.get("href") for link in tree.iter("a")] == ["https://dune.example/"]
    assert composed.sections[0].title == "Le sable"
    assert text_of(composed.notes) == "Deux grains."


def test_headings_stand_below_what_holds_them() -> None:
    event = Event("Sortie", date(2024, 6, 1), description="# Programme")
    composed = compose(make_issue(make_section("# A", events=[event]), editorial="# E"))
    description = composed.sections[0].events[0].description
    assert description is not None
    assert [tree[0].tag for tree in (composed.editorial, composed.sections[0].body, description)] == ["h2", "h3", "h4"]


def test_events_are_sorted_by_date() -> None:
    events = [Event("b", date(2024, 6, 2)), Event("a", date(2024, 6, 1), description="")]
    (section,) = compose(make_issue(make_section(events=events))).sections
    assert [one.event.title for one in section.events] == ["a", "b"]
    assert [one.description for one in section.events] == [None, None]


def test_local_images_keep_their_addresses() -> None:
    from newsletter_cli.render.compose import compose_issue
    from tests.rendering import FRAME

    issue = make_issue("![a](images/a.png) ![b](images/b.png)")
    composed = compose_issue(issue, FRAME, local_files=frozenset(["images/a.png"]))
    sources = [image.get("src") for image in composed.sections[0].body.iter("img")]
    assert sources == ["images/a.png", "https://gazette.example/lettres/7/images/b.png"]


@pytest.mark.parametrize(
    ("heading", "anchor"),
    [
        ("1. À l’agenda", "1-à-lagenda"),
        ("2. Retour sur l'atelier 10% du 14 mars", "2-retour-sur-latelier-10-du-14-mars"),
        ("Zoom : OCR !", "zoom--ocr-"),
        ("C++ & Rust_lang", "c--rust_lang"),
        ("  Blancs  ", "blancs"),
        ("日本語 の見出し", "日本語-の見出し"),
        ("…", ""),
    ],
)
def test_anchors_are_those_hugo_makes(heading: str, anchor: str) -> None:
    assert hugo_anchor(heading) == anchor


def test_an_anchor_of_the_editors_own_wins() -> None:
    (section,) = compose(make_issue(make_section(title="Le sable {#dune .grand}"))).sections
    assert (section.anchor, section.title) == ("dune", "Le sable")


def test_a_title_may_be_empty_or_raw_html() -> None:
    titles = ["", "<script>x()</script>", "<b>Gras", "a\nb", "# a", "- a", "<div>a</div>b"]
    composed = compose(make_issue(*(make_section(title=title) for title in titles)))
    assert [section.title for section in composed.sections] == ["", "", "Gras", "a b", "# a", "- a", "ab"]
