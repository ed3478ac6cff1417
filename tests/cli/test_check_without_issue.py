"""A hook and CI look from the first commit on, when there is no issue yet."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.inside import run
from tests.workspaces import git, write


@pytest.mark.parametrize(
    "options", [(), ("--offline",), ("--format", "github"), ("--format", "sarif"), ("--json",), ("--fix", "--yes")]
)
def test_a_workspace_without_an_issue_passes(tmp_path: Path, options: tuple[str, ...]) -> None:
    assert run("init", "letter", cwd=tmp_path).returncode == 0
    done = run("check", *options, cwd=tmp_path / "letter")
    assert (done.returncode, done.stderr) == (0, "")
    if "--json" in options:
        assert json.loads(done.stdout) == {"issue": None, "findings": [], "links": {}, "language": {}}
    elif "sarif" in options:
        assert json.loads(done.stdout)["runs"][0]["results"] == []
    else:
        assert "no issue yet" in done.stdout
        assert "Well done" not in done.stdout


@pytest.mark.needs("git")
def test_a_list_in_git_is_found_all_the_same(tmp_path: Path) -> None:
    assert run("init", ".", cwd=tmp_path).returncode == 0
    git(tmp_path, "init", "-q")
    write(tmp_path / "list.csv", "email;name\nada@example.org;Ada\n")
    git(tmp_path, "add", "-f", "list.csv")
    done = run("check", cwd=tmp_path)
    assert done.returncode == 1
    assert "people-in-git" in done.stdout


def test_an_issue_that_is_named_must_be_there(tmp_path: Path) -> None:
    assert run("init", ".", cwd=tmp_path).returncode == 0
    assert run("check", "1", cwd=tmp_path).returncode == 2
