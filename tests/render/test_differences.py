"""What has changed from one issue to another: sections by slug, lines, words."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.render.differences import Line, SectionText, compare_lines, compare_sections


def said(line: Line) -> str:
    """The line with its words that are gone in [-…-], the new ones in {+…+}."""
    return "".join({"same": "{}", "gone": "[-{}-]", "new": "{{+{}+}}"}[one.kind].format(one.text) for one in line.words)


def compared(before: Sequence[str], after: Sequence[str]) -> list[str]:
    return [said(line) for line in compare_lines(before, after)]


def section(slug: str, *lines: str, title: str = "") -> SectionText:
    return SectionText(slug=slug, title=title or slug.title(), lines=lines)


def test_words_that_differ_are_told_inside_their_line() -> None:
    assert compared(["We meet on Tuesday at noon."], ["We meet on Friday at noon."]) == [
        "We meet on [-Tuesday-]{+Friday+} at noon."
    ]


def test_words_one_behind_the_other_are_one_change() -> None:
    assert compared(
        ["A long line with old grey stones in it, as before."], ["A long line with new red bricks in it, as before."]
    ) == ["A long line with [-old grey stones-]{+new red bricks+} in it, as before."]


def test_lines_without_much_in_common_are_taken_out_and_put_in() -> None:
    assert compared(["Tea at four."], ["The hall is shut for repairs."]) == [
        "{+The hall is shut for repairs.+}", "[-Tea at four.-]"
    ]  # fmt: skip


def test_lines_put_in_leave_the_others_alone() -> None:
    assert compared(["One.", "Two."], ["One.", "One and a half.", "Two."]) == ["One.", "{+One and a half.+}", "Two."]


def test_sections_are_matched_by_slug_wherever_they_stand_and_whatever_they_are_called() -> None:
    before = [section("news", "All is well."), section("agenda", "Tea."), section("jobs", "None.")]
    after = [section("agenda", "Tea."), section("news", "All is very well."), section("portrait", "Ada.")]
    found = {one.slug: one for one in compare_sections(before, after)}
    assert list(found) == ["agenda", "news", "portrait", "jobs"]
    assert [one.standing for one in found.values()] == ["same", "changed", "new", "gone"]
    assert (found["news"].count("new"), found["news"].count("gone")) == (1, 0)
    assert (found["portrait"].count("new"), found["jobs"].count("gone")) == (1, 1)
    (renamed,) = compare_sections([section("news", "x", title="News")], [section("news", "x", title="Tidings")])
    assert (renamed.standing, renamed.before) == ("changed", "News")


LINES = st.lists(st.text("ab é’.", max_size=12), max_size=6)


@given(LINES, LINES)
def test_both_texts_can_be_read_out_of_what_is_told(before: list[str], after: list[str]) -> None:
    lines = compare_lines(before, after)
    for one, without in ((before, "new"), (after, "gone")):
        kept = [
            "".join(words.text for words in line.words if words.kind != without)
            for line in lines
            if line.standing != without
        ]
        assert sorted(kept) == sorted(one)
