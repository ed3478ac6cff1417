"""`nl preview` as somebody starts and ends it."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.forked import HAS_FORKS, Running, start_nl
from tests.inside import run
from tests.loopback import own_port
from tests.samples import sample
from tests.waiting import PATIENCE_SECONDS, wait_until
from tests.workspaces import CONFIG, ISSUE, NL, environment, make_workspace, tree, write

posix = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
pytestmark = posix


class Started:
    """A running `nl preview` whose address has been read."""

    def __init__(self, process: Running, address: str):
        self.process = process
        self.address = address
        self.port = urlsplit(address).port or 0

    def get(self, path: str = "") -> bytes:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_SECONDS)
        connection.request("GET", urlsplit(self.address).path + path)
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        assert answer.status == 200, path
        return body

    def end(self, number: int = signal.SIGINT) -> tuple[int, str, str]:
        """Status, and what was still said."""
        self.process.send_signal(number)
        out, err = self.process.communicate(timeout=PATIENCE_SECONDS)
        assert self.process.returncode is not None
        return self.process.returncode, out, err


@contextmanager
def started(root: Path, *arguments: str, opens: bool = False, **env: str) -> Iterator[Started]:
    """A copy of a process that has imported everything; where there are no copies, a new one."""
    if not HAS_FORKS:
        with started_anew(root, *arguments, opens=opens, **env) as preview:
            yield preview
        return
    process = start_nl(*options(root, arguments, opens=opens), env=environment(**env), folder=root)
    try:
        yield Started(process, process.wait_until_said("\n").partition("\n")[0])
    finally:
        process.kill()
        process.wait()


@contextmanager
def started_anew(
    root: Path, *arguments: str, opens: bool = False, command: Sequence[str] = (NL,), **env: str
) -> Iterator[Started]:
    """A new Python, whose start and whose streams are as they are for everybody."""
    process = subprocess.Popen(
        [*command, *options(root, arguments, opens=opens)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment(**env),
    )
    try:
        assert process.stdout is not None
        yield Started(process, process.stdout.readline().rstrip("\n"))
    finally:
        process.kill()
        process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()


def options(root: Path, arguments: Sequence[str], *, opens: bool) -> list[str]:
    return ["-C", str(root), "preview", *arguments, *([] if opens else ["--no-open"])]


class TestServing:
    def test_the_address_stands_on_a_line_of_its_own_and_answers_at_once(self, tmp_path: Path) -> None:
        make_workspace(tmp_path)
        with started_anew(tmp_path, "--port", "0") as preview:
            base = urlsplit(preview.address)
            assert (base.scheme, base.hostname, base.query, base.fragment) == ("http", "127.0.0.1", "", "")
            assert len(base.path.strip("/")) >= 32
            assert preview.address.endswith("/")
            assert b"<html" in preview.get()
            assert json.loads(preview.get("state"))["title"] == "Tidings #1"

    def test_another_start_has_another_token(self, tmp_path: Path) -> None:
        make_workspace(tmp_path)
        paths = set()
        for _time in range(2):
            with started(tmp_path, "--port", "0") as preview:
                paths.add(urlsplit(preview.address).path)
        assert len(paths) == 2

    def test_the_issue_asked_for(self, tmp_path: Path) -> None:
        make_workspace(tmp_path, issues={1: ISSUE, 2: ISSUE})
        with started(tmp_path, "1", "--port", "0") as preview:
            assert json.loads(preview.get("state"))["issue"] == 1

    def test_a_workspace_without_an_issue_is_shown_something_helpful(self, tmp_path: Path) -> None:
        make_workspace(tmp_path, issues={})
        with started(tmp_path, "--port", "0") as preview:
            assert "nl new 1" in json.loads(preview.get("state"))["hint"]
            assert b"<html" in preview.get()

    def test_sources_and_build_are_left_as_they_are(self, tmp_path: Path) -> None:
        make_workspace(tmp_path)
        before = tree(tmp_path)
        with started(tmp_path, "--port", "0") as preview:
            preview.get("state")
            preview.get("view/1/email")
            preview.end()
        assert {name: text for name, text in tree(tmp_path).items() if not name.startswith("state/")} == before

    def test_the_port_asked_for_or_the_next_free_one(self, tmp_path: Path) -> None:
        make_workspace(tmp_path)
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            taken.listen()
            port = taken.getsockname()[1]
            with started(tmp_path, "--port", str(port)) as preview:
                assert preview.port > port
                assert preview.get()
                status, out, _err = preview.end()
        assert status == 0
        assert f"Port {port} is taken" in out

    @pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
    def test_nothing_listens_but_on_this_machine(self, tmp_path: Path) -> None:
        make_workspace(tmp_path)
        with started(tmp_path, "--port", "0") as preview:
            preview.get()
            listening = [
                line.split()[1]
                for table in ("tcp", "tcp6")
                for line in Path(f"/proc/net/{table}").read_text(encoding="utf-8").splitlines()[1:]
                if line.split()[3] == "0A" and int(line.split()[1].rpartition(":")[2], 16) == preview.port
            ]
        assert listening == [f"0100007F:{preview.port:04X}"]

    @pytest.mark.parametrize("is_wanted", [True, False])
    def test_the_browser_is_opened_unless_it_is_not_wanted(self, tmp_path: Path, is_wanted: bool) -> None:
        make_workspace(tmp_path / "ws")
        note = tmp_path / "opened"
        program = write(tmp_path / "browser", f'#!/bin/sh\necho "$1" > "{note}"\n')
        program.chmod(0o755)
        with started(tmp_path / "ws", "--port", "0", opens=is_wanted, BROWSER=f"{program} %s") as preview:
            preview.get()
            if is_wanted:
                wait_until(lambda: note.exists() and note.read_text(encoding="utf-8"))
                assert note.read_text(encoding="utf-8").strip() == preview.address
            else:
                preview.end()
                assert not note.exists()


class TestEnd:
    @pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
    @pytest.mark.parametrize("has_tabs", [True, False])
    def test_it_waits_for_no_page_and_is_clean(self, tmp_path: Path, number: int, has_tabs: bool) -> None:
        make_workspace(tmp_path)
        with started(tmp_path, "--port", "0") as preview:
            preview.get("state")
            tabs = []
            for _tab in range(5 if has_tabs else 0):
                tab = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=PATIENCE_SECONDS)
                tab.request("GET", f"{urlsplit(preview.address).path}events")
                answer = tab.getresponse()
                assert answer.status == 200
                tabs.append((tab, answer))
            status, _out, err = preview.end(number)
            # None of them would have left by itself, and none was cut off: that would raise.
            for tab, answer in tabs:
                answer.read()
                tab.close()
        assert (status, err) == (0, "")

    @pytest.mark.parametrize("wait_seconds", sample([0, 0.02, 0.05, 0.1, 0.2, 0.4], 0, 0.1))
    def test_at_any_moment_after_the_address(self, tmp_path: Path, wait_seconds: float) -> None:
        make_workspace(tmp_path)
        with started_anew(tmp_path, "--port", "0") as preview:
            time.sleep(wait_seconds)
            status, _out, err = preview.end()
        assert (status, err) == (0, "")

    def test_the_port_is_free_again(self, tmp_path: Path) -> None:
        make_workspace(tmp_path)
        port = own_port()
        for _time in range(2):
            with started(tmp_path, "--port", str(port)) as preview:
                assert preview.port == port
                preview.get()
                preview.end()

    def test_a_pipe_that_is_closed_does_no_harm(self, tmp_path: Path) -> None:
        make_workspace(tmp_path)
        with started_anew(tmp_path, "--port", "0") as preview:
            assert isinstance(preview.process, subprocess.Popen)
            assert preview.process.stdout is not None
            assert preview.process.stderr is not None
            preview.process.stdout.close()
            preview.process.send_signal(signal.SIGINT)
            preview.process.wait(PATIENCE_SECONDS)
            assert "Traceback" not in preview.process.stderr.read()
        assert preview.address.startswith("http://127.0.0.1:")


class TestUsage:
    @pytest.mark.parametrize(
        ("arguments", "hint"),
        [
            (["7"], "issues here: 1"),
            (["two"], "give a number"),
            (["--port", "70000"], "65535"),
            (["--port", "x"], "must be a whole number"),
            (["--terminal", "--screenshots", "pictures"], "two different things"),
        ],
    )
    def test_what_cannot_be_done_is_said(self, tmp_path: Path, arguments: list[str], hint: str) -> None:
        make_workspace(tmp_path)
        done = run("preview", "--no-open", *arguments, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert hint in done.stderr

    def test_without_a_workspace(self, tmp_path: Path) -> None:
        done = run("preview", "--no-open", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "nl init" in done.stderr

    def test_a_broken_configuration_at_the_start(self, tmp_path: Path) -> None:
        make_workspace(tmp_path)
        write(tmp_path / "newsletter.toml", CONFIG.replace("name =", "nam ="))
        done = run("preview", "--no-open", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "newsletter.toml:2" in done.stderr

    def test_a_broken_section_is_shown_in_the_page(self, tmp_path: Path) -> None:
        make_workspace(tmp_path, issues={1: {**ISSUE, "news.md": "---\nstatus: soon\n---\n"}})
        with started(tmp_path, "--port", "0") as preview:
            (fault,) = json.loads(preview.get("state"))["error"]["errors"]
        assert (fault["file"], fault["line"]) == ("sections/001/news.md", 2)

    def test_in_the_terminal(self, tmp_path: Path) -> None:
        make_workspace(tmp_path)
        done = run("preview", "--terminal", cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert "Something" in done.stdout
        assert "http://127.0.0.1" not in done.stdout

    @pytest.mark.parametrize("option", [["--terminal"], ["--screenshots", "pictures"]])
    def test_what_shows_one_issue_needs_one(self, tmp_path: Path, option: list[str]) -> None:
        make_workspace(tmp_path, issues={})
        done = run("preview", *option, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "nl new 1" in done.stderr

    def test_pictures(self, tmp_path: Path) -> None:
        root = make_workspace(tmp_path / "ws").root
        # What a real browser makes of it is in tests/preview/test_screenshots.py.
        does = 'for one; do case $one in --screenshot=*) echo > "${one#*=}";; esac; done; echo "<pre>640</pre>"'
        write(tmp_path / "bin/chromium", f"#!/bin/sh\n{does}\n").chmod(0o755)
        done = run("preview", "--screenshots", "pictures", cwd=root, env={"PATH": f"{tmp_path / 'bin'}:/bin"})
        assert (done.returncode, done.stderr) == (0, "")
        pictures = sorted(path.name for path in (root / "pictures").iterdir())
        assert len(pictures) >= 4
        assert all(name in done.stdout for name in pictures)


def test_an_unexpected_fault_is_reported_and_the_preview_goes_on(tmp_path: Path) -> None:
    make_workspace(tmp_path / "ws")
    site = (
        "import newsletter_cli.preview.snapshot as s\n"
        "def fail(*a, **k):\n    raise RuntimeError('lost ada@example.org')\n"
        "s.render_and_check = fail\n"
        "from newsletter_cli.__main__ import main\nmain()\n"
    )
    program = write(tmp_path / "broken.py", site)
    command = [sys.executable, str(program)]
    with started_anew(tmp_path / "ws", "--offline", "--port", "0", command=command, TMPDIR=str(tmp_path)) as preview:
        state = json.loads(preview.get("state"))
        status, _out, err = preview.end()
    assert "RuntimeError" in state["error"]["errors"][0]["message"]
    assert status == 0
    (report,) = tmp_path.glob("nl-report-*.txt")
    assert str(report) in err
    assert "Traceback" not in err
    assert "ada@" not in err + report.read_text(encoding="utf-8")
