"""`nl report --html` and `--all` as a whole: where the page goes, over what, and what scripts read."""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path

import pytest

from newsletter_cli.model.feedback import FeedbackKind
from tests.flows.outcomes.made import BEGAN, come_back, deliver, freeze, join, ledger, make
from tests.inside import Done, call

MARK = '<meta name="generator" content="nl report">'


@pytest.fixture(scope="module")
def sent_twice(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("sent") / "w"
    make(root, issues=2)
    with ledger(root) as connection:
        for issue in (1, 2):
            freeze(connection, issue, double=issue)
            for number in range(4 + issue):
                deliver(connection, issue, f"reader{number}@large.example", at=BEGAN + number)
            deliver(connection, issue, "zoe@quart.example", "refused", reply="5.1.1 User unknown", settled=1)
    come_back(root, 1, FeedbackKind.COMPLAINT, 2)
    come_back(root, None, FeedbackKind.UNKNOWN)
    join(root, "a@example.org", "2026-05-05T10:00:00Z")
    join(root, "b@example.org", "2026-06-05T10:00:00Z")
    return root


def nl(root: Path, *arguments: str, status: int = 0, typed: str | None = None, **env: str) -> Done:
    done = call("report", *arguments, cwd=root, typed=typed, env=env)
    assert done.status == status, done.out + done.err
    return done


@pytest.mark.parametrize(
    ("arguments", "file"),
    [
        (("2", "--html"), "build/002/report.html"),
        (("--html", "1"), "build/001/report.html"),
        (("--html",), "build/002/report.html"),
        (("--html", "page.html"), "page.html"),
        (("2", "--html=Seite.HTM"), "Seite.HTM"),
        (("--all", "--html"), "build/report.html"),
        (("--html", "build/all.html", "--all"), "build/all.html"),
    ],
)
def test_where_the_page_goes(sent_twice: Path, arguments: tuple[str, ...], file: str) -> None:
    path = sent_twice / file
    path.unlink(missing_ok=True)
    done = nl(sent_twice, *arguments)
    assert (done.out, done.err.strip()) == ("", f"The report: {file}")
    assert MARK in path.read_text("utf-8")
    assert not [one for one in path.parent.iterdir() if one.name.startswith(".nl-")]
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_an_older_report_is_replaced_and_nothing_else(sent_twice: Path) -> None:
    nl(sent_twice, "--html", "old.html")
    nl(sent_twice, "--html", "old.html")
    other = sent_twice / "mine.html"
    for content in ("<p>Mine</p>", "", f"{'<p>Mine</p>' * 1000}{MARK}"):
        other.write_text(content, "utf-8")
        done = nl(sent_twice, "--html", "mine.html", status=2)
        assert "which is no report" in done.err
        assert other.read_text("utf-8") == content
    (sent_twice / "folder.html").mkdir(exist_ok=True)
    assert "which is no report" in nl(sent_twice, "--html", "folder.html", status=2).err


@pytest.mark.parametrize("arguments", [("--html", "newsletter.toml"), ("--all", "--html", "list"), ("--html", "x.csv")])
def test_a_page_is_called_as_pages_are(sent_twice: Path, arguments: tuple[str, ...]) -> None:
    before = (sent_twice / "newsletter.toml").read_bytes()
    assert "does not end in .html" in nl(sent_twice, *arguments, status=2).err
    assert (sent_twice / "newsletter.toml").read_bytes() == before


@pytest.mark.skipif(os.name != "posix", reason="links want rights on Windows")
def test_a_build_folder_that_leads_elsewhere_is_not_written_to(tmp_path: Path) -> None:
    make(tmp_path / "w")
    with ledger(tmp_path / "w") as connection:
        freeze(connection, 1)
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "w" / "build").symlink_to(tmp_path / "elsewhere")
    assert "leads out of" in nl(tmp_path / "w", "--html", status=2).err
    assert not list((tmp_path / "elsewhere").iterdir())


def test_what_scripts_read_of_one_issue_stays_with_a_page(sent_twice: Path) -> None:
    alone = json.loads(nl(sent_twice, "1", "--json").out)
    done = nl(sent_twice, "1", "--json", "--html", "one.html")
    assert json.loads(done.out) == alone
    assert list(alone)[:5] == ["issue", "candidates", "excluded", "counts", "complete"]


def test_all_issues_for_scripts(sent_twice: Path) -> None:
    told = json.loads(nl(sent_twice, "--all", "--json").out)
    one, two = told["issues"]
    assert [one["issue"], two["issue"]] == [1, 2]
    assert (one["recipients"], one["candidates"], one["excluded"]) == (6, 7, {"double": 1})
    assert one["counts"] | {"sent": 5, "refused": 1} == one["counts"]
    assert (one["complete"], one["began"]) == (True, "2026-06-09T10:13:00Z")
    assert one["feedback"] == dict.fromkeys(FeedbackKind, 0) | {"complaint": 2}
    assert told["feedback_of_no_issue"]["unknown"] == 1
    assert [(month["month"], month["subscribers"]) for month in told["list"]] == [("2026-05", 1), ("2026-06", 2)]
    assert "quart" not in json.dumps(told)


def test_all_issues_in_a_pipe(sent_twice: Path) -> None:
    title, heads, *rows = nl(sent_twice, "--all").out.splitlines()
    assert title == "All issues"
    assert heads.split("\t")[:4] == ["issue", "date", "recipients", "sent"]
    assert [row.split("\t")[0] for row in rows[:2]] == ["2", "1"]
    assert rows[2:] == ["Came back, of which issue is not known: not understood 1"]


def test_on_a_terminal_numbers_are_drawn(sent_twice: Path) -> None:
    shown = nl(sent_twice, "2", typed="", TERM="xterm").out
    assert "██████" in shown
    assert "large.example: sent 6" in shown
    assert "quart" not in shown
    overall = re.sub(r"\x1b\[[\d;]*m", "", nl(sent_twice, "--all", typed="", TERM="xterm").out)
    assert "Recipients, issue by issue: 6 ▇█ 7" in overall
    assert "Subscribers, month by month: 1 ▄█ 2" in overall


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("1", "--all"), "the number of an issue does nothing with --all"), (("--all", "--csv", "x.csv"), "--csv does")],
)
def test_what_does_not_go_together(sent_twice: Path, arguments: tuple[str, ...], words: str) -> None:
    assert words in nl(sent_twice, *arguments, status=2).err


def test_nothing_was_sent_yet(tmp_path: Path) -> None:
    make(tmp_path)
    for arguments in (("--all",), ("--all", "--json"), ("--all", "--html"), ("1", "--html")):
        assert "sent from here" in nl(tmp_path, *arguments, status=2).err
    assert not (tmp_path / "state").exists()
    assert not (tmp_path / "build").exists()


def test_the_numbers_of_an_issue_say_what_came_back_from_it(sent_twice: Path) -> None:
    assert "\nCame back: complaint 2\n" in nl(sent_twice, "1").out
    # Neither what came back from another issue, nor from nobody knows which.
    assert "Came back" not in nl(sent_twice, "2").out
