from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from newsletter_cli.base.errors import UsageError
from newsletter_cli.check.reading import CONTENT_UNUSABLE
from newsletter_cli.flows.since import Base, identities, only_new, prefix_in_repository, read_base
from newsletter_cli.model import Finding, Level, Place
from newsletter_cli.workspace.files import read_text
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.read import section_files
from tests.workspaces import CONFIG, ISSUE, make_workspace, tree, write

pytestmark = pytest.mark.needs("git")
AGENDA = "sections/001/agenda.md"
NOT_MINE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")


@pytest.fixture(autouse=True)
def plain_git(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NOT_MINE:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main")
    done = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder: Path, message: str = "x") -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")


@dataclass(frozen=True)
class Known:
    findings: tuple[Finding, ...] = ()
    sources: dict[str, str] = field(default_factory=dict)


def look(workspace: Workspace, number: int) -> Known:
    """A rule of the tests' own: a line with an exclamation mark. And one without a line: a file with a question."""
    findings, sources = [], {}
    for path in [*section_files(workspace.issue_folder(number)), workspace.issue_folder(number) / "_issue.md"]:
        file = workspace.name_of(path)
        sources[file] = text = read_text(path, name=file)
        for line, words in enumerate(text.splitlines(), 1):
            if "!" in words:
                findings.append(
                    Finding(file=file, rule="shout", level=Level.WARNING, message=f"line {line}", line=line)
                )
        if "?" in text:
            findings.append(Finding(file=file, rule="question", level=Level.WARNING, message="a question"))
        if text.startswith("broken"):
            fault = CONTENT_UNUSABLE.at(Place(file=file, line=1), "cannot be read")
            return Known((fault,), {"newsletter.toml": ""})
    return Known(tuple(findings), sources)


def new(workspace: Workspace, revision: str = "HEAD", number: int = 1) -> list[str]:
    base = read_base(workspace, number, revision, look)
    return [finding.place for finding in only_new(look(workspace, number), base)]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    root = tmp_path / "repository"
    made = make_workspace(root, issues={1: {**ISSUE, "agenda.md": "One!\nTwo.\n"}})
    git(root, "init", "-q")
    commit(root)
    return made


def change(workspace: Workspace, text: str, name: str = AGENDA) -> None:
    write(workspace.root / name, text)


class TestWhatIsNew:
    def test_nothing_where_nothing_has_changed(self, workspace: Workspace) -> None:
        assert new(workspace) == []

    def test_lines_that_moved_are_old(self, workspace: Workspace) -> None:
        change(workspace, "Before.\n\n  One!\nTwo.\n")
        assert new(workspace) == []

    def test_another_line_is_new(self, workspace: Workspace) -> None:
        change(workspace, "One!\nTwo!\n")
        assert new(workspace) == [f"{AGENDA}:2"]

    def test_the_same_line_once_more_is_new(self, workspace: Workspace) -> None:
        change(workspace, "One!\nTwo.\nOne!\nOne!\n")
        assert new(workspace) == [f"{AGENDA}:3", f"{AGENDA}:4"]

    def test_in_another_file_it_is_new(self, workspace: Workspace) -> None:
        change(workspace, "One!\n", "sections/001/other.md")
        assert new(workspace) == ["sections/001/other.md:1"]

    def test_a_finding_on_the_whole_file(self, workspace: Workspace) -> None:
        change(workspace, "One!\nTwo?\n")
        assert new(workspace) == [AGENDA]
        commit(workspace.root)
        assert new(workspace) == []

    def test_since_an_earlier_commit_a_branch_or_a_tag(self, workspace: Workspace) -> None:
        git(workspace.root, "tag", "then")
        git(workspace.root, "branch", "other")
        change(workspace, "One!\nTwo!\n")
        commit(workspace.root)
        assert new(workspace) == []
        for revision in ("HEAD~1", "then", "other", git(workspace.root, "rev-parse", "HEAD~1")):
            assert new(workspace, revision) == [f"{AGENDA}:2"]

    def test_an_issue_that_was_not_there_is_all_new(self, workspace: Workspace) -> None:
        change(workspace, "Hello!\n", "sections/002/_issue.md")
        assert new(workspace, number=2) == ["sections/002/_issue.md:1"]

    def test_a_base_that_cannot_be_read_is_said_and_knows_nothing(self, workspace: Workspace) -> None:
        change(workspace, "broken!\n")
        commit(workspace.root)
        change(workspace, "One!\n")
        base = read_base(workspace, 1, "HEAD", look)
        assert base.note is not None
        assert f"{AGENDA}:1: cannot be read" in base.note
        assert new(workspace) == [f"{AGENDA}:1"]

    def test_a_renamed_file_is_the_same_file(self, workspace: Workspace) -> None:
        change(workspace, "One!\nTwo.\n" + "Some more lines.\n" * 9)
        commit(workspace.root)
        git(workspace.root, "mv", AGENDA, "sections/001/à venir.md")
        change(workspace, "One!\nTwo.\n" + "Some more lines.\n" * 9 + "Ten!\n", "sections/001/à venir.md")
        assert new(workspace) == ["sections/001/à venir.md:12"]
        commit(workspace.root)
        assert new(workspace, "HEAD~1") == ["sections/001/à venir.md:12"]

    def test_rules_that_need_a_network_are_old_where_their_line_or_address_stood(self) -> None:
        base = Base(texts={"a.md": "See https://example.org/a\nand more\n"})
        text = "See  https://example.org/a.\nand more\nnew\n"

        def gone(line: int, subject: str | None = None) -> Finding:
            return Finding(file="a.md", rule="link-gone", level=Level.ERROR, message="!", line=line, subject=subject)

        findings = (gone(1, "https://example.org/a"), gone(2), gone(3), gone(3, "https://example.org/b"))
        known = Known(findings, {"a.md": text})
        assert only_new(known, base, ["link-gone"]) == findings[2:]
        assert only_new(known, base) == findings

    def test_what_is_about_no_line_is_about_this_run(self) -> None:
        unchecked = Finding(file="a.md", rule="links-unchecked", level=Level.WARNING, message="there is no network")
        text = "One\n\nTwo\n"
        assert only_new(Known((unchecked,), {"a.md": text}), Base(texts={"a.md": text}), ["links-unchecked"])

    def test_a_subject_is_recognised_on_a_line_that_has_changed(self) -> None:
        before = Finding(file="a.md", rule="r", level=Level.ERROR, message="!", line=1, subject="x")
        after = Finding(file="a.md", rule="r", level=Level.ERROR, message="!!", line=2, subject="x")
        (identity,) = identities([before], {"a.md": "old\n"})
        assert [identity] == list(identities([after], {"a.md": "1\nnew\n"}))


