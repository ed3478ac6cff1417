from __future__ import annotations

from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.config import SectionSettings
from newsletter_cli.model import Level
from newsletter_cli.workspace.importing.matching import normalise_title
from newsletter_cli.workspace.importing.posts import ImportedPost, parse_post

CORPUS = Path(__file__).parents[2] / "corpus" / "posts"
CANONICAL = [
    SectionSettings(slug="agenda", title="À l’agenda"),
    SectionSettings(slug="retour-atelier", title="Retour sur l’atelier"),
    SectionSettings(slug="zoom-projet", title="Zoom sur un projet"),
    SectionSettings(slug="portrait", title="Portrait de participant"),
    SectionSettings(slug="bon-a-savoir", title="Bon à savoir"),
    SectionSettings(slug="jobs", title="Jobs"),
    SectionSettings(slug="lectures", title="Conseils de lecture"),
    SectionSettings(slug="participer", title="Participer au programme 10 %"),
    SectionSettings(slug="appel-a-idees", title="Appel à idées"),
]
PROGRAMME = """---
title: "Newsletter #1 !"
slug: newsletter1
date: 2023-03-28T13:00:00+01:00
summary: Newsletter mars 2023
images: 
    - /img/newsletter.png
---

## 1. A l'agenda
- **Jeudi 30 mars**

## 2. Retour sur l'atelier 10% du 14 mars
Texte.

## 3. Zoom sur un projet 10% : OCR 
Texte.

## 4. Portrait de participant 10% 
Texte.

## 5. Bon à savoir

Texte.

## 6. Jobs
* Une offre

## 7. Conseils de lecture 

Un livre.

## **8. Participer au programme 10%**
Texte.

## 10. Appel à idées 
Fin."""


def parse(text: str, name: str = "post.md", **options: Any) -> ImportedPost:
    return parse_post(text, name=name, **{"language": "fr", **options})


def slugs(post: ImportedPost) -> list[str]:
    return [section.slug for section in post.sections]


def rules(post: ImportedPost) -> list[tuple[str, int | None]]:
    return [(finding.rule, finding.line) for finding in post.findings]


def test_the_first_issue_of_programme_10_finds_all_its_places() -> None:
    post = parse(PROGRAMME, "newsletter1.md", canonical=CANONICAL)
    assert slugs(post) == [section.slug for section in CANONICAL]
    assert [section.title for section in post.sections] == [
        "A l'agenda",
        "Retour sur l'atelier 10% du 14 mars",
        "Zoom sur un projet 10% : OCR",
        "Portrait de participant 10%",
        "Bon à savoir",
        "Jobs",
        "Conseils de lecture",
        "Participer au programme 10%",
        "Appel à idées",
    ]
    assert all(section.is_canonical for section in post.sections)
    assert (post.title, post.slug, post.number) == ("Newsletter #1 !", "newsletter1", 1)
    assert post.date == datetime(2023, 3, 28, 13, tzinfo=timezone(timedelta(hours=1)))
    assert (post.summary, post.images, dict(post.extra)) == ("Newsletter mars 2023", ("/img/newsletter.png",), {})
    assert (post.heading_level, post.is_numbered, post.findings) == (2, True, ())
    assert post.editorial == "\n"
    assert post.sections[0].body == "- **Jeudi 30 mars**\n\n"
    assert post.sections[0].heading_line == 10
    assert post.sections[-1].body == "Fin."


