"""Nothing with people in it is among the files of an issue, whoever put it there: they go to its readers."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.flows.issue_files import find_issue_files
from newsletter_cli.flows.people_files import Holding, remember
from newsletter_cli.flows.people_in_git import people_findings
from newsletter_cli.workspace.folder import Workspace, open_workspace
from tests.workspaces import CONFIG, make_workspace, write

ISSUE = "sections/001"


def workspace_with(root: Path, config: str, *names: str) -> Workspace:
    make_workspace(root, CONFIG + config)
    for name in ("images/a.png", "data.csv", *names):
        write(root / ISSUE / name, "email\nada@example.org\n")
    return open_workspace(root)


@pytest.mark.parametrize(
    ("config", "name"),
    [
        ('[list]\nfile = "sections/001/people.csv"\n', "people.csv"),
        ('[list]\nfile = "sections/001/files/people.xlsx"\n', "files/people.xlsx"),
        ('[list.sql]\nurl = "sqlite:///sections/001/files/people.db"\n', "files/people.db"),
        ('[send]\ntransport = "maildir:sections/001/images/box"\n', "images/box/new/1.eml"),
        ('[send]\ntransport = "maildir:sections/001/images/../out"\n', "out/cur/1.eml"),
    ],
)
def test_what_is_configured_is_left_out_and_told(tmp_path: Path, config: str, name: str) -> None:
    workspace = workspace_with(tmp_path, config, name)
    assert set(find_issue_files(workspace, 1)) == {"images/a.png", "data.csv"}
    assert any("names people" in one.message for one in people_findings(workspace))


def test_what_nl_wrote_is_left_out(tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path, "", "report.csv", "box/new/1.eml")
    remember(workspace, tmp_path / ISSUE / "report.csv", Holding.ROWS)
    remember(workspace, tmp_path / ISSUE / "box", Holding.MESSAGES)
    assert set(find_issue_files(workspace, 1)) == {"images/a.png", "data.csv"}


def test_a_link_to_it_is_left_out_too(tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path, '[list]\nfile = "sections/001/people.csv"\n', "people.csv")
    try:
        (tmp_path / ISSUE / "images/b.csv").symlink_to(tmp_path / ISSUE / "people.csv")
    except OSError:
        pytest.skip("no links here")
    assert set(find_issue_files(workspace, 1)) == {"images/a.png", "data.csv"}


def test_an_outbox_that_holds_all_takes_nothing_away(tmp_path: Path) -> None:
    workspace = workspace_with(tmp_path, '[send]\ntransport = "maildir:."\n')
    assert set(find_issue_files(workspace, 1)) == {"images/a.png", "data.csv"}