class TestTheWorkspaceOfThen:
    def test_it_is_complete_and_byte_for_byte(self, workspace: Workspace) -> None:
        files = {
            "templates/words/en.toml": b"a = 1\r\n",
            "sections/001/images/a bé.png": bytes(range(256)),
            "sections/001/empty.md": b"",
            "list.csv": b"ada@example.org\n",
        }
        write(workspace.root / ".gitattributes", "* text=auto eol=crlf export-subst\nsections export-ignore\n")
        for name, content in files.items():
            write(workspace.root / name, content)
        git(workspace.root, "config", "core.autocrlf", "false")
        commit(workspace.root)
        blob = git(workspace.root, "show", "HEAD:templates/words/en.toml")
        seen: list[dict[str, bytes]] = []
        configs = []

        def check(then: Workspace, number: int) -> Known:
            seen.append(tree(then.root))
            configs.append(then.config)
            return Known()

        read_base(workspace, 1, "HEAD", check)
        (then,) = seen
        assert set(then) == {
            "newsletter.toml", "templates/words/en.toml", "sections/001/images/a bé.png", "sections/001/empty.md",
            "sections/001/_issue.md", "sections/001/agenda.md", "sections/001/news.md", "sections/001/about.md",
        }  # fmt: skip
        assert then["sections/001/images/a bé.png"] == bytes(range(256))
        assert then["templates/words/en.toml"].decode().strip() == blob
        assert configs == [workspace.config]

    def test_pictures_of_other_issues_stay_where_they_are(self, workspace: Workspace) -> None:
        for name in ("002/_issue.md", "002/photo.png", "001/photo.png", "notes.png"):
            write(workspace.root / "sections" / name, "x\n")
        commit(workspace.root)
        seen: list[str] = []

        def check(then: Workspace, number: int) -> Known:
            seen.extend(tree(then.root))
            return Known()

        read_base(workspace, 1, "HEAD", check)
        assert {"sections/002/_issue.md", "sections/001/photo.png", "sections/notes.png"} <= set(seen)
        assert "sections/002/photo.png" not in seen

    def test_a_clone_that_has_not_got_all_of_it(self, workspace: Workspace, tmp_path: Path) -> None:
        (blob,) = git(workspace.root, "rev-parse", f"HEAD:{AGENDA}").split()
        (workspace.root / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
        with pytest.raises(UsageError, match="has not got all") as caught:
            read_base(workspace, 1, "HEAD", look)
        assert "fetch the whole history" in str(caught.value.hint)

    def test_nothing_is_left_behind_and_nothing_of_the_user_s_is_touched(self, workspace: Workspace) -> None:
        change(workspace, "Staged!\n")
        git(workspace.root, "add", "-A")
        change(workspace, "Not staged!\n")
        os.utime(workspace.root / AGENDA, (1, 1))
        before = tree(workspace.root)
        folders = []

        def check(then: Workspace, number: int) -> Known:
            folders.append(then.root)
            return Known()

        read_base(workspace, 1, "HEAD", check)
        assert tree(workspace.root) == before
        assert not folders[0].exists()

    @pytest.mark.skipif(os.name != "posix", reason="symbolic links")
    def test_links_inside_the_workspace_are_followed_and_none_out_of_it(
        self, workspace: Workspace, tmp_path: Path
    ) -> None:
        secret = write(tmp_path / "secret.md", "Secret!\n")
        folder = workspace.root / "sections" / "001"
        (folder / "twin.md").symlink_to("agenda.md")
        (folder / "absolute.md").symlink_to(secret)
        (folder / "above.md").symlink_to("../../../secret.md")
        commit(workspace.root)
        names: list[str] = []

        def check(then: Workspace, number: int) -> Known:
            names.extend(path.name for path in section_files(then.issue_folder(1)))
            return look(then, number)

        base = read_base(workspace, 1, "HEAD", check)
        assert names == ["about.md", "agenda.md", "news.md", "twin.md"]
        assert base.texts["sections/001/twin.md"] == "One!\nTwo.\n"

    def test_below_the_top_of_the_repository(self, tmp_path: Path) -> None:
        root = tmp_path / "site" / "les lettres" / "été"
        made = make_workspace(root, issues={1: {"agenda.md": "One!\n", "_issue.md": "x\n"}})
        write(tmp_path / "site" / "sections" / "001" / "agenda.md", "Another one!\n")
        git(tmp_path / "site", "init", "-q")
        commit(tmp_path / "site")
        assert new(made) == []
        git(root, "mv", "sections/001/agenda.md", "sections/001/news.md")
        assert new(made) == []
        change(made, "Two!\n", "sections/001/news.md")
        assert new(made) == ["sections/001/news.md:1"]
        assert prefix_in_repository(root) == "les lettres/été"
        assert prefix_in_repository(tmp_path / "site") == ""

    def test_where_git_is_told_where_it_is(
        self, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        elsewhere = tmp_path / "elsewhere.git"
        (workspace.root / ".git").rename(elsewhere)
        with pytest.raises(UsageError, match="needs a Git repository"):
            new(workspace)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("GIT_DIR", "elsewhere.git")
        monkeypatch.setenv("GIT_WORK_TREE", "repository")
        change(workspace, "One!\nTwo!\n")
        assert new(workspace) == [f"{AGENDA}:2"]
        monkeypatch.setenv("GIT_WORK_TREE", str(tmp_path / "repository" / "sections"))
        with pytest.raises(UsageError, match="is not in the Git repository"):
            new(workspace)

    def test_in_a_hook_of_git_s(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        root = tmp_path / "site" / "letters"
        made = make_workspace(root, issues={1: {"agenda.md": "One!\n", "_issue.md": "x\n"}})
        git(tmp_path / "site", "init", "-q")
        commit(tmp_path / "site")
        git(root, "mv", "sections/001/agenda.md", "sections/001/news.md")
        monkeypatch.chdir(tmp_path / "site")
        monkeypatch.setenv("GIT_INDEX_FILE", ".git/index")
        assert new(made) == []

    def test_in_a_second_work_tree(self, workspace: Workspace, tmp_path: Path) -> None:
        git(workspace.root, "worktree", "add", "-q", str(tmp_path / "second"))
        second = Workspace(tmp_path / "second", workspace.config)
        change(second, "One!\nTwo!\n")
        assert new(second) == [f"{AGENDA}:2"]
        assert prefix_in_repository(second.root) == ""


class TestWhatCannotBe:
    @pytest.mark.parametrize("revision", ["nowhere", "", "-p", "--all", "a b", "HEAD:newsletter.toml", "\0", "HEAD~9"])
    def test_a_revision_that_is_none(self, workspace: Workspace, revision: str) -> None:
        with pytest.raises(UsageError, match="Git knows no revision") as caught:
            new(workspace, revision)
        assert caught.value.hint

    def test_a_branch_whose_name_begins_with_a_dash(self, workspace: Workspace) -> None:
        git(workspace.root, "update-ref", "refs/heads/-p", "HEAD")
        change(workspace, "One!\nTwo!\n")
        assert new(workspace, "-p") == [f"{AGENDA}:2"]

    def test_no_repository(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="needs a Git repository"):
            new(make_workspace(tmp_path / "ws", CONFIG))

    def test_a_repository_without_a_commit(self, tmp_path: Path) -> None:
        made = make_workspace(tmp_path / "ws", CONFIG)
        git(made.root, "init", "-q")
        with pytest.raises(UsageError, match="Git knows no revision"):
            new(made)

    def test_no_git(self, workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        with pytest.raises(UsageError, match="which is not installed"):
            new(workspace)
