"""`nl trust`, and what the other commands do with what a workspace wants run."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.inside import at_keyboard, run
from tests.workspaces import CONFIG, git, make_workspace, write

LIST = """
[sender]
address = "letter@example.org"
[list]
source = "sql"
[list.sql]
query = "SELECT 'ada@example.org' AS email"
url_command = ["{python}", "-c", "open('{marker}', 'a').write('x'); print('sqlite://')"]
"""


class Clone:
    """A workspace whose list is reached with a command that leaves a mark."""

    def __init__(self, folder: Path):
        self.marker = folder / "marker"
        self.own = {"NL_CONFIG_DIR": str(folder / "config")}
        config = CONFIG + LIST.format(python=sys.executable, marker=self.marker)
        self.root = make_workspace(folder / "ws", config).root

    def nl(self, *arguments: str, **env: str) -> tuple[int, str]:
        done = run(*arguments, cwd=self.root, env=self.own | env)
        return done.returncode, done.stdout + done.stderr

    @property
    def runs(self) -> int:
        return len(self.marker.read_text()) if self.marker.exists() else 0


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


def test_nothing_runs_until_it_is_trusted_and_then_from_now_on(clone: Clone) -> None:
    status, said = clone.nl("list", "stats")
    assert (status, clone.runs) == (2, 0)
    assert "list.sql.url_command" in said
    assert "nl trust" in said
    status, said = clone.nl("trust")
    assert (status, clone.runs) == (2, 0)
    assert "--yes" in said
    assert clone.nl("trust", "--yes")[0] == 0
    assert clone.nl("list", "stats")[0] == 0
    assert clone.runs == 1
    shown = json.loads(clone.nl("trust", "--list", "--json")[1])["commands"]
    assert [(one["key"], one["trusted"]) for one in shown] == [
        ("list.sql.url_command", True),
        ("list.sql.query", True),
    ]
    assert clone.nl("trust", "--revoke")[0] == 0
    assert clone.nl("list", "show")[0] == 2
    assert clone.runs == 1


def test_a_send_once(clone: Clone) -> None:
    assert clone.nl("send", "--dry-run")[0] == 2
    assert clone.runs == 0
    clone.nl("send", "--dry-run", "--trust")
    assert clone.runs
    before = clone.runs
    clone.nl("send", "--dry-run", NL_TRUST="1")
    assert clone.runs > before
    assert clone.nl("send", "--dry-run")[0] == 2


@pytest.mark.parametrize("command", [("check",), ("status",), ("doctor",), ("assemble",), ("preview", "--terminal")])
def test_looking_runs_none_trusted_or_not(clone: Clone, command: tuple[str, ...]) -> None:
    clone.nl("trust", "--yes")
    assert clone.nl(*command, NL_TRUST="1")[0] in (0, 1)
    assert clone.runs == 0


def test_a_line_that_would_drive_the_terminal_is_shown_as_it_is(clone: Clone) -> None:
    text = (clone.root / "newsletter.toml").read_text("utf-8")
    write(clone.root / "newsletter.toml", text.replace("'a'", "'a' \\u001b[2K\\u202e"))
    said = clone.nl("trust")[1]
    assert "\x1b" not in said
    assert "\u202e" not in said


def test_without_any_command(tmp_path: Path) -> None:
    root = make_workspace(tmp_path).root
    done = run("trust", cwd=root)
    assert (done.returncode, done.stdout) == (0, "Nothing to trust: no command, and no secret sent anywhere.\n")


@pytest.mark.parametrize("command", [("status",), ("check",), ("assemble",), ("list", "stats"), ("trust",)])
def test_a_state_folder_that_git_tracks_is_not_used(tmp_path: Path, command: tuple[str, ...]) -> None:
    root = make_workspace(tmp_path / "top" / "letter").root
    git(tmp_path / "top", "init", "-q")
    write(root / "state" / "builds" / "001.json", "{}")
    done = run(*command, cwd=root)
    assert "git rm" not in done.stderr
    git(tmp_path / "top", "add", "-f", "letter/state/builds")
    done = run(*command, cwd=root)
    assert done.returncode == 2
    assert "state/builds/001.json" in done.stderr
    assert "git rm -r --cached state" in done.stderr


@pytest.mark.parametrize(("answer", "runs"), [("\n", 0), ("n\n", 0), ("y\n", 1)])
def test_somebody_at_a_terminal_is_asked(clone: Clone, answer: str, runs: int) -> None:
    _status, shown = at_keyboard(clone.root, "list", "stats", typed=answer, **clone.own)
    assert "Trust it" in shown
    assert clone.runs == runs
