"""The line that has this machine's own timer run a send: for cron, systemd, or the Task Scheduler of Windows.

Whatever starts it, `nl` itself compares the moment with the clock: a cron line comes again in a year, a timer may be
started late, and neither sends then. The lines hold no secret, and what a send prints with `--json` names nobody.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from msgspec import Struct

from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.values import replace
from newsletter_cli.config import Config
from newsletter_cli.flows.audience import LIST_VARIABLE
from newsletter_cli.flows.clearance.moment_telling import said_short
from newsletter_cli.flows.clearance.schedule import late_seconds
from newsletter_cli.flows.clearance.timer_kind import Timer
from newsletter_cli.flows.sending.job import SendOptions
from newsletter_cli.flows.sending.transport import TRANSPORT_VARIABLE
from newsletter_cli.workspace.folder import Workspace

CONTROL = re.compile(r"[\x00-\x1f\x7f]")
# What a systemd unit takes apart within double quotes.
UNIT_ESCAPES = {"\\": "\\\\", '"': '\\"', "%": "%%", "$": "$$"}


class Start(Struct, frozen=True, kw_only=True):
    """A send to be started: `words` as they are typed, whole paths in them; `log` takes what it says; `needs` are the
    variables of the environment that it reads and that are set here now.
    """

    number: int
    moment: datetime
    words: tuple[str, ...]
    folder: Path
    log: Path
    needs: tuple[str, ...] = ()


def make_start(workspace: Workspace, number: int, options: SendOptions, moment: datetime) -> Start:
    """What a timer starts, wherever it does: the same list, transport and moment as here, and no question.

    Raises `UsageError` for a path with a line break.
    """
    listed, transport = (
        options.list_file or os.environ.get(LIST_VARIABLE),
        options.transport or os.environ.get(TRANSPORT_VARIABLE),
    )
    whole = replace(
        options,
        directory=str(workspace.root),
        list_file=str(Path(listed).absolute()) if listed else None,
        transport=transport or None,
        at=moment,
        late_up_to_seconds=late_seconds(options),
    )
    start = Start(
        number=number,
        moment=moment,
        words=(*program(), *whole.words(number), "--yes", "--json"),
        folder=workspace.root,
        log=workspace.root / "state" / f"send-{number:03d}.log",
        needs=_needs(workspace.config, os.environ),
    )
    if any(CONTROL.search(word) for word in (*start.words, str(start.log))):
        raise UsageError(
            _("the path of the workspace, or an option, has a line break in it: no timer takes that"),
            hint=_("rename the folder; or let nl wait itself, without --print"),
        )
    return start


def program() -> tuple[str, ...]:
    """How `nl` is started without a PATH: its own program beside Python, else Python with the module."""
    python = Path(sys.executable)
    beside = python.with_name("nl.exe" if os.name == "nt" else "nl")
    return (str(beside),) if beside.is_file() else (str(python), "-P", "-m", "newsletter_cli")


def _needs(config: Config, environment: Mapping[str, str]) -> tuple[str, ...]:
    settings = config.send
    known = [
        settings.smtp.password_env,
        settings.service.key_env,
        settings.dkim.key_env,
        config.list.grist.key_env,
        config.list.sql.url_env,
    ]
    known += ["NL_TRUST", "NL_CONFIG_DIR"]
    return tuple(dict.fromkeys(name for name in known if environment.get(name)))


def timer_lines(timer: Timer, start: Start) -> list[str]:
    """What is to be pasted, with what has to be done around it as comments."""
    heading = "# " + _("nl: issue {number} on {moment}, once").format(
        number=start.number, moment=said_short(start.moment)
    )
    makers = {Timer.CRON: _cron, Timer.SYSTEMD: _systemd, Timer.WINDOWS: _windows}
    return [heading, *makers[timer](start)]


def _cron(start: Start) -> list[str]:
    here = start.moment.astimezone()
    command = f"{shlex.join(start.words)} >> {shlex.quote(str(start.log))} 2>&1"
    return [
        *_comments(
            _("Add the line with: crontab -e. It would come again in a year, and refuse then: take it out afterwards."),
            *_needed(start, _("as lines NAME=value above it, or better from a command (password_command)")),
        ),
        f"{here.minute} {here.hour} {here.day} {here.month} * {_for_crontab(command)}",
    ]


def _for_crontab(command: str) -> str:
    """A percent sign would end the command. One behind a backslash is kept from it by quotes that hold nothing."""
    return command.replace("\\%", "\\''%").replace("%", "\\%")


def _systemd(start: Start) -> list[str]:
    name = f"nl-send-{start.number:03d}"
    # In UTC no hour comes twice.
    moment = f"{start.moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
    command = " ".join(_for_unit(word) for word in start.words)
    return [
        *_comments(
            _("Two files in {folder}; then:").format(folder="~/.config/systemd/user/"),
            f"  systemctl --user daemon-reload && systemctl --user enable --now {name}.timer",
            _("So that it runs although you are not logged in: {command}").format(command="loginctl enable-linger"),
            _("What came of it: {command}").format(command=f"journalctl --user -u {name}"),
            *_needed(start, _("as Environment= or, in a file that nobody else reads, EnvironmentFile=")),
        ),
        "",
        f"# {name}.service",
        "[Unit]",
        f"Description=nl send {start.number}",
        "",
        "[Service]",
        "Type=oneshot",
        f"ExecStart={command}",
        "",
        f"# {name}.timer",
        "[Unit]",
        f"Description=nl send {start.number}",
        "",
        "[Timer]",
        f"OnCalendar={moment}",
        "AccuracySec=1s",
        "Persistent=true",
        "",
        "[Install]",
        "WantedBy=timers.target",
    ]


def _for_unit(word: str) -> str:
    return '"' + "".join(UNIT_ESCAPES.get(sign, sign) for sign in word) + '"'


def _windows(start: Start) -> list[str]:
    """PowerShell rather than `schtasks`, whose dates are read as the language of Windows writes them, and which cuts a
    command at 261 characters.
    """
    executable, *arguments = start.words
    quoted = {
        "program": _for_powershell(executable),
        "arguments": _for_powershell(subprocess.list2cmdline(arguments)),
        "folder": _for_powershell(str(start.folder)),
        "name": _for_powershell(f"nl send {start.number}"),
        "moment": start.moment.isoformat(timespec="seconds"),
    }
    script = (
        "Register-ScheduledTask -TaskName {name}"
        " -Action (New-ScheduledTaskAction -Execute {program} -Argument {arguments} -WorkingDirectory {folder})"
        " -Trigger (New-ScheduledTaskTrigger -Once -At ([datetime]'{moment}'))"
        " -Settings (New-ScheduledTaskSettingsSet -StartWhenAvailable -WakeToRun"
        " -AllowStartIfOnBatteries -DontStopIfGoingOnBatteries)"
    )
    return [
        *_comments(
            _("Paste into PowerShell. It runs while you are logged in; the machine may sleep, but not be off."),
            _("To take it back: {command}").format(
                command=f"Unregister-ScheduledTask -TaskName {quoted['name']} -Confirm:$false"
            ),
            *_needed(start, _("as a variable of your Windows account, or better from a command (password_command)")),
        ),
        script.format(**quoted),
    ]


def _for_powershell(text: str) -> str:
    """Within single quotes nothing but the quote means anything; PowerShell takes the curly ones for such, too."""
    return "'" + re.sub("(['‘’‚‛])", r"\1\1", text) + "'"


def _needed(start: Start, how: str) -> Sequence[str]:
    if not start.needs:
        return ()
    return (_("It needs {names} in its environment: {how}").format(names=", ".join(start.needs), how=how),)


def _comments(*lines: str) -> list[str]:
    return [f"# {line}" for line in lines]
