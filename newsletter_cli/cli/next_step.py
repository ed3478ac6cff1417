"""What comes after a command: the one place that knows the way of an issue.

write → check → assemble → preview → send --dry-run → send → report. It is one muted line, said to whoever sits at a
terminal: a pipe and `--json` are for what was asked for. Where the result itself says what to do (`nl new`, what stands
in the way of a send), nothing is added.
"""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import Literal

from newsletter_cli import console
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.options import named_directory

Step = Literal[
    "pull", "images", "words", "status", "check", "approve", "assemble", "preview", "doctor",
    "list import", "list check", "list change", "report", "resolve",
]  # fmt: skip
# Command → the one that follows it, of the same issue.
WAY: dict[Step, str] = {
    "pull": "check {number}",
    "images": "preview {number}",
    "words": "check",
    "status": "send {number} --dry-run",
    "check": "assemble {number}",
    "assemble": "preview {number}",
    "preview": "send {number} --dry-run",
    "approve": "send {number} --dry-run",
    "doctor": "status",
    "list import": "list check",
    "list check": "send --dry-run",
    "list change": "list stats",
    "report": "new",
    "resolve": "report {number}",
}
# Where faults were found: the command that shows them, and the one to run again once they are mended.
BACK: dict[Step, str] = {"check": "check {number} --review", "assemble": "check {number}"}
AGAIN: dict[Step, str] = {"list check": "list check", "doctor": "doctor"}


def say_next(after: Step, number: int | None = None, *, directory: Path | None, has_faults: bool = False) -> None:
    """The command that follows; with faults, the one that leads back to them. `directory`: as it was typed."""
    text = _("Next: {command}")
    command = WAY[after]
    if has_faults:
        text = _("Once that is mended: {command}") if after in AGAIN else text
        command = AGAIN.get(after) or BACK[after]
    folder = named_directory(directory)
    place = "" if folder is None else f"-C {quote(str(folder))} "
    console.say_next(text.format(command=f"nl {place}{command.format(number=number)}"))
