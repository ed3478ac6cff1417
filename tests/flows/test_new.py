"""The date that is proposed for a new issue."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from newsletter_cli.flows.new import propose_date
from tests.workspaces import CONFIG, make_workspace

TODAY = date(2026, 11, 1)


def proposed(root: Path, number: int | None, dates: dict[int, str], today: date = TODAY) -> str:
    issues = {known: {"_issue.md": f"---\ndate: {day}\n---\n"} for known, day in dates.items()}
    return propose_date(make_workspace(root, CONFIG, issues), number, today).date().isoformat()


@pytest.mark.parametrize(
    ("number", "dates", "expected"),
    [
        (3, {1: "2026-11-15", 2: "2026-12-15"}, "2027-01-14"),
        (3, {1: "2026-11-15", 2: "2026-12-15", 4: "2027-01-14"}, "2026-12-30"),
        (3, {1: "2026-11-15", 2: "2026-12-15", 6: "2027-01-14"}, "2026-12-22"),
        (3, {1: "2026-11-15", 2: "2026-12-15", 4: "2027-06-01"}, "2027-01-14"),
        (1, {2: "2026-12-15"}, "2026-11-01"),
        (1, {2: "2026-10-15"}, "2026-10-14"),
        (3, {2: "2026-10-15", 4: "2026-11-15"}, "2026-11-12"),
        (3, {2: "2026-12-15", 4: "2026-12-15"}, "2026-12-14"),
        (None, {1: "2026-11-15", 2: "2026-12-15", 4: "2027-01-14"}, "2027-02-13"),
    ],
)
def test_it_lies_between_its_neighbours(
    tmp_path: Path, number: int | None, dates: dict[int, str], expected: str
) -> None:
    assert proposed(tmp_path, number, dates) == expected
