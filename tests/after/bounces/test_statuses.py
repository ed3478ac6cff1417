"""The table of statuses, and the page that tells of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsletter_cli.after.bounces.statuses import KINDS, STATUSES, Meaning, meaning_of, statuses_in
from newsletter_cli.after.bounces.verdict import Doubt

PAGE = Path(__file__).parents[3] / "docs/reference/verdicts.md"
ROW = re.compile(r"^\| `([^`]+)` \|(?:[^|]*\|)? ?([^|]*) \|$", re.MULTILINE)


def rows_under(title: str) -> dict[str, str]:
    section = PAGE.read_text("utf-8").partition(f"## {title}\n")[2].partition("\n## ")[0]
    return dict(ROW.findall(section))


def test_the_page_tells_of_each_status() -> None:
    told = {
        status: f"{KINDS[meaning]}{', with a doubt' if meaning is Meaning.PERHAPS_GONE else ''}"
        for status, meaning in STATUSES.items()
    }
    assert rows_under("Which status means what") == told


def test_the_page_tells_of_each_doubt() -> None:
    assert set(rows_under("Whom it is about")) == set(Doubt)


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        ("5.1.1", Meaning.GONE),
        ("5.1.10", Meaning.GONE),
        ("5.1.100", Meaning.PERHAPS_GONE),
        ("5.1.2", Meaning.PERHAPS_GONE),
        ("5.2.1", Meaning.GONE),
        ("5.2.2", Meaning.FULL),
        ("5.2.122", Meaning.PASSING),
        ("5.7.515", Meaning.SENDER),
        ("4.7.26", Meaning.SENDER),
        ("4.7.1", Meaning.PASSING),
        ("5.9.9", Meaning.OPEN),
        ("2.1.5", None),
        ("6.1.1", None),
        ("5.1", None),
        ("", None),
    ],
)
def test_what_a_status_means(status: str, meaning: Meaning | None) -> None:
    assert meaning_of(status) is meaning


def test_codes_are_found_among_numbers_that_are_none() -> None:
    assert statuses_in("550 5.1.1 [192.0.2.5] v4.5.1.2 (#5.07.1) 5.1.1") == ["5.1.1", "5.7.1"]
