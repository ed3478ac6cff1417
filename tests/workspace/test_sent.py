"""The records of what went out, whatever their files are called."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter_cli.base.errors import ConfigError
from newsletter_cli.workspace.sent import read_sent_records
from tests.workspaces import make_workspace, write

RECORD = 'ledger = "8b866a0d7c5088a8"\nat = "2026-11-30T09:10:40Z"\n'


@pytest.mark.parametrize("name", ["001.toml", "1.toml", "001.TOML", "0001.Toml"])
def test_it_counts_by_any_name_of_its_number(tmp_path: Path, name: str) -> None:
    workspace = make_workspace(tmp_path / "w")
    write(workspace.root / "sent" / name, RECORD)
    assert list(read_sent_records(workspace)) == [1]


def test_two_records_of_one_issue_are_an_error_that_names_both(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "w")
    write(workspace.root / "sent/001.toml", RECORD)
    write(workspace.root / "sent/1.toml", RECORD.replace("8", "9"))
    with pytest.raises(ConfigError) as caught:
        read_sent_records(workspace)
    assert "001.toml and 1.toml" in caught.value.message
