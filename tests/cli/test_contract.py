# ruff: noqa: E501 - a case stands on a line of its own
"""What every command promises a script: help, exit status, JSON on standard output alone, no traceback."""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter_cli.cli.app import COMMANDS
from tests import inside, workspaces
from tests.cli.keyboard import at_keyboard
from tests.failures import cpu_seconds
from tests.forked import HAS_FORKS, start_nl
from tests.inside import run
from tests.samples import sample
from tests.waiting import PATIENCE_SECONDS, wait_until
from tests.workspaces import (
    CONFIG,
    CORPUS,
    ISSUE,
    NL,
    environment,
    make_workspace,
    tree,
    write,
)

posix = pytest.mark.skipif(os.name != "posix", reason="signals and terminals of POSIX")
MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d")
JSON_COMMANDS = ["new", "import", "status", "check", "assemble"]


def call(name: str, *options: str) -> list[str]:
    """A call of each command that can succeed in a workspace."""
    return {
        "init": ["init", "fresh", *options],
        "new": ["new", "2", *options],
        "import": ["import", str(CORPUS / "crlf.md"), "--issue", "5", *options],
        "status": ["status", *options],
        "check": ["check", "1", "--offline", *options],
        "images": ["images", "1", *options],
        "pad": ["pad", "1", *options],
        "remind": ["remind", "1", *options],
        "announce": ["announce", "1", *options],
        "archive": ["archive", "--drafts", *options],
        "assemble": ["assemble", "1", "--offline", *options],
        # Without --terminal it serves until it is ended: tests/cli/test_preview.py.
        "preview": ["preview", "1", "--terminal", *options],
        "approve": ["approve", "1", "--by", "Ada", "--yes", *options],
        "pull": ["pull", "1", *options],
        "push": ["push", "1", *options],
        "proof": ["proof", "1", "--to", "ada@example.org", "--dry-run", *options],
        "send": ["send", "1", "--dry-run", *options],
        "theme": ["theme", "copy", "footer", *options],
        "words": ["words", "copy", "fr", *options],
        # That it was never sent is a clear answer, too.
        "report": ["report", "1", *options],
        "resolve": ["resolve", "1", "--in-doubt", "skip", "--yes", *options],
        "pause": ["pause", "1", *options],
        # That there is no ledger to share is a clear answer, too.
        "worker": ["worker", "--until-done", *options],
        "bounces": ["bounces", str(CORPUS.with_name("returned.eml")), "--json", *options],
        "sync": ["sync", "--rotate", "--json", *options],
        "list": ["list", "add", "ada@example.org", *options],
        "trust": ["trust", *options],
        "doctor": ["doctor", *options],
        "demo": ["demo", *options],
    }[name]


def make_sendable(root: Path, *, is_sent: bool) -> None:
    """A sender, a list, a build; and the issue sent, into a folder."""
    config = root / "newsletter.toml"
    config.write_text(f'{config.read_text(encoding="utf-8")}\n[sender]\naddress = "lettre@example.org"\n', "utf-8")
    write(root / "list.csv", "email;name\nada@example.org;Ada\n")
    assert run("-C", str(root), "assemble", "1", "--offline").returncode == 0
    if is_sent:
        assert run("-C", str(root), "send", "1", "--yes").returncode == 0


class TestHelp:
    @pytest.mark.parametrize("name", COMMANDS)
    @pytest.mark.parametrize("option", ["--help", "-h"])
    def test_every_command_has_help_with_an_example(self, name: str, option: str) -> None:
        done = run(name, option)
        assert (done.returncode, done.stderr) == (0, "")
        examples = done.stdout.partition("Example:\n")[2].partition("\n\n")[0].splitlines()
        assert examples
        assert all(example.startswith(f"    nl {name}") for example in examples)
        # `nl help` shows pages, wherever one is, and a shell is the same everywhere.
        assert "--directory" in done.stdout or name in ("help", "completion")
        assert "-C" in done.stdout or name in ("help", "completion")

    def test_french_help(self) -> None:
        assert "Exemple" in workspaces.run("assemble", "--help", env={"NL_LANG": "fr"}).stdout

    def test_no_command_shows_the_help(self) -> None:
        done = run()
        assert "After the send:" in done.stdout + done.stderr