class TestLevel:
    def test_canonical_headings_decide(self) -> None:
        post = parse("# Jobs\n\n## A\n\n## B\n\n### Agenda\n\n### Jobs\n", canonical=CANONICAL)
        assert (post.heading_level, slugs(post)) == (3, ["agenda", "jobs"])
        assert post.editorial == "\n## A\n\n## B\n\n"

    def test_one_canonical_heading_deeper_down_is_chance(self) -> None:
        post = parse("## News\n\n## Upcoming events\n\n### Jobs\n\nSee the forum.\n", canonical=CANONICAL)
        assert (post.heading_level, slugs(post)) == (2, ["news", "upcoming-events"])

    def test_one_canonical_heading_under_a_title_is_none(self) -> None:
        assert slugs(parse("# Newsletter\n\n## Jobs\n\nx\n", canonical=CANONICAL)) == ["jobs"]

    def test_else_the_shallowest_with_two_headings(self) -> None:
        post = parse("# Title\n\nHello.\n\n### Deep\n\n## A\n\n### a1\n\n## B\n\n# Late\n")
        assert (post.heading_level, slugs(post)) == (1, ["title", "late"])
        post = parse("# Title\n\nHello.\n\n## A\n\n### a1\n\n### a2\n\n## B\n")
        assert (post.heading_level, slugs(post), post.editorial) == (2, ["a", "b"], "\nHello.\n\n")

    def test_else_the_only_one(self) -> None:
        assert slugs(parse("Hello.\n\n### Only\n\nx\n")) == ["only"]

    def test_a_level_asked_for(self) -> None:
        assert slugs(parse("# A\n\n## a\n\n## b\n", heading_level=1)) == ["a"]
        post = parse("# A\n\n## a\n", heading_level=4)
        assert (post.heading_level, post.sections, post.editorial) == (None, (), "\n## a\n")
        assert rules(post) == [("import-own-title", 1), ("import-no-section", None)]

    def test_a_shallower_heading_ends_a_section(self) -> None:
        post = parse("---\ntitle: T\n---\n## A\n\na\n\n# Big\n\nb\n\n## B\n")
        assert [(one.slug, one.body) for one in post.sections] == [("a", "\na\n\n"), ("big", "\nb\n\n"), ("b", "")]

    def test_siblings_keep_one_level(self) -> None:
        post = parse("### A\n\n### B\n\n## C\n\n### D\n\n#### d\n")
        assert (post.heading_level, slugs(post)) == (3, ["a", "b", "c", "d"])

    def test_a_shallower_heading_above_them_stays_in_the_editorial(self) -> None:
        post = parse("---\ntitle: T\n---\n# Welcome\n\nx\n\n## A\n\n## B\n")
        assert (slugs(post), post.editorial) == (["a", "b"], "# Welcome\n\nx\n\n")

    def test_a_lone_heading_of_the_first_level_is_no_section(self) -> None:
        post = parse("Data letter 7\n=============\n\n__Books.__ One.\n")
        assert (post.title, post.sections, post.editorial) == ("Data letter 7", (), "\n__Books.__ One.\n")
        post = parse("---\ntitle: T\n---\n# Welcome\n\nx\n")
        assert (post.sections, post.editorial) == ((), "# Welcome\n\nx\n")


class TestSections:
    def test_a_heading_without_place_keeps_a_name_and_is_reported(self) -> None:
        post = parse("---\ntitle: A\n---\n## Agenda\n\n## Un *inédit*\n\n## Agenda\n", canonical=CANONICAL)
        assert [(s.slug, s.is_canonical, s.after) for s in post.sections] == [
            ("agenda", True, None),
            ("un-inedit", False, "agenda"),
            ("agenda-2", False, "un-inedit"),
        ]
        assert rules(post) == [("import-unknown-section", 6), ("import-unknown-section", 8)]
        assert "Un inédit" in post.findings[0].message
        assert "un-inedit.md" in post.findings[0].message
        assert post.findings[0].file == "post.md"

    def test_the_name_of_an_absent_section_is_not_taken(self) -> None:
        # "jobs-2" is a section of the newsletter, with another title: its file is not for this heading.
        canonical = [SectionSettings(slug="jobs", title="Jobs"), SectionSettings(slug="jobs-2", title="Emplois")]
        assert slugs(parse("## Jobs\n\n## Jobs !\n", canonical=canonical)) == ["jobs", "jobs-3"]

    def test_without_known_sections_nothing_is_unknown(self) -> None:
        assert parse("## A\n\n## B\n").findings == ()

    def test_an_empty_heading_is_reported(self) -> None:
        post = parse("## A\n\n##\n\nx\n")
        assert slugs(post) == ["a", "section-2"]
        assert rules(post) == [("import-empty-heading", 3)]

    def test_attributes_are_kept_aside(self) -> None:
        assert [(s.title, s.attributes) for s in parse("## A {#a}\n\n## B\n").sections] == [("A", "{#a}"), ("B", "")]

    @pytest.mark.parametrize(
        ("text", "titles", "is_numbered"),
        [
            ("## 7. A\n\n## 8. B\n\n## 10. C\n", ["A", "B", "C"], True),
            ("## 1. A\n\n## B\n\n## C\n", ["A", "B", "C"], False),
            ("## A\n\n## 2. Treffen\n\n## C\n", ["A", "2. Treffen", "C"], False),
            ("## **2. Treffen**\n", ["2. Treffen"], True),
            ("## 5. A\n\n## 3. B\n", ["5. A", "3. B"], True),
            ("## 1. A\n\n## 1. B\n\n## 1. C\n", ["A", "B", "C"], True),
        ],
    )
    def test_numbers_are_taken_off_when_they_count_the_sections(
        self, text: str, titles: list[str], is_numbered: bool
    ) -> None:
        post = parse(text)
        assert [section.title for section in post.sections] == titles
        assert post.is_numbered is is_numbered

    def test_a_number_before_a_known_title_is_always_taken_off(self) -> None:
        assert parse("## A\n\n## 8. Jobs\n\n## C\n", canonical=CANONICAL).sections[1].title == "Jobs"


