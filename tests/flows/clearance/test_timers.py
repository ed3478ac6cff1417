"""The lines for the timers of a machine, taken apart as those timers and their shells take them apart."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newsletter_cli.base.errors import UsageError
from newsletter_cli.flows.clearance.timer_kind import Timer
from newsletter_cli.flows.clearance.timers import Start, make_start, program, timer_lines
from newsletter_cli.flows.sending.job import SendOptions
from newsletter_cli.workspace.folder import open_workspace
from tests.workspaces import make_workspace

MOMENT = datetime(2026, 12, 3, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))
ODD = ("it's", 'a "b" c', "100 % \\% $HOME `id` ; & | ’ é", "back\\", "\\\\%%")


def start(*words: str, needs: tuple[str, ...] = ()) -> Start:
    return Start(
        number=2, moment=MOMENT, words=words, folder=Path("/srv/a b"), log=Path("/srv/a b/50%/s.log"), needs=needs
    )


def from_crontab(line: str) -> str:
    """What cron gives the shell: up to the first bare percent sign, the backslash before others taken away."""
    command, is_escaped = "", False
    for sign in line.split(" ", 5)[5]:
        if is_escaped:
            command = command[:-1] + sign if sign == "%" else command + sign
            is_escaped = False
            continue
        if sign == "%":
            break
        is_escaped = sign == "\\"
        command += sign
    return command


def test_cron_and_its_shell_get_every_word() -> None:
    line = timer_lines(Timer.CRON, start("/opt/nl", *ODD))[-1]
    here = MOMENT.astimezone()
    assert line.startswith(f"{here.minute} {here.hour} {here.day} {here.month} * ")
    command = from_crontab(line)
    assert shlex.split(command) == ["/opt/nl", *ODD, ">>", "/srv/a b/50%/s.log", "2>&1"]
    if shutil.which("sh"):
        shown = command.partition(" >> ")[0].replace("/opt/nl", "printf '%s\\n'", 1)
        said = subprocess.run(["sh", "-c", shown], capture_output=True, check=True, text=True).stdout
        assert said.splitlines() == list(ODD)


def test_systemd_gets_every_word_and_a_moment_that_is_there_once() -> None:
    lines = timer_lines(Timer.SYSTEMD, start("/opt/nl", *ODD))
    (command,) = [line.removeprefix("ExecStart=") for line in lines if line.startswith("ExecStart=")]
    signs = {"\\\\": "\\", '\\"': '"', "%%": "%", "$$": "$"}
    words = re.findall(r'"((?:[^"\\]|\\.)*)"', command)
    assert [re.sub(r'\\\\|\\"|%%|\$\$', lambda one: signs[one[0]], word) for word in words] == ["/opt/nl", *ODD]
    assert "OnCalendar=2026-12-03 08:30:00 UTC" in lines


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="needs systemd")
def test_systemd_itself_takes_the_units(tmp_path: Path) -> None:
    text = "\n".join(timer_lines(Timer.SYSTEMD, start("/bin/true", *ODD)))
    service, timer = text.partition("# nl-send-002.service")[2].split("# nl-send-002.timer")
    for name, unit in (("nl-send-002.service", service), ("nl-send-002.timer", timer)):
        (tmp_path / name).write_text(unit, "utf-8")
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", str(tmp_path / name)], capture_output=True, text=True, check=False
        )
        assert name not in done.stderr, done.stderr


def test_powershell_is_given_words_that_it_leaves_alone() -> None:
    line = timer_lines(Timer.WINDOWS, start("C:\\it's\\nl.exe", "send", 'a "b" c', "l’été"))[-1]
    assert "-Execute 'C:\\it''s\\nl.exe'" in line
    assert '-Argument \'send "a \\"b\\" c" l’’été\'' in line
    assert "-At ([datetime]'2026-12-03T09:30:00+01:00')" in line


def test_what_is_started_is_whole_and_has_no_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_workspace(tmp_path / "w")
    workspace = open_workspace(tmp_path / "w")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NL_LIST", "people.csv")
    monkeypatch.setenv("NL_TRANSPORT", "smtp://mail.example.org")
    monkeypatch.setenv("NL_SMTP_PASSWORD", "hunter2")
    begun = make_start(workspace, 1, SendOptions(limit=10, accepted=("link-dead",), is_anyway=True), MOMENT)
    text = "\n".join(timer_lines(Timer.CRON, begun))
    for word in (
        str(tmp_path / "people.csv"), "--transport smtp://mail.example.org", "--limit 10", "--accept=link-dead",
        "--anyway", "--at 2026-12-03T09:30+01:00", "--late-up-to 3600s", "--yes --json", f"-C {workspace.root}",
        "NL_SMTP_PASSWORD",
    ):  # fmt: skip
        assert word in text
    assert "hunter2" not in text
    assert Path(program()[0]).is_absolute()


def test_a_line_break_in_a_path_is_refused(tmp_path: Path) -> None:
    make_workspace(tmp_path / "w")
    with pytest.raises(UsageError, match="line break"):
        make_start(open_workspace(tmp_path / "w"), 1, SendOptions(list_file="a\nb.csv"), MOMENT)
