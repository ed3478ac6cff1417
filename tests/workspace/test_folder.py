"""The workspace is found from anywhere within, and its issues by number whatever the folder's padding."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.base.errors import ConfigError, ContentError, StorageError, UsageError, WorkspaceNotFound
from newsletter_cli.workspace.folder import find_workspace, open_workspace, parse_issue_number
from tests.workspaces import CONFIG, make_workspace, write


def test_it_is_found_from_below(tmp_path: Path) -> None:
    make_workspace(tmp_path / "ws")
    assert find_workspace(tmp_path / "ws" / "sections" / "001").root == tmp_path / "ws"


def test_the_nearest_one_is_meant(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    make_workspace(tmp_path / "inner")
    assert find_workspace(tmp_path / "inner" / "sections").root == tmp_path / "inner"


def test_none_is_found(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceNotFound) as caught:
        find_workspace(tmp_path)
    assert "nl init" in (caught.value.hint or "")
    with pytest.raises(WorkspaceNotFound, match="there is no folder"):
        find_workspace(tmp_path / "absent")


@pytest.mark.parametrize("content", [b"\x80\x81", "name = 'é'".encode("cp1252")])
def test_a_configuration_that_is_no_text_is_a_fault_of_configuration(tmp_path: Path, content: bytes) -> None:
    write(tmp_path / "newsletter.toml", content)
    with pytest.raises(ConfigError) as caught:
        open_workspace(tmp_path)
    assert (caught.value.place, caught.value.exit_status) == ("newsletter.toml:1", 2)


def test_a_configuration_in_utf_16_is_read(tmp_path: Path) -> None:
    write(tmp_path / "newsletter.toml", CONFIG.encode("utf-16"))
    assert open_workspace(tmp_path).config.newsletter.name == "Tidings"


@pytest.mark.parametrize("text", ["2", "002", "0000000002"])
def test_a_number_with_or_without_zeros(tmp_path: Path, text: str) -> None:
    workspace = make_workspace(tmp_path, issues={2: {"a.md": ""}})
    assert workspace.existing_issue(text) == 2


@pytest.mark.parametrize(
    "text", ["", "0", "000", "-1", "1.0", "two", " 2", "2 ", "²", "٢", "1_0", "1234567", "9" * 5000, "2\n"]
)
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_issue_number(text)
    assert caught.value.hint


def test_the_latest_by_number_not_by_name(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, issues={2: {"a.md": ""}})
    for name in ("10", "9", "drafts", "000", ".011", "1234567", "12a"):
        (tmp_path / "sections" / name).mkdir()
    write(tmp_path / "sections" / "99", "a file")
    assert workspace.issue_numbers() == [2, 9, 10]
    assert workspace.existing_issue(None) == 10
    assert workspace.issue_folder(9).name == "9"
    assert workspace.issue_folder(2).name == "002"
    assert workspace.issue_folder(3).name == "003"
    assert workspace.build_folder(9).name == "009"


def test_two_folders_of_one_number_are_named(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, issues={2: {"a.md": ""}})
    (tmp_path / "sections" / "02").mkdir()
    assert workspace.issue_numbers() == [2]
    with pytest.raises(ContentError, match="sections/002 and sections/02"):
        workspace.issue_folder(2)


def test_an_issue_that_is_not_there_names_those_that_are(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path, issues={2: {"a.md": ""}, 4: {"a.md": ""}})
    with pytest.raises(UsageError) as caught:
        workspace.existing_issue("3")
    assert "2, 4" in (caught.value.hint or "")
    assert "nl new 3" in (caught.value.hint or "")
    with pytest.raises(UsageError, match="no issue yet"):
        make_workspace(tmp_path / "empty", issues={}).existing_issue(None)


def test_what_is_kept_in_state_is_private(tmp_path: Path) -> None:
    import os

    workspace = make_workspace(tmp_path)
    assert workspace.private_folder("cache").is_dir()
    if os.name == "posix":
        assert (tmp_path / "state").stat().st_mode & 0o077 == 0
    write(tmp_path / "other" / "newsletter.toml", CONFIG)
    write(tmp_path / "other" / "state", "a file")
    with pytest.raises(StorageError):
        open_workspace(tmp_path / "other").private_folder("cache")