class TestEntries:
    def test_both_names_and_the_module_are_one(self) -> None:
        version = f"nl {importlib.metadata.version('newsletter-cli')}\n"
        assert run("--version").stdout == version
        for command in ([str(Path(NL).parent / "newsletter")], [sys.executable, "-m", "newsletter_cli"]):
            done = subprocess.run(
                [*command, "--version"], capture_output=True, text=True, env=environment(), check=True
            )
            assert done.stdout == version

    def test_the_module_runs_commands_and_gives_their_exit_status(self, tmp_path: Path) -> None:
        done = subprocess.run(
            [sys.executable, "-m", "newsletter_cli", "-C", str(tmp_path), "status"],
            capture_output=True, text=True, env=environment(), check=False,
        )  # fmt: skip
        assert done.returncode == 2
        assert "no newsletter.toml" in done.stderr


class TestDirectory:
    # `nl state` wants a passphrase: its folder is watched in tests/cli/test_options.py; `nl draft` wants a server, `nl publish` a
    # site, `nl serve` a key, `nl worker` a database, `nl pause` somebody who waits; `nl completion` has no folder.
    @pytest.mark.parametrize(
        "name",
        sample(
            [
                name
                for name in COMMANDS
                if name not in ("init", "demo", "state", "help", "draft", "publish", "serve", "completion")
                and name not in ("worker", "pause")
            ],
            "assemble",
            "list",
            "send",
        ),
    )
    def test_before_and_after_the_command(self, tmp_path: Path, name: str) -> None:
        results = []
        for place, order in (("a", "before"), ("b", "after"), ("c", "cwd"), ("d", "both")):
            root = tmp_path / place / "ws"
            make_workspace(root)
            if name in ("approve", "proof", "send", "report", "resolve"):
                make_sendable(root, is_sent=name in ("report", "resolve"))
            arguments = {
                "before": ["-C", str(root), *call(name)],
                "after": call(name, "--directory", str(root)),
                "cwd": call(name),
                "both": ["-C", str(root.parent), *call(name, "-C", "ws")],
            }[order]
            done = run(*arguments, cwd=root if order == "cwd" else tmp_path)
            assert done.returncode == 0, done.stderr
            # Messages sent into a folder are called by what each workspace's own key makes of them.
            said = MOMENT.sub("then", re.sub(r"nl -C \S+", "nl", done.stdout))
            results.append((said, {name for name in tree(root) if "outbox" not in name}))
        assert all(result == results[0] for result in results)

    def test_from_below_the_workspace(self, tmp_path: Path) -> None:
        make_workspace(tmp_path)
        assert run("status", cwd=tmp_path / "sections" / "001").returncode == 0

    @pytest.mark.parametrize("name", sample(COMMANDS, "list", "status"))
    def test_a_folder_may_be_called_like_a_command(self, tmp_path: Path, name: str) -> None:
        make_workspace(tmp_path / name)
        assert run("-C", name, "status", cwd=tmp_path).returncode == 0
        assert run("status", "-C", name, cwd=tmp_path).returncode == 0

    def test_init_and_demo_work_there_too(self, tmp_path: Path) -> None:
        (tmp_path / "here").mkdir()
        assert run("-C", "here", "init", cwd=tmp_path).returncode == 0
        assert (tmp_path / "here" / "newsletter.toml").is_file()
        assert run("init", "news", "-C", "here", cwd=tmp_path).returncode == 0
        assert 'name = "news"' in (tmp_path / "here" / "news" / "newsletter.toml").read_text(encoding="utf-8")
        done = run("demo", "-C", "here", cwd=tmp_path)
        assert done.returncode == 0
        (made,) = (tmp_path / "here").glob("nl-demo-*")
        assert (made / "build" / "001" / "email.html").is_file()

    def test_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        done = run("status", "-C", "nowhere", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "there is no folder" in done.stderr


class TestJson:
    @pytest.mark.parametrize("name", JSON_COMMANDS)
    def test_it_is_alone_on_standard_output(self, tmp_path: Path, name: str) -> None:
        make_workspace(tmp_path, issues={1: {**ISSUE, "extra.md": "---\nstats: x\n---\nMore\n", "_issue.md": "\n"}})
        done = run(*call(name, "--json"), cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert json.loads(done.stdout)["issue"] in (1, 2, 5)

    @pytest.mark.parametrize("name", JSON_COMMANDS)
    def test_a_failure_leaves_standard_output_empty(self, tmp_path: Path, name: str) -> None:
        done = run(*call(name, "--json"), cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.startswith("error: ")

    def test_findings_have_the_keys_of_the_contract(self, tmp_path: Path) -> None:
        make_workspace(tmp_path, issues={1: {**ISSUE, "news.md": "---\ncolour: x\nstatus: draft\n---\nText\n"}})
        result = json.loads(run("assemble", "--json", cwd=tmp_path).stdout)
        assert result["findings"]
        for finding in result["findings"]:
            assert list(finding) == ["file", "line", "column", "rule", "level", "message", "suggestion", "fixable"]
        assert {"front-matter-unknown-key", "section-draft"} <= {finding["rule"] for finding in result["findings"]}
        assert set(result["files"]) == {path.name for path in (tmp_path / "build" / "001").iterdir()}
        assert result["folder"] == "build/001"

    def test_it_holds_the_letters_themselves(self, tmp_path: Path) -> None:
        make_workspace(tmp_path, issues={1: {**ISSUE, "_issue.md": "---\ntitle: Été 数据\n---\n"}})
        assert "Été 数据" in run("status", "--json", cwd=tmp_path).stdout


class TestExitStatus:
    def test_done(self, tmp_path: Path) -> None:
        make_workspace(tmp_path)
        assert run("assemble", cwd=tmp_path).returncode == 0

    def test_the_content_has_faults(self, tmp_path: Path) -> None:
        make_workspace(
            tmp_path, issues={1: {**ISSUE, "news.md": "---\nstatus: soon\n---\n", "about.md": "---\na: 'b\n---\n"}}
        )
        done = run("assemble", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (1, "")
        assert "sections/001/news.md:2: " in done.stderr
        assert "sections/001/about.md:2: " in done.stderr
        assert "→ choose one of: draft, ready, skip" in done.stderr

    @pytest.mark.parametrize(
        ("arguments", "hint"),
        [
            (["asemble"], "assemble"),
            (["assemble", "--ofline"], "--offline"),
            (["status", "two"], "give a number"),
            (["status", "0"], "give a number"),
            (["status", "7"], "issues here: 1"),
            (["status", "1234567"], "give a number"),
            (["status", "9" * 5000], "give a number"),
            (["status", "-1"], "-1"),
            (["status", "1", "2"], "argument"),
            (["new", "--date", "tomorrow"], "2026-06-11"),
            (["new", "--from", "9"], "issues here"),
            (["import"], "FILE"),
            (["import", "absent.md"], "absent.md"),
            (["import", "newsletter.toml", "--issue", "x"], "give a number"),
            (["import", "newsletter.toml", "--encoding", "klingon"], "klingon"),
            (["init", "--language", "klingon!", "elsewhere"], "fr, en"),
            (["init", "--name", " ", "elsewhere"], "name"),
            (["init"], "nl new 1"),
            (["-C"], "-C"),
        ],
    )
    def test_wrong_usage_changes_nothing_and_says_what_to_do(
        self, tmp_path: Path, arguments: list[str], hint: str
    ) -> None:
        make_workspace(tmp_path)
        before = tree(tmp_path)
        done = run(*arguments, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert hint in done.stderr
        # A lock may have been made, in a folder of its own.
        assert {name: data for name, data in tree(tmp_path).items() if name != "state/"} == before

    def test_wrong_configuration(self, tmp_path: Path) -> None:
        make_workspace(tmp_path)
        write(
            tmp_path / "newsletter.toml",
            "[newsletter]\nnam = 'x'\n" + CONFIG.partition("\n")[2].replace("title", "titel"),
        )
        done = run("status", cwd=tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "newsletter.toml:2: the key “newsletter.nam” does not exist here" in done.stderr
        assert "did you mean “name”?" in done.stderr
        assert done.stderr.count("sections[") >= 2

    @pytest.mark.skipif(not HAS_FORKS, reason="reads /proc")
    def test_interrupted(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path)
        write(
            workspace.issue_folder(1) / "long.md",
            "".join(f"[{n}](https://example.org/{n}) *word*\n\n" for n in range(6000)),
        )
        process = start_nl("assemble", env=environment(), folder=tmp_path)
        # By its own work, not by the clock: at it, and far from done.
        wait_until(lambda: process.poll() is not None or cpu_seconds(process.pid) > 0.2)
        assert process.poll() is None, "the issue is too short: it was assembled before the signal"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE_SECONDS)
        assert (process.returncode, out) == (130, "")
        assert "Traceback" not in err
        assert not (tmp_path / "build" / "001").exists()
        assert not list(tmp_path.glob("build/.*"))


class TestBroken:
    """Whatever stands in the workspace, the answer is a message, never a traceback; `run` looks for those."""

    @pytest.mark.parametrize(
        ("path", "content"),
        [
            ("newsletter.toml", b"\x89PNG\r\n\x1a\n\x00\xff"),
            ("newsletter.toml", b"\xff\xfe["),
            ("newsletter.toml", b"[newsletter]\nname = " + b"[" * 3000),
            ("newsletter.toml", b"[post]\nheading_level = " + b"9" * 5000),
            ("newsletter.toml", b"[newsletter]\nname = 'x'\nlanguage = 'zz'\ntitle = '{month}'\n"),
            ("sections/001/news.md", b"\x00\x01\x02\xff\xfe"),
            ("sections/001/news.md", b"---\nevents: &a [*a]\n---\n"),
            ("sections/001/news.md", b"---\ntitle: " + b"[" * 3000 + b"\n---\n"),
            ("sections/001/news.md", b"---\ntitle: !!python/object/apply:os.system [ls]\n---\n"),
            ("sections/001/news.md", b"---\nevents:\n  - title: x\n    start: " + b"9" * 5000 + b"\n---\n"),
            ("sections/001/news.md", b"---\nevents:\n  - title: x\n    start: 9999-12-31\n---\n"),
            ("sections/001/news.md", b"---\nevents:\n  - title: x\n    start: 0001-01-01T00:00:00+14:00\n---\n"),
            ("sections/001/_issue.md", b"---\ndate: 9999-12-31T23:59:59-12:00\n---\n"),
            ("sections/001/_issue.md", b"---\ndate: 0001-01-01T00:00:00Z\n---\n"),
            ("sections/001/_issue.md", b"---\ndate: [1]\nimages: {a: b}\npost: 3\ntitle: {}\n---\n"),
            ("sections/001/_issue.md", b"---\npost: {1: 2, a: .nan, b: [2026-01-01, null]}\n---\n"),
            ("sections/001/images/a.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\xff\xff"),
            ("sections/001/images/a.jpg", b"\xff\xd8\xff\xe0\x00"),
            ("sections/001/images/a.webp", b"RIFF\xff\xff\xff\xffWEBPVP8 "),
            ("sections/001/images/a.gif", b"GIF89a"),
            ("sections/001/post.md/x.txt", b"a folder where the post goes"),
            ("templates/themes/default/theme.toml", b"shape = 3\n"),
            ("templates/themes/default/theme.toml", b"extends = 3\n"),
            ("templates/themes/default/theme.toml", b"extends = 'default'\n"),
            ("templates/themes/default/email.mjml.j2", b"{% for x in %}"),
            ("templates/themes/default/email.mjml.j2", b"<mjml><mj-body><p></mj-body>"),
            ("templates/themes/default/email.mjml.j2", b"{{ 1 / 0 }}"),
            ("templates/themes/default/email.mjml.j2", b"{% include 'nowhere' %}"),
            ("templates/themes/default/content.css", b"}}} { color: <"),
            ("templates/themes/default/content.css", b"\xff"),
            ("templates/words/en.toml", b"toc = 3"),
            ("state", b"a file"),
            ("build", b"a file"),
            ("build/001", b"a file"),
            ("state/cache", b"a file"),
        ],
    )
    def test_a_message_and_an_exit_status(self, tmp_path: Path, path: str, content: bytes) -> None:
        make_workspace(tmp_path)
        write(tmp_path / path, content)
        for command in (["status"], ["assemble"], ["new", "2"]):
            done = run(*command, cwd=tmp_path)
            assert done.returncode in (0, 1, 2)
            assert "fault of nl" not in done.stderr, done.stderr
            assert (done.returncode == 0) == (done.stderr == "")

    @pytest.mark.parametrize(
        "name", ["newsletter.toml", "sections/001/_issue.md", "sections/001/news.md", "templates", ".gitignore"]
    )
    def test_a_folder_in_a_files_place(self, tmp_path: Path, name: str) -> None:
        make_workspace(tmp_path / "ws")
        path = tmp_path / "ws" / name
        path.unlink(missing_ok=True)
        path.mkdir()
        for command in (["status"], ["assemble"], ["new", "2"], ["init"]):
            done = run(*command, cwd=tmp_path / "ws")
            assert done.returncode in (0, 1, 2)
            assert "fault of nl" not in done.stderr, done.stderr

    def test_sections_a_file(self, tmp_path: Path) -> None:
        make_workspace(tmp_path, issues={})
        write(tmp_path / "sections", "")
        assert run("status", cwd=tmp_path).returncode == 2
        done = run("new", "1", cwd=tmp_path)
        assert done.returncode == 2
        assert "refused" in done.stderr

    @posix
    def test_links_that_lead_nowhere_or_in_circles(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path)
        folder = workspace.issue_folder(1)
        (folder / "gone.png").symlink_to("nowhere.png")
        (folder / "circle").symlink_to(".")
        (folder / "loop.png").symlink_to("loop.png")
        (folder / "secret.txt").symlink_to("/etc/hostname")
        done = run("assemble", cwd=tmp_path)
        assert done.returncode == 0, done.stderr
        assert not (tmp_path / "build" / "001" / "secret.txt").exists()

    @posix
    def test_names_that_are_no_text(self, tmp_path: Path) -> None:
        workspace = make_workspace(tmp_path)
        write(Path(os.fsdecode(os.fsencode(workspace.issue_folder(1)) + b"/caf\xe9.md")), "Text\n")
        for command in ("status", "assemble"):
            done = run(command, cwd=tmp_path)
            assert done.returncode in (0, 1, 2)
            assert "fault of nl" not in done.stderr, done.stderr
        odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/no\xff\x01text"))
        assert run("init", str(odd)).returncode == 0
        assert run("status", cwd=odd).returncode == 2

    def test_a_post_that_is_a_folder_or_no_text(self, tmp_path: Path) -> None:
        make_workspace(tmp_path)
        write(tmp_path / "binary.md", bytes(range(256)) * 20)
        assert run("import", ".", cwd=tmp_path).returncode == 2
        done = run("import", "binary.md", cwd=tmp_path)
        assert done.returncode == 1
        assert "binary.md:2: this is not UTF-8 text (byte 0x80)" in done.stderr

    @posix
    def test_a_working_folder_that_is_gone(self, tmp_path: Path) -> None:
        gone = tmp_path / "gone"
        gone.mkdir()
        done = subprocess.run(
            ["sh", "-c", f'rmdir "{gone}"; exec "{NL}" status'],
            cwd=gone, capture_output=True, text=True, env=environment(), check=False,
        )  # fmt: skip
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        assert "fault of nl" not in done.stderr


class TestUnexpected:
    SITE = "import newsletter_cli.flows.status as s\ndef fail(*a, **k):\n    raise RuntimeError('lost ada.lovelace+x@example.org and <b@c.fr>')\ns.read_status = fail\n"

    def broken(self, tmp_path: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        make_workspace(tmp_path / "ws")
        write(tmp_path / "broken.py", self.SITE + "from newsletter_cli.__main__ import main\nmain()\n")
        return subprocess.run(
            [sys.executable, str(tmp_path / "broken.py"), "status", *arguments],
            cwd=tmp_path / "ws", capture_output=True, text=True, check=False,
            env=environment(TMPDIR=str(tmp_path)),
        )  # fmt: skip

    def test_the_message_says_where_the_report_is_and_the_report_names_nobody(self, tmp_path: Path) -> None:
        done = self.broken(tmp_path)
        assert (done.returncode, done.stdout) == (2, "")
        assert "Traceback" not in done.stderr
        assert "example.org" not in done.stderr
        (report,) = tmp_path.glob("nl-report-*.txt")
        assert str(report) in done.stderr
        text = report.read_text(encoding="utf-8")
        assert "RuntimeError" in text
        assert "Traceback" in text
        assert "arguments: status" in text
        assert "lovelace" not in text
        assert "b@c.fr" not in text
        if os.name == "posix":
            assert report.stat().st_mode & 0o077 == 0

    @pytest.mark.parametrize("place", ["before", "after"])
    def test_debug_shows_the_traceback_and_keeps_the_status(self, tmp_path: Path, place: str) -> None:
        done = self.broken(tmp_path, "--debug")
        assert done.returncode == 2
        assert "RuntimeError: lost" in done.stderr
        assert "lovelace" not in done.stderr
        assert "b@c.fr" not in done.stderr
        arguments = ["--debug", "status", "9"] if place == "before" else ["status", "9", "--debug"]
        known = subprocess.run(
            [NL, *arguments], cwd=tmp_path / "ws", capture_output=True, text=True, env=environment(), check=False
        )
        assert known.returncode == 2
        assert "UsageError" in known.stderr
        assert "Traceback" in known.stderr


class TestPipes:
    def test_no_escape_codes_when_piped(self, tmp_path: Path) -> None:
        make_workspace(
            tmp_path,
            issues={1: {**ISSUE, "news.md": '---\ntitle: "a \\e[31m\\tb"\nstatus: draft\nautor: x\n---\nText\n'}},
        )
        for arguments in (["status"], ["assemble"], ["--help"], ["nonsense"], ["status", "9"], ["new", "--help"]):
            done = run(*arguments, cwd=tmp_path, env={"TERM": "xterm-256color", "FORCE_COLOR": "1", "COLUMNS": "40"})
            assert "\x1b" not in done.stdout + done.stderr

    def test_the_table_is_tab_separated_with_as_many_cells_in_each_row(self, tmp_path: Path) -> None:
        make_workspace(tmp_path, issues={1: {**ISSUE, "news.md": '---\ntitle: "a\\tb\\nc"\n---\nText\n'}})
        lines = run("status", cwd=tmp_path).stdout.splitlines()
        head = lines.index("\t".join(["section", "author", "status", "words", "findings", "missing"]))
        assert [len(line.split("\t")) for line in lines[head + 1 : head + 4]] == [6, 6, 6]

    @posix
    @pytest.mark.parametrize(
        "command",
        sample(
            ["--help | head -1", "status --json | head -c1", "status | true", "assemble | head -c1"],
            "status --json | head -c1", "status | true",
        ),
    )  # fmt: skip
    def test_a_pipe_closed_early_gives_no_traceback(self, tmp_path: Path, command: str) -> None:
        many = {f"s{n}.md": f"---\ntitle: {'long ' * 300}\n---\nText\n" for n in range(60)}
        make_workspace(tmp_path, issues={1: {**ISSUE, **many}})
        done = subprocess.run(
            ["sh", "-c", f'"{NL}" {command}'],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            env=environment(),
            check=False,
        )
        assert done.stderr == ""

    @posix
    @pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
    def test_closed_descriptors_do_no_harm(self, tmp_path: Path, closed: str) -> None:
        make_workspace(tmp_path)
        done = subprocess.run(
            ["sh", "-c", f'exec "{NL}" new 2 {closed}'],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            env=environment(),
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert (tmp_path / "sections" / "002" / "_issue.md").is_file()

    def test_nobody_is_asked_when_standard_input_is_no_terminal(self, tmp_path: Path) -> None:
        make_workspace(tmp_path)
        for stdin, options in ((subprocess.DEVNULL, {}), (None, {"input": "2030-01-01\n"})):
            done = run("new", cwd=tmp_path, **({"stdin": stdin} if stdin else options | {"stdin": None}))
            assert done.returncode == 0
            assert "]: " not in done.stdout + done.stderr
        assert not [path for path in tmp_path.rglob("_issue.md") if "2030" in path.read_text(encoding="utf-8")]


@posix
class TestTerminal:
    def on_terminal(self, tmp_path: Path, *arguments: str, typed: str = "", **env: str) -> tuple[int, str]:
        make_workspace(tmp_path)
        return at_keyboard(tmp_path, *arguments, typed=typed, prompt="]: ", **env)

    def test_colours_on_a_terminal(self, tmp_path: Path) -> None:
        status, shown = self.on_terminal(tmp_path, "status", "9")
        assert status == 2
        assert "\x1b[1;31merror:" in shown

    @pytest.mark.parametrize("arguments", [["status"], ["status", "9"], ["assemble"], ["--help"], ["nonsense"]])
    @pytest.mark.parametrize("env", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
    def test_no_escape_codes_where_none_are_wanted(
        self, tmp_path: Path, arguments: list[str], env: dict[str, str]
    ) -> None:
        make_workspace(tmp_path)
        done = inside.call(*arguments, cwd=tmp_path, typed="", env={"TERM": "xterm-256color", **env})
        shown = done.out + done.err
        assert shown
        assert "\x1b" not in shown

    def test_somebody_at_the_keyboard_is_asked_for_the_date(self, tmp_path: Path) -> None:
        status, shown = self.on_terminal(tmp_path, "new", typed="2031-02-03\n")
        assert status == 0
        assert "Date of publication" in shown
        assert "date: 2031-02-03T13:00:00+01:00" in (tmp_path / "sections/002/_issue.md").read_text(encoding="utf-8")

    @pytest.mark.parametrize("typed", ["\x03", "\x04"])
    def test_leaving_the_question_makes_nothing(self, tmp_path: Path, typed: str) -> None:
        status, shown = self.on_terminal(tmp_path, "new", typed=typed)
        assert status == 130
        assert "Traceback" not in shown
        assert "nothing was changed" in shown
        assert not (tmp_path / "sections" / "002").exists()


@pytest.mark.parametrize(
    "words",
    [
        ["report", "1", "--html", "typo/report.html"],
        ["report", "1", "--csv", "typo/report.csv"],
        ["list", "import", "people.csv", "--consent", "form", "--rejects", "typo/rejects.csv"],
        ["list", "export", "ada@example.org", "--output", "typo/ada.json"],
        ["list", "export", "--all", "--output", "typo/all.csv"],
        ["sync", "--key", "--output", "typo/endpoint.key"],
        ["state", "export", "typo/state.nl"],
        ["serve", "--check", "--key-file", "endpoint.key", "--log", "typo/endpoint.db"],
        ["check", "1", "--offline", "--format", "github:typo/check.txt"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_no_folder_is_made_for_a_file_that_was_named(tmp_path: Path, words: list[str]) -> None:
    make_workspace(tmp_path)
    make_sendable(tmp_path, is_sent=words[0] == "report")
    write(tmp_path / "people.csv", "email;name\nbob@example.org;Bob\n")
    if words[0] == "serve":
        assert run("sync", "--key", "--output", "endpoint.key", cwd=tmp_path).returncode == 0
    done = run(*words, cwd=tmp_path)
    assert done.returncode == 2, done
    assert "typo" in done.stderr
    assert "folder" in done.stderr or "not there" in done.stderr
    assert not (tmp_path / "typo").exists()