class TestHeader:
    def test_other_keys_are_kept_in_their_order(self) -> None:
        post = parse((CORPUS / "infolettre_12.md").read_text(encoding="utf-8"), "infolettre_12.md")
        assert list(post.extra) == ["description", "author", "date-format", "image", "categories", "format"]
        assert post.extra["format"] == {"html": {"toc": True, "self-contained": True}}
        assert (post.title, post.slug, post.date, post.number) == (
            "Infolettre n°12",
            "infolettre_12",
            date(2023, 3, 31),
            12,
        )
        assert post.summary == "Les nouvelles du réseau : mars 2023"

    def test_text_is_taken_as_typed(self) -> None:
        post = parse("---\ntitle: 12:30\nslug: 007\nsummary: No\n---\n")
        assert (post.title, post.slug, post.summary) == ("12:30", "007", "No")
        assert parse("---\ntitle: 2023-03-28\n---\n").title == "2023-03-28"

    def test_capitals_in_keys(self) -> None:
        post = parse("---\nTitle: A\nIMAGES: x.png\ntags: []\n---\n")
        assert (post.title, post.images, dict(post.extra)) == ("A", ("x.png",), {"tags": []})

    def test_what_is_no_text_is_kept_aside(self) -> None:
        post = parse("---\ntitle: [a, b]\nimages:\n  - src: x.png\nsummary:\n---\n", "a-b.md")
        assert (post.title, post.images, post.summary) == ("A b", (), None)
        assert dict(post.extra) == {"title": ["a", "b"], "images": [{"src": "x.png"}]}

    def test_a_summary_wins_over_a_description(self) -> None:
        post = parse("---\nsummary: S\ndescription: D\n---\n")
        assert (post.summary, dict(post.extra)) == ("S", {"description": "D"})

    @pytest.mark.parametrize(
        ("body", "name", "title"),
        [
            ("# The *title*\n\n## A\n", "x.md", "The title"),
            ("## A\n\n# Not at the top\n", "some-post.md", "Some post"),
            ("# One\n\n# Two\n", "some_post.md", "Some post"),
            ("", "2023-03-28-une-lettre.md", "Une lettre"),
            ("", "posts/lettre-12/index.qmd", "Lettre 12"),
            ("", "2023-03-28.md", "2023 03 28"),
        ],
    )
    def test_a_title_is_found_where_the_header_has_none(self, body: str, name: str, title: str) -> None:
        assert parse(body, name).title == title

    @pytest.mark.parametrize(
        "text",
        [
            "# The title\n\n## A\n\n## B\n",
            "---\ntitle: The title!\n---\n# The title\n\n## A\n",
            "---\ntitle: The title\n---\n# **The Title**\n\n# A\n\n# B\n",
            "---\ntitle: The title\n---\n## The title\n\n### A\n\n### B\n",
        ],
    )
    def test_the_title_is_not_said_twice(self, text: str) -> None:
        post = parse(text)
        assert normalise_title(post.title) == "the title"
        assert (post.editorial, slugs(post)[:1]) == ("\n", ["a"])
        assert [rule for rule, _line in rules(post)] == ["import-own-title"]

    @pytest.mark.parametrize(
        ("name", "text", "slug"),
        [
            ("infolettre_20.qmd", "---\ntitle: T\n---\n", "infolettre_20"),
            ("2023-05-11-lettre_5.md", "", "lettre_5"),
            ("infolettre_20/index.qmd", "", "infolettre_20"),
            ("pad.md", "# Lettre #3 : juin\n", "lettre-3-juin"),
            ("Sans titre.md", "---\ntitle: Marées\n---\n", "marees"),
            ("Été à Brest.md", "", "ete-a-brest"),
            ("pad.md", "---\nslug: own_one\n---\n", "own_one"),
        ],
    )
    def test_the_slug_is_the_sites(self, name: str, text: str, slug: str) -> None:
        assert parse(text, name).slug == slug

    def test_the_number_of_a_title_that_stands_in_the_body(self) -> None:
        assert parse("# Newsletter #3 — juin 2023\n\nx\n", "pad.md").number == 3

    @pytest.mark.parametrize(
        ("text", "name", "number"),
        [
            ("---\nnumber: 12\ntitle: 'X #3'\n---\n", "x.md", 12),
            ("Title: X\nNumber: 500\n\n", "x.md", 500),
            ("---\ntitle: 'Newsletter #12 : mai'\n---\n", "x.md", 12),
            ("---\ntitle: Lettre n° 4\n---\n", "x.md", 4),
            ("---\ntitle: 第12号\n---\n", "x.md", 12),
            ("---\nslug: newsletter1\n---\n", "x2.md", 1),
            ("", "infolettre_12.qmd", 12),
            ("", "2023-06-21-this-week-500.md", 500),
            ("", "lettre-12/index.md", 12),
            ("", "newsletter-2023.md", None),
            ("", "2023-W12.md", None),
            ("", "2023-03-28.md", None),
            ("", "2023-03-28-lettre.md", None),
            ("---\ntitle: Top 10\n---\n", "x.md", None),
        ],
    )
    def test_the_number_is_guessed(self, text: str, name: str, number: int | None) -> None:
        assert parse(text, name).number == number


