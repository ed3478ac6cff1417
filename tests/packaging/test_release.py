"""A release is made from one place: version, changelog, tag; nothing is half done, and nothing is pushed."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.workspaces import ROOT, write

LOG = """# Changelog

## [Unreleased]

### Added

- Something new.

## [0.1.0] - 2026-01-02

- The first.
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    root = tmp_path / "clone"
    write(root / "newsletter_cli" / "__init__.py", '"""`nl`."""\n\n__version__ = "0.1.0"\n')
    write(root / "CHANGELOG.md", LOG)
    write(root / "docs" / "guides" / "install.md", "pipx install ./newsletter_cli-0.1.0-py3-none-any.whl\n")
    git(root, "init", "--quiet", "--initial-branch=main")
    git(root, "config", "user.name", "Ada")
    git(root, "config", "user.email", "ada@example.org")
    git(root, "add", "--all")
    git(root, "commit", "--quiet", "--message", "First")
    return root


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, capture_output=True, text=True, check=True).stdout.strip()


def release(root: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        [sys.executable, ROOT / "scripts" / "release.py", *arguments],
        cwd=root, capture_output=True, text=True, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def test_version_changelog_commit_and_tag_come_from_one_command(clone: Path) -> None:
    status, said = release(clone, "make", "0.2.0", "--date", "2026-12-15")
    assert status == 0, said
    assert "git push origin HEAD v0.2.0" in said
    assert '__version__ = "0.2.0"\n' in (clone / "newsletter_cli" / "__init__.py").read_text("utf-8")
    log = (clone / "CHANGELOG.md").read_text("utf-8")
    assert "## [Unreleased]\n\n## [0.2.0] - 2026-12-15\n\n### Added\n\n- Something new.\n" in log
    page = (clone / "docs" / "guides" / "install.md").read_text("utf-8")
    assert page == "pipx install ./newsletter_cli-0.2.0-py3-none-any.whl\n"
    assert git(clone, "status", "--porcelain") == ""
    assert git(clone, "describe", "--exact-match") == "v0.2.0"
    assert "### Added\n\n- Something new." in git(clone, "tag", "--list", "--format=%(contents)", "v0.2.0")
    assert release(clone, "notes") == (0, "### Added\n\n- Something new.\n")
    assert release(clone, "check", "v0.2.0") == (0, "")
    assert release(clone, "check", "v0.2.1")[0] == 1
    # A second time: nothing is new.
    status, said = release(clone, "make", "0.3.0")
    assert (status, said) == (1, "CHANGELOG.md says nothing under “## [Unreleased]”\n")


@pytest.mark.parametrize(
    ("version", "prepare", "reason"),
    [
        ("0.0.9", "", "0.0.9 comes before 0.1.0"),
        ("1.0", "", "1.0 is no version"),
        ("v1.0.0", "", "v1.0.0 is no version"),
        ("0.1.0", "", "has a part of 0.1.0 already"),
        ("0.1.0rc1", "", "comes before"),
        ("0.2.0", "touch", "not committed"),
        ("0.2.0", "tag", "v0.2.0 exists already"),
    ],
)
def test_what_stands_in_the_way_changes_nothing(clone: Path, version: str, prepare: str, reason: str) -> None:
    if prepare == "touch":
        write(clone / "stray.txt", "")
    elif prepare == "tag":
        git(clone, "tag", "v0.2.0")
    before = git(clone, "rev-parse", "HEAD")
    status, said = release(clone, "make", version)
    assert status == 1
    assert reason in said
    assert (git(clone, "rev-parse", "HEAD"), (clone / "CHANGELOG.md").read_text("utf-8")) == (before, LOG)


def test_an_undated_part_is_no_release(clone: Path) -> None:
    write(clone / "CHANGELOG.md", LOG.replace(" - 2026-01-02", ""))
    assert release(clone, "check", "v0.1.0") == (1, "CHANGELOG.md: the part of 0.1.0 has no date\n")


def test_the_changelog_of_this_very_clone_can_be_released() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert text.count("\n## [Unreleased]\n") == 1


def test_no_page_has_somebody_install_a_name_that_is_not_ours() -> None:
    """Nobody has registered `newsletter-cli`: whoever does first would be run by those who follow such a line."""
    asked = re.compile(r"(?:pip|pipx|tool) install (?:--?\w+ )*[\"']?newsletter-cli|newsletter-cli\[")
    texts = [*ROOT.glob("*.md"), *(path for top in ("docs", "templates") for path in (ROOT / top).rglob("*.md"))]
    texts += list((ROOT / "newsletter_cli").rglob("*.p[oy]"))
    found = [path.relative_to(ROOT).as_posix() for path in texts if asked.search(path.read_text("utf-8"))]
    # The last two explain it, and list what the extras bring.
    assert sorted(found) == ["CHANGELOG.md", "CONTRIBUTING.md", "newsletter_cli/base/extras.py"]
