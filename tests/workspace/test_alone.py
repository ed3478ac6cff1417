"""Two that write the same files wait for each other."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter_cli.base.errors import StorageError
from newsletter_cli.workspace.alone import only_writer
from tests.inside import run
from tests.waiting import PATIENCE_SECONDS
from tests.workspaces import NL, environment, make_workspace, obeying_permissions, tree, write


def test_whoever_does_not_come_to_an_end_is_named(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    with only_writer(workspace):
        with pytest.raises(StorageError, match="another nl") as caught, only_writer(workspace, wait_seconds=0):
            raise AssertionError
        assert caught.value.file == "state/files.lock"
    with only_writer(workspace, wait_seconds=0):
        pass


def test_what_killed_runs_left_is_gone(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path)
    left = write(tmp_path / "build/.nl-001.new-0a1b2c3d.tmp/post.md", "half").parent
    with only_writer(workspace, tmp_path / "build", tmp_path / "absent"):
        assert not left.exists()


@pytest.mark.parametrize("place", ["state", "state/files.lock"])
def test_where_it_cannot_be_locked_the_work_goes_on(tmp_path: Path, place: str) -> None:
    workspace = make_workspace(tmp_path)
    write(tmp_path / place, "a file") if place == "state" else (tmp_path / place).mkdir(parents=True)
    young = write(tmp_path / "build/.nl-a.md-x.tmp", "another one's, perhaps")
    with only_writer(workspace, tmp_path / "build"):
        assert young.exists()


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_state_that_is_read_only_keeps_nobody_from_assembling(tmp_path: Path) -> None:
    make_workspace(tmp_path)
    (tmp_path / "state").mkdir(mode=0o500)
    done = run("assemble", cwd=tmp_path, prefix=obeying_permissions())
    (tmp_path / "state").chmod(0o700)
    assert (done.returncode, "build/001" in done.stdout) == (0, True)


def started(root: Path, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
    for _ in range(2):
        yield subprocess.Popen(
            [NL, *arguments], cwd=root, env=environment(), stdin=subprocess.DEVNULL, stdout=-1, stderr=subprocess.STDOUT
        )


def ends(root: Path, *arguments: str) -> list[int]:
    """How two of one command end that wait for the same lock, which is held until both are there."""
    with only_writer(make_workspace(root, issues={})):
        processes = list(started(root, *arguments))
        for process in processes:
            # Long enough for both to have read what there is; nothing hangs on it.
            with pytest.raises(subprocess.TimeoutExpired):
                process.wait(timeout=1)
    return sorted(process.wait(timeout=PATIENCE_SECONDS) for process in processes if process.communicate())


def test_two_new_issues_at_once_are_two(tmp_path: Path) -> None:
    assert ends(tmp_path, "new", "--date", "2026-07-01") == [0, 0]
    names = [sorted(tree(tmp_path / "sections" / number)) for number in ("001", "002")]
    assert names[0] == names[1] != []


def test_of_two_imports_of_one_number_at_once_one_is_refused(tmp_path: Path) -> None:
    write(tmp_path / "post.md", "## News\nOne.\n")
    assert ends(tmp_path, "import", "post.md", "--issue", "1") == [0, 2]
    assert sorted(tree(tmp_path / "sections")) == ["001/_issue.md", "001/news.md"]
