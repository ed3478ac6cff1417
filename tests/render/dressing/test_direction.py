"""Each block runs the way of its first strong letter."""

from __future__ import annotations

from datetime import date

import pytest

from newsletter_cli.model import Event, Job
from newsletter_cli.render.dressing import Dress, dressed
from tests.rendering import Page, email_of, fragment, make_issue, make_section, post_of, text_of_email

KNOWN = frozenset(("quote", "code", "turned", "task"))
ARABIC = "فقرة بالعربية"


def turned(markdown: str, direction: str = "ltr") -> list[tuple[str, str | None, str | None]]:
    """Each element that says where it runs: its tag, its direction, its alignment."""
    root = dressed(fragment(markdown), Dress(language="en", direction=direction, known=KNOWN))
    return [(str(one.tag), one.get("dir"), one.get("align")) for one in root.iterdescendants() if one.get("dir")]


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        (f"{ARABIC}.", [("p", "rtl", "right")]),
        (f"12 {ARABIC}", [("p", "rtl", "right")]),
        (f"🎉 {ARABIC} in English", [("p", "rtl", "right")]),
        (f"[{ARABIC}](https://example.org/)", [("p", "rtl", "right")]),
        (f"`code` {ARABIC}", [("p", "rtl", "right"), ("code", "ltr", None)]),
        (f"https://example.org/ {ARABIC}", [("p", "rtl", "right"), ("a", "ltr", None)]),
        (f"**Words** {ARABIC}", []),
        ("12:30, 🎉", []),
        (f"### {ARABIC}", [("h3", "rtl", "right")]),
        (f"- {ARABIC}\n- two", [("ul", "rtl", None), ("div", "ltr", "left")]),
        (f"- one\n- {ARABIC}\n  - {ARABIC}", [("div", "rtl", "right"), ("ul", "rtl", None)]),
        (f"> {ARABIC}", [("blockquote", "rtl", None)]),
        (f"| a | {ARABIC} |\n|---|---|\n| b | c |", [("th", "rtl", "right")]),
        (f"| {ARABIC} |\n|---|\n| b |", [("table", "rtl", None), ("td", "ltr", "left")]),
        (f'<p dir="rtl">{ARABIC}</p>', [("p", "rtl", None)]),
        ("שלום", [("p", "rtl", "right")]),
    ],
)
def test_in_an_issue_from_the_left(markdown: str, found: list[tuple[str, str | None, str | None]]) -> None:
    assert turned(markdown) == found


@pytest.mark.parametrize(
    ("markdown", "found"),
    [
        (f"{ARABIC} `a.b()`", [("code", "ltr", None)]),
        ("In English.", [("p", "ltr", "left")]),
        ("- one\n- two", [("ul", "ltr", None)]),
        ("```\ncode\n```", [("td", "ltr", "left")]),
        ("> In English.", [("blockquote", "ltr", None)]),
    ],
)
def test_in_an_issue_from_the_right(markdown: str, found: list[tuple[str, str | None, str | None]]) -> None:
    assert turned(markdown, "rtl") == found


def test_what_turns_has_its_bar_and_its_bullets_on_the_other_side() -> None:
    root = dressed(fragment(f"> {ARABIC}\n\n- {ARABIC}"), Dress(language="en", direction="ltr", known=KNOWN))
    assert [one.get("align") for one in root.xpath("//td[@class='quote turned']")] == ["right"]
    assert len(root.xpath("//ul[@class='turned']")) == 1


@pytest.mark.parametrize(
    ("markdown", "direction", "found"),
    [
        ("| a | b |\n|---|--:|\n| c | d |", "ltr", ["left", "right"]),
        (f"| {ARABIC} | b |\n|---|---|\n| c | d |", "ltr", ["right", "left"]),
        (f"| {ARABIC} |\n|---|\n| {ARABIC} |", "rtl", ["right"]),
    ],
)
def test_headings_of_tables_are_not_in_the_middle(markdown: str, direction: str, found: list[str]) -> None:
    root = dressed(fragment(markdown), Dress(language="en", direction=direction, known=KNOWN))
    assert [one.get("align") for one in root.iter("th")] == found


def test_text_and_post_know_nothing_of_it() -> None:
    issue = make_issue(f"- {ARABIC}\n- two\n\n> {ARABIC}")
    assert f"- {ARABIC}\n- two\n\n> {ARABIC}\n" in text_of_email(issue)
    assert f"- {ARABIC}\n- two\n\n> {ARABIC}" in post_of(issue)


def test_titles_run_their_own_way() -> None:
    events = [Event(title=ARABIC, start=date(2031, 6, 1)), Event(title="A walk", start=date(2031, 6, 2))]
    jobs = [Job(title=f"3 {ARABIC}")]
    page = Page(email_of(make_issue(make_section(title=f"**{ARABIC}**", events=events, jobs=jobs)), language="en"))
    titles = [one for one in page.body.iter("h2", "h3") if one.get("class") is None]
    assert [(one.get("dir"), one.get("align")) for one in titles] == [
        ("rtl", "right"),
        ("rtl", "right"),
        (None, None),
        ("rtl", "right"),
    ]
