"""No text is too odd for the rules, and no chain of predecessors for the order they look at."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.check.catalogue import check_manuscript
from newsletter_cli.check.rules.sections import definition_twice
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.subjects.survey_issue import survey_issue
from newsletter_cli.config import parse_config
from newsletter_cli.markdown.issue import parse_issue
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.model import Issue, Section, SourceText
from newsletter_cli.model.issue import order_sections
from tests.examples import examples
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
    "](",
    ")",
    "![",
    "**",
    "*",
    "`",
    "<a href=",
    "<img src='",
    "</a>",
    ">",
    '"',
    "“",
    " : ",
    "https://example.org/a?utm_source=x ",
    "www.example.org/ ",
    "ada@example.org ",
    "jeudi 30 mars ",
    "31/02 ",
    "du 17 au 14 juin",
    "Etat ",
    "...",
    "𝗮",
    "\u0301",
    "\u200b",
    "🎉 ",
    "• ",
    "## ",
    "1. ",
    "TODO ",
    "{{< x >}}",
    ":::",
    "\r",
    "\x00",
    "\u2028",
]


def section(slug: str, body: str = "Text.", *, after: str | None = None, is_standing: bool = False) -> Section:
    source = SourceText(text=body, file=f"sections/001/{slug}.md", first_line=4)
    return Section(slug=slug, title=slug, body=source, after=after, is_standing=is_standing, is_canonical=slug in SLUGS)


def issue(*sections: Section) -> Issue:
    return Issue(
        number=1,
        title="One",
        slug="one",
        editorial=SourceText(text="", file="sections/001/_issue.md"),
        sections=sections,
    )


@pytest.mark.parametrize(
    "note", ["[^1]: A.\n", "  [^1]: A.\n", "> [^1]: A.\n", "- item\n\n  [^1]: A.\n", "1. > [^1]: A\n"]
)
def test_a_footnote_is_found_wherever_it_stands(note: str) -> None:
    sections = (section("agenda", "[^1]\n\n[^1]: B.\n"), section("news", f"[^1]\n\n{note}"))
    (finding,) = definition_twice.check(manuscript(issue(*sections)))
    assert (finding.rule, finding.file) == ("definition-twice", "sections/001/news.md")
    assert (finding.line or 0) >= 6


def manuscript(one: Issue) -> Manuscript:
    texts, header_texts = survey_issue(parse_issue(one))
    return Manuscript(issue=one, language="fr", texts=texts, header_texts=header_texts, canonical=CANONICAL)


@examples(30)
@given(st.lists(st.sampled_from(PIECES)).map("".join), st.lists(st.sampled_from(PIECES)).map("".join))
def test_no_text_is_too_odd(first: str, second: str) -> None:
    sections = section("agenda", first), section("news", second)
    texts = {one.body.file: one.body.text for one in sections}
    for finding in check_manuscript(manuscript(issue(*sections))):
        lines = split_lines(texts.get(finding.file, ""))
        assert (finding.line or 0) <= 4 + max(len(lines), 1)
        for edit in finding.edits:
            offset = sum(map(len, lines[: edit.line - 4])) + edit.column - 1
            assert texts[edit.file].startswith(edit.old, offset), finding


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
