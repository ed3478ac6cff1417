from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.config import SectionSettings
from newsletter_cli.workspace.importing.matching import (
    match_sections,
    normalise_title,
    own_slug,
    unique_slug,
)
from tests.examples import examples

AGENDA = SectionSettings(slug="agenda", title="À l’agenda", aliases=("Calendrier",))
JOBS = SectionSettings(slug="jobs", title="Jobs")
READING = SectionSettings(slug="lectures", title="Conseils de lecture")
CANONICAL = [AGENDA, JOBS, READING]


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("À l’agenda", "agenda"),
        ("A l'agenda", "agenda"),
        ("A L'AGENDA !", "agenda"),
        ("📅 A\u0300 l\u02bcagenda", "agenda"),
        ("𝗔 𝗹'𝗮𝗴𝗲𝗻𝗱𝗮", "agenda"),
        ("agenda", "agenda"),
        ("Calendrier", "agenda"),
        ("À l'agenda du mois de mai", "agenda"),
        ("Jobs : data", "jobs"),
        ("Agenda de mai", "agenda"),
        ("Conseil de lecture", "lectures"),
        ("Conseils de lectures", "lectures"),
        ("Jobsworth", None),
        ("Mobs", None),
        ("Les jobs", None),
        ("Autre chose", None),
        ("🎉", None),
        ("", None),
    ],
)
def test_a_title_finds_its_section(title: str, slug: str | None) -> None:
    matches = match_sections([title], CANONICAL)
    assert (matches[0].slug if matches else None) == slug


def test_a_section_is_given_once_to_the_best_title() -> None:
    assert match_sections(["Jobs du mois", "Job", "Jobs", "Jobs"], CANONICAL) == {2: JOBS}


def test_the_longer_beginning_wins() -> None:
    project, zoom = (
        SectionSettings(slug="zoom-projet", title="Zoom sur un projet"),
        SectionSettings(slug="zoom", title="Zoom"),
    )
    assert match_sections(["Zoom sur un projet : OCR", "Zoom arrière"], [zoom, project]) == {0: project, 1: zoom}


def test_sections_of_one_title_are_given_in_order() -> None:
    twice = [SectionSettings(slug="news", title="News"), SectionSettings(slug="news-2", title="News")]
    assert [section.slug for section in match_sections(["News", "NEWS", "news"], twice).values()] == ["news", "news-2"]


def test_a_title_outranks_a_slug_of_the_same_words() -> None:
    sections = [SectionSettings(slug="news-2", title="News"), SectionSettings(slug="news-2-2", title="News 2")]
    assert match_sections(["News 2"], sections)[0].slug == "news-2-2"


def test_normalised_titles_differ_by_words_only() -> None:
    assert normalise_title("  L’Œuvre & Straße — 10 % ! ") == "l oeuvre strasse 10"
    assert normalise_title("الأخبار") == normalise_title("الأخبار!") != ""


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Événements à venir", "evenements-a-venir"),
        ("𝗟'𝗮𝗰𝗾𝘂𝗶𝘀𝗶𝘁𝗶𝗼𝗻", "l-acquisition"),
        ("🎉", "section-3"),
        ("", "section-3"),
        ("_x_", "x"),
        ("CON", "section-con"),
        ("com1", "section-com1"),
        ("console", "console"),
        ("../../etc/passwd", "etc-passwd"),
        ("mot " * 40, "mot-mot-mot-mot-mot-mot-mot-mot-mot-mot-mot-mot"),
    ],
)
def test_a_heading_has_a_file_name_of_its_own(title: str, slug: str) -> None:
    assert own_slug(title, 3) == slug


@examples(25)
@given(st.text(max_size=200), st.lists(st.text(max_size=3), max_size=3))
def test_file_names_are_safe_and_new(title: str, taken: list[str]) -> None:
    names = [*taken]
    for _attempt in range(3):
        slug = unique_slug(own_slug(title, 1), names)
        assert re.fullmatch(r"[a-z0-9][a-z0-9-]{0,49}", slug)
        assert slug.casefold() not in {name.casefold() for name in names}
        names.append(slug.upper())
