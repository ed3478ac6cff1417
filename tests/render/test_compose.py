from __future__ import annotations

from datetime import date

import pytest

from newsletter_cli.base.errors import RenderError
from newsletter_cli.base.values import replace
from newsletter_cli.markdown.fragment import text_of
from newsletter_cli.model import Event, SourceText, Status
from newsletter_cli.render.anchors import hugo_anchor
from tests.rendering import Page, compose, email_of, make_issue, make_section, post_of, text_of_email


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
    section = replace(make_section("ici"), body=SourceText(text=text, file="sections/007/agenda.md", first_line=12))
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
    event = Event(title="Sortie", start=date(2024, 6, 1), description="Avec le [guide][dune][^1].")
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
    event = Event(title="Sortie", start=date(2024, 6, 1), description="# Programme")
    composed = compose(make_issue(make_section("# A", events=[event]), editorial="# E"))
    description = composed.sections[0].events[0].description
    assert description is not None
    assert [tree[0].tag for tree in (composed.editorial, composed.sections[0].body, description)] == ["h2", "h3", "h4"]


def test_events_are_sorted_by_date() -> None:
    events = [Event(title="b", start=date(2024, 6, 2)), Event(title="a", start=date(2024, 6, 1), description="")]
    (section,) = compose(make_issue(make_section(events=events))).sections
    assert [one.event.title for one in section.events] == ["a", "b"]
    assert [one.description for one in section.events] == [None, None]


def test_local_images_keep_their_addresses() -> None:
    from newsletter_cli.markdown.issue import parse_issue
    from newsletter_cli.render.compose import compose_issue
    from tests.rendering import FRAME

    issue = make_issue("![a](images/a.png) ![b](images/b.png)")
    composed = compose_issue(parse_issue(issue), FRAME, local_files=frozenset(["images/a.png"]))
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


def test_no_two_headings_of_a_post_have_the_same_anchor() -> None:
    titles = ["Même", "Autre", "Même", "Même-1", "Même", "Même {#même}", "…", ""]
    bodies = ["", "### Même\n\n- ### Tiens\n", *[""] * 6]
    sections = [make_section(body, title=title) for title, body in zip(titles, bodies, strict=True)]
    composed = compose(make_issue(*sections, editorial="## Autre\n"), is_numbered=False)
    anchors = [section.anchor for section in composed.sections]
    assert anchors == ["même", "autre-1", "même-2", "même-1-1", "même-3", "même", "heading", ""]


def test_numbers_tell_titles_apart() -> None:
    sections = compose(make_issue(make_section(title="Même"), make_section(title="Même"))).sections
    assert [section.anchor for section in sections] == ["1-même", "2-même"]


@pytest.mark.parametrize("is_numbered", [True, False])
def test_a_section_without_a_title_has_no_anchor_and_no_entry(is_numbered: bool) -> None:
    issue = make_issue(make_section("Un texte.", title=""), make_section("Et.", title="Suite"))
    page = Page(email_of(issue, is_numbered=is_numbered))
    assert "Un texte." in page.text
    assert [title for level, title in page.headings() if level == 2][1:] == ["02 Suite" if is_numbered else "Suite"]
    assert not [one for one in page.root.iter("h2") if one.get("id") == ""]
    assert [title for title, url in page.links() if "#" in url] == ["Suite"]
    text = text_of_email(issue, is_numbered=is_numbered)
    assert ("1. \n" in text, "\n- \n" in text, text.count("Suite")) == (False, False, 2)


def test_tasks_have_a_box() -> None:
    body = "- [ ] à *faire*\n- [x] fait\n- [X]\n  fait aussi\n\n1. [ ] un\n\n   [ ] deux\n"
    kept = "- a [ ] b\n- `[ ] c`\n- \\[ ] d\n- [x](https://e.example/)\n\n[ ] e\n\n    - [ ] code\n"
    issue = make_issue(make_section(body + "\n" + kept))
    text = text_of_email(issue)
    for line in (
        "- ☐ à faire",
        "- ☑ fait",
        "1. ☐ un",
        "   [ ] deux",
        "- a [ ] b",
        "- [ ] c",
        "- [ ] d",
        "- x [1]",
        "[ ] e",
    ):
        assert f"\n{line}\n" in text
    assert "☑ fait aussi" in text
    assert "- [ ] code" in text
    assert "☐\u00a0</span>à <em>faire</em>" in email_of(issue)
    assert body in post_of(issue)


def test_a_badge_of_several_days_stays_on_one_line() -> None:
    events = [
        Event(title="Camp", start=date(2026, 8, 31), end=date(2026, 9, 1)),
        Event(title="Thé", start=date(2026, 9, 2)),
    ]
    page = Page(email_of(make_issue(make_section(events=events))))
    badges = {one.text: one.get("style") or "" for one in page.root.iter("span") if "day" in one.classes}
    assert list(badges) == ["31–1", "2"]
    assert ["nowrap" in style for style in badges.values()] == [True, False]
