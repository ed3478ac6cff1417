from __future__ import annotations

from newsletter_cli.config import SectionSettings
from newsletter_cli.workspace.importing.posts import parse_post
from newsletter_cli.workspace.learn import learn_sections, merge_sections


def test_sections_are_learnt_in_the_order_of_the_post_with_plain_titles() -> None:
    post = parse_post("## 1. **Agenda**\n\n## [Jobs](https://x.example) {#j}\n\n##\n\n## Jobs\n", name="a.md")
    assert learn_sections(post) == [
        SectionSettings(slug="agenda", title="Agenda"),
        SectionSettings(slug="jobs", title="Jobs"),
        SectionSettings(slug="section-3", title="Section 3"),
        SectionSettings(slug="jobs-2", title="Jobs"),
    ]


def test_known_sections_are_kept_and_new_ones_follow_their_predecessor() -> None:
    existing = [
        SectionSettings(slug="agenda", title="À l’agenda", aliases=("Dates",)),
        SectionSettings(slug="jobs", title="Emplois"),
    ]
    learned = [
        SectionSettings(slug=slug, title=slug.title())
        for slug in ("edito", "Agenda", "projets", "portrait", "jobs", "fin")
    ]
    merged = merge_sections(existing, learned)
    assert [section.slug for section in merged] == ["edito", "agenda", "projets", "portrait", "jobs", "fin"]
    assert [merged[1], merged[4]] == existing
    assert merged[2] == SectionSettings(slug="projets", title="Projets")


def test_an_order_of_its_own_in_the_post_does_not_move_what_is_known() -> None:
    existing = [SectionSettings(slug="a", title="A"), SectionSettings(slug="b", title="B")]
    merged = merge_sections(
        existing,
        [
            SectionSettings(slug="b", title="B"),
            SectionSettings(slug="c", title="C"),
            SectionSettings(slug="a", title="A"),
        ],
    )
    assert [section.slug for section in merged] == ["a", "b", "c"]
    assert merge_sections([], []) == []
