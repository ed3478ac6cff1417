"""`nl list forget` erases from the files that `nl` wrote, and names what it cannot reach."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.test_people_in_git import FULL, TABLE, nl
from tests.workspaces import make_workspace, write

WHOM = "ben@example.org"


def holding(root: Path) -> set[str]:
    """The files in which somebody still stands."""
    return {
        path.relative_to(root).as_posix()
        for path in root.rglob("*")
        if path.is_file() and WHOM.encode() in path.read_bytes().lower()
    }


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "w"
    make_workspace(root, FULL)
    write(root / "members.csv", TABLE)
    nl(root, "list", "import", "members.csv")
    nl(root, "assemble", "1")
    return root


def test_outboxes_reports_and_exports(root: Path, tmp_path: Path) -> None:
    nl(root, "send", "1", "--dry-run", "--outbox", str(tmp_path / "looked-at"))
    nl(root, "send", "1", "--yes", "--transport", "maildir:outbox")
    nl(root, "report", "1", "--csv", "report.csv")
    nl(root, "list", "export", "--all", "--output", str(tmp_path / "all.csv"))
    nl(root, "list", "export", WHOM, "--output", f"{WHOM}.json")
    done = nl(root, "list", "forget", WHOM, "--yes")
    assert "Erased." in done.out
    assert "2 messages to them were deleted" in done.out
    assert "report.csv" in done.out
    assert "backups" in done.out
    assert "members.csv: erase row 3 there" in done.err
    # The editor's own file alone.
    assert holding(tmp_path) == {"w/members.csv"}
    assert (root / "report.csv").read_text("utf-8-sig").splitlines()[1].startswith("ada@example.org;Ada;sent;")
    assert len(list((root / "outbox" / "new").iterdir())) == len(list((tmp_path / "looked-at").iterdir())) == 1


def test_an_outbox_of_nobody_else(root: Path) -> None:
    nl(root, "send", "1", "--yes")
    found = json.loads(nl(root, "list", "forget", WHOM.upper(), "--yes", "--json").out)
    assert (found["messages_erased"], found["gone_from_files"]) == (1, True)
    assert holding(root) == {"members.csv"}


def test_whoever_stands_in_a_report_only_is_known(root: Path) -> None:
    nl(root, "list", "export", "--all", "--output", "state/all.csv")
    (root / "members.csv").unlink()
    for database in (root / "state").glob("list*"):
        database.unlink()
    assert "state/all.csv" in nl(root, "list", "forget", WHOM, "--yes").out
    assert holding(root) == set()
