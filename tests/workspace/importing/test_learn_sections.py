from __future__ import annotations

from newsletter_cli.workspace.importing import (
    CanonicalSection,
    LearnedSection,
    learn_sections,
    merge_sections,
    parse_post,
)


def test_sections_are_learnt_in_the_order_of_the_post_with_plain_titles() -> None:
    post = parse_post("## 1. **Agenda**\n\n## [Jobs](https://x.example) {#j}\n\n##\n\n## Jobs\n", name="a.md")
    assert learn_sections(post) == [
        LearnedSection("agenda", "Agenda"),
        LearnedSection("jobs", "Jobs"),
        LearnedSection("section-3", "Section 3"),
        LearnedSection("jobs-2", "Jobs"),
    ]


def test_known_sections_are_kept_and_new_ones_follow_their_predecessor() -> None:
    existing = [CanonicalSection("agenda", "À l’agenda", ("Dates",)), CanonicalSection("jobs", "Emplois")]
    learned = [LearnedSection(slug, slug.title()) for slug in ("edito", "Agenda", "projets", "portrait", "jobs", "fin")]
    merged = merge_sections(existing, learned)
    assert [section.slug for section in merged] == ["edito", "agenda", "projets", "portrait", "jobs", "fin"]
    assert [merged[1], merged[4]] == existing
    assert merged[2] == CanonicalSection("projets", "Projets")


def test_an_order_of_its_own_in_the_post_does_not_move_what_is_known() -> None:
    existing = [CanonicalSection("a", "A"), CanonicalSection("b", "B")]
    merged = merge_sections(existing, [LearnedSection("b", "B"), LearnedSection("c", "C"), LearnedSection("a", "A")])
    assert [section.slug for section in merged] == ["a", "b", "c"]
    assert merge_sections([], []) == []
