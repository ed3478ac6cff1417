"""The tab key, in real shells: what is proposed, what is not shown, and that nothing of a workspace is run."""

from __future__ import annotations

import contextlib
import os
import select
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.inside import call
from tests.waiting import wait_until
from tests.workspaces import ISSUE, NL, environment, make_workspace, open_terminal, own_terminal, write

NEWSLETTER = str(Path(NL).with_name("newsletter"))
PATH = f"{Path(NL).parent}{os.pathsep}{os.environ['PATH']}"


def proposed(*words: str, cwd: Path) -> list[str]:
    *before, current = words
    done = call("completion", "--words", "--", *before, f"={current}", cwd=cwd)
    assert (done.status, done.err) == (0, "")
    return [line.partition("\t")[0] for line in done.out.splitlines()]


@pytest.fixture
def letter(tmp_path: Path) -> Path:
    return make_workspace(tmp_path / "letter", issues={1: ISSUE, 2: ISSUE, 12: ISSUE}).root


def test_what_is_proposed(letter: Path) -> None:
    assert proposed("chec", cwd=letter) == ["check"]
    assert proposed("list", "suppression", "", cwd=letter) == ["export", "import"]
    assert "--dry-run" in proposed("send", "--dr", cwd=letter)
    assert proposed("status", "", cwd=letter) == ["12", "2", "1"]
    assert proposed("status", "1", cwd=letter) == ["12", "1"]
    assert proposed("pull", "--section", "n", cwd=letter) == ["news"]
    assert "link-bare" in proposed("send", "1", "--accept", "link-", cwd=letter)
    assert proposed("help", "link-bar", cwd=letter) == ["link-bare"]
    assert proposed("announce", "--for", "masto", cwd=letter) == ["mastodon"]
    assert proposed("completion", "", cwd=letter) == ["bash", "zsh", "fish", "powershell"]
    # From elsewhere, of the folder that was named.
    for words in (["-C", "letter", "status", ""], ["status", "-C", "letter", ""]):
        assert proposed(*words, cwd=letter.parent) == ["12", "2", "1"]
    assert proposed("status", "", cwd=letter.parent) == []


@pytest.mark.parametrize(
    "words",
    [
        ["-C"],
        ["send", "--at", "x", "--", ""],
        ["\x00"],
        ["list", "no-such", ""],
        ['"', ""],
        [],
        ["send", "1", "2", "3", ""],
    ],
)
def test_nothing_is_ever_complained_of(words: list[str], letter: Path) -> None:
    done = call("completion", "--words", "--", *words, cwd=letter)
    assert (done.status, done.err) == (0, "")


def test_what_a_workspace_names_cannot_reach_the_shell(letter: Path) -> None:
    evil = ["$(touch pwned)", "`touch pwned`", "a;touch pwned", "-x", "a b", "é'\"", "news"]
    sections = "".join(f"[[sections]]\nslug = {name!r}\ntitle = 'T'\n" for name in evil if "'" not in name)
    write(letter / "newsletter.toml", f"[newsletter]\nname = 'T'\nlanguage = 'en'\n{sections}")
    write(letter / "sections" / "012" / "$(touch pwned).md", "")
    assert proposed("pull", "--section", "", cwd=letter) == ["news", "about", "agenda"]
    write(letter / "newsletter.toml", "this is [no TOML")
    assert proposed("pull", "--section", "", cwd=letter) == ["about", "agenda", "news"]


def test_a_script_for_each_shell_names_this_program(tmp_path: Path) -> None:
    for shell in ("bash", "zsh", "fish", "powershell"):
        done = subprocess.run([NL, "completion", shell], capture_output=True, text=True, env=environment(), check=True)
        assert NL in done.stdout
        assert "newsletter" in done.stdout
        assert "@" not in done.stdout.replace("[@]", "").replace("(@)", "").replace("@(", "").replace("@words", "")
    assert call("completion", "tcsh", cwd=tmp_path).status == call("completion", cwd=tmp_path).status == 2


def test_nl_is_completed_where_it_is_this_program(tmp_path: Path) -> None:
    folder = str(Path(NL).parent)
    told = []
    for path in (folder, str(tmp_path)):
        command, env = [sys.executable, NEWSLETTER, "completion", "bash"], environment(PATH=path)
        told += [subprocess.run(command, capture_output=True, text=True, check=True, env=env).stdout.splitlines()[-1]]
    assert [one.split()[-2:] for one in told] == [["newsletter", "nl"], ["_newsletter_cli", "newsletter"]]


class Shell:
    """A shell at a terminal, and somebody who types."""

    def __init__(self, *command: str, cwd: Path):
        self._ours, theirs = open_terminal()
        env = environment(PATH=PATH, TERM="dumb", PS1="> ", HOME=str(cwd))
        self._process = subprocess.Popen(
            command, cwd=cwd, env=env, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
            preexec_fn=own_terminal,  # noqa: PLW1509 - no thread runs here
        )  # fmt: skip
        os.close(theirs)
        self.shown = ""

    def type(self, keys: str) -> None:
        os.write(self._ours, keys.encode())

    def wait_for(self, text: str) -> None:
        wait_until(lambda: text in self._read(), lambda: f"{text!r} was not shown: {self.shown!r}")

    def _read(self) -> str:
        with contextlib.suppress(OSError):
            while select.select([self._ours], [], [], 0.01)[0]:
                self.shown += os.read(self._ours, 65_536).decode(errors="replace")
        return self.shown

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        os.close(self._ours)


SHELLS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], 'eval "$(newsletter completion bash)"'),
    "zsh": (["zsh", "-f", "-i"], 'eval "$(newsletter completion zsh)"'),
}


@pytest.mark.long
@pytest.mark.parametrize("name", [pytest.param(one, marks=pytest.mark.needs(one)) for one in SHELLS])
def test_the_tab_key_completes(name: str, letter: Path) -> None:
    command, line = SHELLS[name]
    shell = Shell(*command, cwd=letter)
    try:
        shell.type(f"{line}; echo re''ady\n")
        shell.wait_for("ready")
        for program in ("newsletter", "nl"):
            # The rest of the word is the shell's; `echo` shows what the line has become.
            for typed, completed in (("assem\t", "assemble"), ("pull --section ag\t", "--section agenda")):
                shell.type(f"echo {program} >/dev/null\n{program} {typed}")
                shell.wait_for(f"{completed} ")
                shell.type("\x15")
        shell.type("newsletter nothing-of-that-name \t\x15echo do''ne\n")
        shell.wait_for("done")
        assert "rror" not in shell.shown
        assert "Traceback" not in shell.shown
    finally:
        shell.close()


@pytest.mark.needs("fish")
def test_fish_completes(letter: Path) -> None:
    env = environment(PATH=PATH, HOME=str(letter))

    def asked(line: str) -> list[str]:
        script = f"newsletter completion fish | source; complete -C {shlex.quote(line)}"
        done = subprocess.run(
            ["fish", "-N", "-c", script], cwd=letter, env=env, capture_output=True, text=True, check=True
        )
        assert done.stderr == ""
        return [one.partition("\t")[0] for one in done.stdout.splitlines()]

    assert asked("newsletter assem") == ["assemble"]
    assert asked("nl status ") == ["12", "2", "1"]
    assert asked("nl pull --section ") == ["agenda", "news", "about"]
    assert "newsletter.toml" in asked("newsletter import newsl")
