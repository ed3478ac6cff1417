"""From an empty folder to a build, as an editor goes; and the date `nl new` proposes."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newsletter_cli.base.errors import AlreadyExists, StorageError, UsageError
from newsletter_cli.flows.import_post import import_post
from newsletter_cli.flows.new import parse_date, propose_date, start_issue
from newsletter_cli.flows.status import read_status
from newsletter_cli.workspace.folder import open_workspace
from tests.inside import run
from tests.workspaces import CONFIG, ISSUE, make_workspace, tree, write

PARIS = ZoneInfo("Europe/Paris")


def test_from_an_empty_folder_to_a_build(tmp_path: Path) -> None:
    assert run("init", "letter", "--name", "Tidings", cwd=tmp_path).returncode == 0
    home = tmp_path / "letter"
    assert "nl new 1" in run("status", cwd=home).stderr
    assert run("new", "1", "--date", "2026-06-11", cwd=home).returncode == 0
    before = run("status", cwd=home).stdout
    assert "Thursday 11 June 2026" in before
    assert "draft" in before
    assert "write    now" in before
    folder = home / "sections" / "001"
    for path in folder.glob("[!_]*.md"):
        header = path.read_text(encoding="utf-8").split("---\n")[1]
        filled = header.replace("author:", "author: Ada").replace("status: draft", "status: ready")
        write(path, f"---\n{filled}---\nAll about {path.stem}.\n")
    issue = (folder / "_issue.md").read_text(encoding="utf-8")
    for key in ("summary", "subject", "preheader"):
        issue = issue.replace(f"{key}:", f"{key}: Something to read")
    write(folder / "_issue.md", issue)
    config = (home / "newsletter.toml").read_text(encoding="utf-8")
    write(home / "newsletter.toml", config.replace("# url = ", "url = ").replace("# reply_to = ", "reply_to = "))
    assert run("assemble", cwd=home).returncode == 0
    after = run("status", cwd=home).stdout
    assert "Nothing stands between this issue and its readers." in after
    post = (home / "build" / "001" / "post.md").read_text(encoding="utf-8")
    assert post.count("\nAll about ") == len(list(folder.glob("[!_]*.md")))
    # The next one carries the standing sections over, ready as they are.
    assert "(carried over)" in run("new", cwd=home).stdout
    assert (home / "sections/002/participer.md").read_bytes() == (folder / "participer.md").read_bytes()


def test_the_status_says_what_each_section_lacks(tmp_path: Path) -> None:
    workspace = make_workspace(
        tmp_path,
        issues={
            1: {"_issue.md": "", "news.md": "---\nstatus: draft\n---\n<!-- nl: x -->\n", "about.md": "Two words\n"}
        },
    )
    status = read_status(workspace, 1)
    rows = {one.slug: one for one in status.sections}
    assert [one.slug for one in status.sections] == ["agenda", "news", "about"]
    assert (rows["news"].word_count, rows["news"].status, len(rows["news"].missing)) == (0, "draft", 3)
    assert (rows["about"].word_count, rows["about"].missing) == (2, ())
    assert rows["agenda"].status == "absent"
    assert any("_issue.md lacks: date, summary, subject, preheader" in one.message for one in status.obstacles)


class TestProposedDate:
    def propose(self, tmp_path: Path, today: date, *days: str) -> str:
        issues = {number: {"_issue.md": f"---\ndate: {day}\n---\n"} for number, day in enumerate(days, 1)}
        return propose_date(make_workspace(tmp_path, issues=issues), today=today).isoformat()

    @pytest.mark.parametrize(
        ("today", "days", "proposed"),
        [
            (date(2026, 6, 1), [], "2026-06-01T13:00:00+02:00"),
            (date(2026, 6, 1), ["2026-05-28"], "2026-06-25T13:00:00+02:00"),
            (date(2026, 6, 1), ["2026-04-30", "2026-05-28"], "2026-06-25T13:00:00+02:00"),
            (date(2026, 6, 1), ["2026-05-21", "2026-05-28"], "2026-06-04T13:00:00+02:00"),
            (date(2026, 6, 4), ["2026-05-21", "2026-05-28"], "2026-06-04T13:00:00+02:00"),
            (date(2026, 6, 5), ["2026-05-21", "2026-05-28"], "2026-06-11T13:00:00+02:00"),
            (date(2026, 6, 1), ["2016-05-21", "2016-05-22"], "2026-06-01T13:00:00+02:00"),
            (date(2026, 6, 1), ["2026-05-28", "2026-05-21"], "2026-06-18T13:00:00+02:00"),
            (date(2026, 6, 1), ["2026-09-10"], "2026-10-08T13:00:00+02:00"),
            (date(2026, 10, 1), ["2026-10-22"], "2026-11-19T13:00:00+01:00"),
            (date(2026, 6, 1), ["9999-12-01", "9999-12-31"], "2026-06-01T13:00:00+02:00"),
            (date(2026, 6, 1), ["0001-01-01", "0001-01-02"], "2026-06-01T13:00:00+02:00"),
            (date(2026, 6, 1), ["nonsense"], "2026-06-01T13:00:00+02:00"),
        ],
    )
    def test_in_the_rhythm_of_the_last_issues_never_in_the_past(
        self, tmp_path: Path, today: date, days: list[str], proposed: str
    ) -> None:
        assert self.propose(tmp_path, today, *days) == proposed

    def test_by_the_issues_before_it_whatever_comes_after(self, tmp_path: Path) -> None:
        days = {1: "2026-11-15", 2: "2026-12-15", 4: "2027-02-14", 5: "2027-03-14"}
        issues = {number: {"_issue.md": f"---\ndate: {day}\n---\n"} for number, day in days.items()}
        workspace = make_workspace(tmp_path, issues=issues)
        today = date(2026, 12, 1)
        assert propose_date(workspace, 3, today).date() == date(2027, 1, 14)
        assert propose_date(workspace, 2, today).date() == date(2026, 12, 13)
        assert propose_date(workspace, today=today).date() == date(2027, 4, 11)

    @pytest.mark.parametrize(
        ("text", "moment"),
        [
            ("2026-12-15", datetime(2026, 12, 15, 13, tzinfo=PARIS)),
            (" 2026-12-15 ", datetime(2026, 12, 15, 13, tzinfo=PARIS)),
            ("2026-12-15T09:30", datetime(2026, 12, 15, 9, 30, tzinfo=PARIS)),
            ("2026-12-15T09:30+00:00", datetime(2026, 12, 15, 10, 30, tzinfo=PARIS)),
        ],
    )
    def test_a_date_as_typed(self, tmp_path: Path, text: str, moment: datetime) -> None:
        assert parse_date(text, make_workspace(tmp_path).config) == moment

    @pytest.mark.parametrize("text", ["", "tomorrow", "15/12/2026", "2026-13-01", "2026-02-30", "12", "0000-01-01"])
    def test_what_is_no_date(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(UsageError):
            parse_date(text, make_workspace(tmp_path).config)


class TestStart:
    def test_the_next_number_by_default(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path, issues={4: ISSUE})
        started = start_issue(workspace, number=None, date="2026-12-15", source=None)
        assert (started.number, started.files.carried) == (5, ("about",))

    def test_standing_sections_come_from_the_issue_before_or_the_one_named(self, tmp_path: Path) -> None:
        issues = {number: {**ISSUE, "about.md": f"About {number}.\n"} for number in (1, 2, 5)}
        workspace = make_workspace(tmp_path, issues=issues)
        start_issue(workspace, number="3", date="2026-12-15", source=None)
        start_issue(workspace, number="006", date="2026-12-15", source="1")
        assert (tmp_path / "sections/003/about.md").read_text() == "About 2.\n"
        assert (tmp_path / "sections/006/about.md").read_text() == "About 1.\n"


class TestImport:
    def test_an_issue_that_is_there_is_left_alone(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path / "ws")
        post = write(tmp_path / "tidings-1.md", "## News\nx\n")
        before = tree(tmp_path)
        with pytest.raises(AlreadyExists, match="other content") as caught:
            import_post(workspace, post, number=None, is_learning=True)
        assert "--issue 2" in (caught.value.hint or "")
        assert {name: text for name, text in tree(tmp_path).items() if "/state/" not in name} == before

    @pytest.mark.parametrize("number", [None, "1"])
    @pytest.mark.parametrize("name", ["tidings-1.md", "post.md"])
    def test_a_post_that_is_there_whole_is_not_doubled(self, tmp_path: Path, number: str | None, name: str) -> None:
        workspace = make_workspace(tmp_path / "ws", issues={})
        post = write(tmp_path / name, "---\ntitle: Tidings\n---\n\n## News\nx\n\n## Sundries\ny\n")
        import_post(workspace, post, number=number, is_learning=True)
        before = tree(tmp_path)
        for is_learning in (True, False):
            with pytest.raises(AlreadyExists, match="whole, as issue 1") as caught:
                import_post(workspace, post, number=number, is_learning=is_learning)
            assert "--issue" not in (caught.value.hint or "")
        assert tree(tmp_path) == before

    def test_what_a_post_teaches_is_taken_back_where_the_issue_cannot_be_written(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path / "ws", issues={})
        write(tmp_path / "ws/sections", "a file")
        post = write(tmp_path / "post.md", "## Sundries\ny\n")
        with pytest.raises(StorageError):
            import_post(workspace, post, number=None, is_learning=True)
        assert (tmp_path / "ws/newsletter.toml").read_text() == CONFIG

    def test_a_heading_it_cannot_place_is_kept_and_reported(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path / "ws", issues={})
        post = write(tmp_path / "post.md", "## **1. coming up !**\nx\n\n## Sundries\ny\n\n## News: spring\nz\n")
        imported = import_post(workspace, post, number="3", is_learning=False)
        assert [name.rpartition("/")[2] for name in imported.written] == [
            "_issue.md",
            "agenda.md",
            "sundries.md",
            "news.md",
        ]
        (finding,) = [finding for finding in imported.findings if finding.rule == "import-unknown-section"]
        assert finding.line == 4
        assert (
            "title: 'News: spring'" in (tmp_path / "ws/sections/003/news.md").read_text()
            or 'title: "News: spring"' in (tmp_path / "ws/sections/003/news.md").read_text()
        )

    def test_learning_a_second_post_adds_to_the_sections(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path / "ws", CONFIG)
        post = write(tmp_path / "tidings-2.md", "## News\nx\n\n## Sundries\ny\n")
        import_post(workspace, post, number=None, is_learning=True)
        slugs = [section.slug for section in open_workspace(tmp_path / "ws").config.sections]
        assert slugs == ["agenda", "news", "sundries", "about"]

    def test_another_encoding(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path / "ws", issues={})
        post = write(tmp_path / "post.md", "## News\nété\n".encode("cp1252"))
        import_post(workspace, post, number="1", is_learning=False, encoding="cp1252")
        assert "été" in (tmp_path / "ws/sections/001/news.md").read_text(encoding="utf-8")
