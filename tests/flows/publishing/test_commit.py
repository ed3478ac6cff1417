"""`nl publish --commit`: a commit of the issue's files and of nothing else, by a real Git."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.flows.publishing.sites import SiteAndLetter
from tests.workspaces import git, write

PAGE = "content/posts/one/index.md"
HOOKS = ("pre-commit", "commit-msg", "post-commit", "post-checkout", "reference-transaction", "post-index-change")
MADE = {PAGE, *(f"content/posts/one/{name}" for name in ("cover.png", "minutes.pdf", "square.png"))}


def said(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


def committed(folder: Path) -> set[str]:
    return set(said(folder, "show", "--name-only", "--format=", "-z", "HEAD").split("\0")) - {""}


@pytest.fixture
def letter(tmp_path: Path) -> SiteAndLetter:
    """A site in a repository with a commit, and with hooks that leave a trace."""
    letter = SiteAndLetter(tmp_path)
    begin(letter.site)
    for hook in HOOKS:
        path = write(letter.site / ".git/hooks" / hook, f"#!/bin/sh\necho {hook} >> '{tmp_path}/hooked'\n")
        path.chmod(0o755)
    return letter


def begin(folder: Path) -> None:
    git(folder, "init", "-q", "-b", "main")
    for key in ("name", "email"):
        git(folder, "config", f"user.{key}", "ada@example.org")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "The site")


def publish(letter: SiteAndLetter, *arguments: str) -> str:
    done = letter.nl("publish", "1", "--commit", *arguments)
    assert done.status == 0, done.err
    return done.out


def refused(letter: SiteAndLetter, *arguments: str) -> str:
    before = letter.files
    done = letter.nl("publish", "1", "--commit", *arguments)
    assert done.status == 2, done.out + done.err
    assert letter.files == before
    assert "→" in done.err
    return done.err


def test_the_issue_s_files_and_nothing_else(letter: SiteAndLetter, tmp_path: Path) -> None:
    write(letter.site / "staged.md", "staged")
    git(letter.site, "add", "staged.md")
    write(letter.site / "hugo.toml", "# changed\n")
    write(letter.site / "new.md", "new")
    git(letter.site, "remote", "add", "forge", "https://forge.example.org/site.git")
    (tmp_path / "hooked").unlink(missing_ok=True)
    shown = publish(letter)
    assert not (tmp_path / "hooked").exists()
    assert committed(letter.site) == MADE
    assert said(letter.site, "status", "--porcelain").splitlines() == ["M hugo.toml", "A  staged.md", "?? new.md"]
    assert said(letter.site, "branch", "--show-current") == "newsletter-1"
    assert (
        said(letter.site, "log", "-1", "--format=%an %s%n%P")
        == f"ada@example.org Publish Tidings #1\n{said(letter.site, 'rev-parse', 'main')}"
    )
    assert "push -u forge newsletter-1" in shown
    said(letter.site, "fsck", "--strict")


def test_again_on_its_own_branch(letter: SiteAndLetter) -> None:
    publish(letter)
    assert "There was nothing to commit" in publish(letter)
    letter.text("news.md", "---\nauthor: Grace\n---\nOther words.\n")
    publish(letter)
    assert committed(letter.site) == {PAGE}
    assert said(letter.site, "rev-list", "--count", "HEAD") == "3"


def test_what_was_published_before_is_committed_too(letter: SiteAndLetter) -> None:
    letter.nl("publish", "1")
    publish(letter, "--branch", "letters/june")
    assert committed(letter.site) == MADE
    assert said(letter.site, "branch", "--show-current") == "letters/june"


def test_a_dry_run_says_where_and_makes_nothing(letter: SiteAndLetter) -> None:
    before = said(letter.site, "for-each-ref")
    assert "It would be committed on the branch newsletter-1." in publish(letter, "--dry-run")
    assert said(letter.site, "for-each-ref") == before


def test_one_repository_for_letter_and_site(tmp_path: Path) -> None:
    """The workspace lies in the site's repository: what was published is recorded in the same commit."""
    letter = SiteAndLetter(tmp_path)
    write(letter.root / ".gitignore", "state/\n")
    begin(tmp_path)
    publish(letter)
    assert committed(tmp_path) == {f"site/{name}" for name in MADE} | {"letter/sections/001/_site.toml"}
    assert said(tmp_path, "status", "--porcelain") == ""


def test_a_work_tree_of_its_own(letter: SiteAndLetter, tmp_path: Path) -> None:
    git(letter.site, "worktree", "add", "-q", "-b", "side", str(tmp_path / "side"))
    publish(letter, "--site", str(tmp_path / "side"))
    assert said(tmp_path / "side", "branch", "--show-current") == "newsletter-1"
    assert said(tmp_path / "side", "status", "--porcelain") == ""
    assert said(letter.site, "branch", "--show-current") == "main"


class TestRefusals:
    def test_a_branch_of_that_name(self, letter: SiteAndLetter) -> None:
        git(letter.site, "branch", "newsletter-1")
        assert "has a branch newsletter-1 already" in refused(letter)
        assert "no branch can be called “a b”" in refused(letter, "--branch", "a b")

    def test_a_detached_head(self, letter: SiteAndLetter) -> None:
        git(letter.site, "checkout", "-q", "--detach")
        assert "a detached HEAD" in refused(letter)

    def test_a_merge_under_way(self, letter: SiteAndLetter) -> None:
        write(letter.site / ".git/MERGE_HEAD", said(letter.site, "rev-parse", "HEAD") + "\n")
        assert "something is under way in ../site: git merge" in refused(letter)

    def test_a_repository_without_a_commit(self, tmp_path: Path) -> None:
        letter = SiteAndLetter(tmp_path)
        git(letter.site, "init", "-q", "-b", "main")
        assert "has no commit yet" in refused(letter)

    def test_no_repository(self, tmp_path: Path) -> None:
        assert "lies in no Git repository" in refused(SiteAndLetter(tmp_path))

    def test_nobody_to_commit_for(self, letter: SiteAndLetter, monkeypatch: pytest.MonkeyPatch) -> None:
        for key in ("name", "email"):
            git(letter.site, "config", "--unset", f"user.{key}")
        git(letter.site, "config", "user.useConfigOnly", "true")
        monkeypatch.setenv("HOME", str(letter.root))
        for name in ("GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "EMAIL"):
            monkeypatch.delenv(name, raising=False)
        assert "in whose name" in refused(letter)

    def test_what_git_ignores(self, letter: SiteAndLetter) -> None:
        write(letter.site / ".gitignore", "*.pdf\n")
        assert "Git ignores content/posts/one/minutes.pdf there" in refused(letter)

    def test_what_a_filter_is_set_for(self, letter: SiteAndLetter) -> None:
        """Whatever the filter would run: nothing of it is."""
        write(letter.site / ".gitattributes", "*.png filter=lfs\n")
        git(letter.site, "config", "filter.lfs.clean", f"touch '{letter.root.parent}/filtered'")
        assert "a filter of Git’s (LFS?) is set for content/posts/one/cover.png" in refused(letter)
        assert not (letter.root.parent / "filtered").exists()

    def test_another_git_at_work(self, letter: SiteAndLetter) -> None:
        write(letter.site / ".git/index.lock", "")
        done = letter.nl("publish", "1", "--commit")
        assert done.status == 2
        assert "Git refuses in ../site" in done.err
        assert said(letter.site, "branch", "--list") == "* main"