class TestDate:
    def test_from_the_file_name_when_the_header_has_none(self) -> None:
        post = parse("---\ntitle: A\n---\n", "_posts/2023-03-28-foo.md")
        assert post.date == date(2023, 3, 28)
        assert rules(post) == [("import-date-from-name", None)]
        assert parse("", "2023-03-28-foo/index.md").date == date(2023, 3, 28)

    def test_one_that_cannot_be_read_is_kept_aside_and_reported(self) -> None:
        post = parse("---\ntitle: A\ndate: last-modified\n---\n", "2023-03-28-foo.md")
        assert (post.date, dict(post.extra)) == (None, {"date": "last-modified"})
        assert rules(post) == [("import-date-unreadable", 3)]
        assert post.findings[0].level is Level.WARNING
        assert parse("---\ndate: 2023-02-30\n---\n").extra["date"] == "2023-02-30"

    def test_one_with_two_readings_is_reported(self) -> None:
        post = parse("---\ndate: 04/03/2023\n---\n")
        assert (post.date, rules(post)) == (date(2023, 3, 4), [("import-date-assumed", 2)])

    def test_the_header_wins_over_the_file_name_and_says_so(self) -> None:
        post = parse("---\ndate: 2023-03-29\n---\n", "2023-03-28-foo.md")
        assert (post.date, rules(post)) == (date(2023, 3, 29), [("import-date-differs", 2)])

    def test_none(self) -> None:
        post = parse("---\ndate:\n---\n")
        assert (post.date, dict(post.extra), post.findings) == (None, {}, ())


def test_a_fixed_header_is_reported() -> None:
    post = parse((CORPUS / "cle-indentee.md").read_text(encoding="utf-8"))
    assert (post.slug, post.date and post.date.isoformat()) == ("mars", "2023-03-28T13:00:00+01:00")
    assert rules(post) == [("front-matter-indented-key", 3), ("front-matter-indented-key", 7)]
