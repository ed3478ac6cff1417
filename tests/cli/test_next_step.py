"""Each command of the way ends with the next one: for somebody at a terminal, in one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.workspace.folder import Workspace
from tests.inside import at_keyboard, call
from tests.workspaces import make_workspace

FAULT = "---\nauthor: Grace\n---\nIt is on Monday 12 June 2026: [here]().\n"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    made = make_workspace(tmp_path / "ws")
    (made.root / "list.csv").write_text("email;name\nann@example.org;Ann\n", encoding="utf-8")
    return made


def last_line(workspace: Workspace, *arguments: str) -> str:
    return at_keyboard(workspace.root, *arguments, typed="", NO_COLOR="1")[1].splitlines()[-1]


@pytest.mark.parametrize(
    ("typed", "following"),
    [
        ("check 1 --offline --no-language", "→ Next: nl assemble 1"),
        ("assemble 1 --offline", "→ Next: nl preview 1"),
        ("preview 1 --terminal", "→ Next: nl assemble 1"),
        ("list check", "→ Next: nl send --dry-run"),
        ("list stats", "→ Next: nl send --dry-run"),
        ("list add lea@example.org --consent form", "→ Next: nl list stats"),
        ("words add Cartiflette", "→ Next: nl check"),
    ],
)
def test_the_way_of_an_issue(workspace: Workspace, typed: str, following: str) -> None:
    if typed.startswith("list add"):  # to the list that nl keeps, where there is no other
        (workspace.root / "list.csv").unlink()
    assert last_line(workspace, *typed.split()) == following


def test_from_faults_it_leads_back_to_them(workspace: Workspace) -> None:
    (workspace.issue_folder(1) / "news.md").write_text(FAULT, encoding="utf-8")
    (workspace.root / "list.csv").write_text("email;name\nno address;Ann\n", encoding="utf-8")
    assert last_line(workspace, "check", "1", "--offline", "--no-language") == "→ Next: nl check 1 --review"
    assert last_line(workspace, "assemble", "1", "--offline") == "→ Next: nl check 1"
    assert last_line(workspace, "list", "check") == "→ Once that is mended: nl list check"


def test_the_folder_that_was_named_is_named_again(workspace: Workspace, tmp_path: Path) -> None:
    said = at_keyboard(tmp_path, "-C", "ws", "assemble", "1", "--offline", typed="", NO_COLOR="1")[1]
    assert said.splitlines()[-1] == "→ Next: nl -C ws preview 1"


@pytest.mark.parametrize("arguments", [("assemble", "1", "--offline"), ("list", "stats"), ("check", "--offline")])
def test_a_pipe_and_a_script_are_not_told(workspace: Workspace, arguments: tuple[str, ...]) -> None:
    assert "→ Next" not in call(*arguments, cwd=workspace.root).out
    assert "→ Next" not in at_keyboard(workspace.root, *arguments, "--json", typed="")[1]
