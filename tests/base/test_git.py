"""Git is asked, and runs nothing that a repository brings along."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from pathlib import Path

import pytest

from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.git import GitMissing, first_tracked, is_ignored, run_git
from newsletter_cli.flows.since import read_base
from tests.workspaces import CONFIG, git, make_workspace, write

pytestmark = pytest.mark.skipif(shutil.which("git") is None or os.name != "posix", reason="needs git and a shell")


def test_what_is_tracked_in_a_folder_whatever_its_case(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    write(tmp_path / "state" / "x", "")
    write(tmp_path / "statement.md", "")
    git(tmp_path, "add", "statement.md")
    assert first_tracked(tmp_path, "state") is None
    git(tmp_path, "add", "state")
    assert first_tracked(tmp_path, "state") == "state/x"
    git(tmp_path, "mv", "state", "State")
    assert first_tracked(tmp_path, "state") == "State/x"


def test_what_is_ignored(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert not is_ignored(tmp_path, "state/")
    write(tmp_path / ".gitignore", "state/\n")
    assert is_ignored(tmp_path, "state/")


def test_the_repository_asked_is_the_one_the_folder_lies_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("here", "other"):
        (tmp_path / name).mkdir()
        git(tmp_path / name, "init", "-q")
    write(tmp_path / "here" / "state" / "x", "")
    git(tmp_path / "here", "add", "state")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    assert first_tracked(tmp_path / "here", "state") == "state/x"


def test_without_git_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # One that lies in the workspace is not taken for it.
    program = write(tmp_path / "git", "#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", os.pathsep.join((".", "", str(tmp_path / "none"))))
    with pytest.raises(GitMissing):
        run_git(tmp_path, "--version")


@pytest.mark.parametrize("kind", ["fsmonitor", "filter", "hook", "pager", "textconv", "bare"])
def test_no_program_of_the_repository_runs(tmp_path: Path, kind: str) -> None:
    marker, evil = tmp_path / "marker", tmp_path / "evil"
    write(evil, f"#!{sys.executable}\nimport pathlib, sys\npathlib.Path({str(marker)!r}).touch()\n").chmod(0o755)
    top = tmp_path / "clone"
    workspace = make_workspace(top / "letter")
    write(workspace.root / "state" / "x", "")
    git(top, "init", "-q")
    git(top, "add", ".")
    git(top, "commit", "-qm", "one")
    if kind == "fsmonitor":
        git(top, "config", "core.fsmonitor", str(evil))
    elif kind == "filter":
        git(top, "mv", "letter/sections/001/news.md", "letter/sections/001/told.md")
        git(top, "config", "filter.evil.clean", str(evil))
        write(top / ".gitattributes", "* filter=evil\n")
        write(workspace.root / "sections/001/told.md", "Something else.\n")
    elif kind == "hook":
        git(top, "config", "core.hooksPath", str(tmp_path / "hooks"))
        write(tmp_path / "hooks" / "post-index-change", evil.read_text()).chmod(0o755)
        os.utime(workspace.root / "newsletter.toml", (1, 1))
    elif kind == "pager":
        git(top, "config", "core.pager", str(evil))
        git(top, "config", "pager.ls-files", str(evil))
    elif kind == "textconv":
        git(top, "config", "diff.evil.textconv", str(evil))
        git(top, "config", "diff.external", str(evil))
        write(top / ".gitattributes", "* diff=evil\n")
        write(workspace.root / "newsletter.toml", CONFIG + "\n")
    else:
        # A folder that merely looks like a repository, its configuration among the files of the clone.
        shutil.copytree(top / ".git", workspace.root, dirs_exist_ok=True)
        write(workspace.root / "config", f"[core]\nbare = false\nworktree = .\nfsmonitor = {evil}\n")
    from newsletter_cli.flows.check import check_workspace

    marker.unlink(missing_ok=True)  # the test's own calls of Git are not careful
    with contextlib.suppress(UsageError):  # a folder that only looks like a repository is refused
        read_base(workspace, 1, "HEAD", check_workspace)
    assert first_tracked(workspace.root, "state") == "state/x"
    is_ignored(workspace.root, "state/")
    assert not marker.exists()
