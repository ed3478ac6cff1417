"""No text is too odd for the rules, and no chain of predecessors for the order they look at."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter_cli.check import check_issue
from newsletter_cli.config import parse_config
from newsletter_cli.model import Issue, Section, SourceText
from newsletter_cli.model.order import order_sections
from tests.workspaces import CONFIG

CANONICAL = parse_config(CONFIG).sections
SLUGS = [section.slug for section in CANONICAL]
PIECES = [
    "[a]: /1\n",
    "[a]: /2\n",
    "[^n]: x\n",
    "> ",
    "- ",
    "    ",
    "```\n",
    "<!-- nl: ",
    "-->",
    "\n",
    "\r\n",
    "text ",
    "[^n]",
    "| a |\n",
    "[",
    "]:",
]


def section(slug: str, body: str = "Text.", *, after: str | None = None, is_standing: bool = False) -> Section:
    source = SourceText(body, f"sections/001/{slug}.md", 4)
    return Section(slug=slug, title=slug, body=source, after=after, is_standing=is_standing, is_canonical=slug in SLUGS)


def issue(*sections: Section) -> Issue:
    return Issue(1, "One", "one", SourceText("", "sections/001/_issue.md"), sections)


@pytest.mark.parametrize(
    "note", ["[^1]: A.\n", "  [^1]: A.\n", "> [^1]: A.\n", "- item\n\n  [^1]: A.\n", "1. > [^1]: A\n"]
)
def test_a_footnote_is_found_wherever_it_stands(note: str) -> None:
    sections = (section("agenda", "[^1]\n\n[^1]: B.\n"), section("news", f"[^1]\n\n{note}"))
    (finding,) = check_issue(issue(*sections), CANONICAL)
    assert (finding.rule, finding.file) == ("definition-twice", "sections/001/news.md")
    assert (finding.line or 0) >= 6


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(PIECES)).map("".join), st.lists(st.sampled_from(PIECES)).map("".join))
def test_no_text_is_too_odd(first: str, second: str) -> None:
    findings = check_issue(issue(section("agenda", first), section("news", second)), CANONICAL)
    places = [(finding.file, finding.line or 0) for finding in findings]
    assert places == sorted(places)
    assert all(line <= 4 + max(first.count("\n"), second.count("\n")) for _file, line in places)


class TestOrder:
    def order(self, *sections: Section) -> list[str]:
        return [one.slug for one in order_sections(sections, SLUGS)]

    def test_canonical_never_that_of_the_files(self) -> None:
        assert self.order(section("about", is_standing=True), section("news"), section("agenda")) == SLUGS

    def test_strangers_stand_before_the_standing_ones(self) -> None:
        about = section("about", is_standing=True)
        assert self.order(about, section("party"), section("news")) == ["news", "party", "about"]
        assert self.order(section("party"), section("news")) == ["news", "party"]

    def test_after_names_the_predecessor(self) -> None:
        agenda, news = section("agenda"), section("news")
        assert self.order(section("party", after="agenda"), news, agenda) == ["agenda", "party", "news"]
        assert self.order(section("party", after=""), agenda) == ["party", "agenda"]
        assert self.order(section("party", after="nobody"), agenda) == ["agenda", "party"]
        assert self.order(section("y", after="agenda"), section("x", after="agenda"), agenda) == ["agenda", "x", "y"]

    def test_chains_resolve_in_any_order_of_the_files(self) -> None:
        newcomers = [section("b", after="a"), section("a", after="z"), section("z", after="agenda")]
        sections = [section("agenda"), *newcomers, section("news")]
        for turn in range(5):
            assert self.order(*sections[turn:], *sections[:turn]) == ["agenda", "z", "a", "b", "news"]

    def test_circles_lose_nobody(self) -> None:
        circle = [section("a", after="b"), section("b", after="a"), section("c", after="c"), section("agenda")]
        assert sorted(self.order(*circle)) == ["a", "agenda", "b", "c"]
