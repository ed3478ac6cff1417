"""What comes after a command: one muted line, said to whoever sits at a terminal.

Behind a command that is about an issue it is what `nl status` would say, by the same function; two things it cannot
know: where the faults are that were just shown, and that what was just assembled wants to be looked at. A pipe and
`--json` are for what was asked for. Where the result itself says what to do (`nl new`, what stands in the way of a
send), nothing is added.
"""

from __future__ import annotations

import sys
from pathlib import Path
from shlex import quote
from typing import Literal

from newsletter_cli import console
from newsletter_cli.base.called import called
from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.options import chosen_directory, named_directory
from newsletter_cli.console import streams

Step = Literal[
    "images", "words", "pull", "check", "assemble", "preview", "proof", "approve", "doctor", "list import",
    "list check", "list change", "report", "resolve",
]  # fmt: skip
# Behind these, the guide says what follows; what stands in WAY is said where it cannot.
GUIDED: frozenset[Step] = frozenset({"pull", "check", "preview", "proof", "approve"})
# Command → the one that follows it, of the same issue.
WAY: dict[Step, str] = {
    "images": "preview {number}",
    "words": "check",
    "pull": "check {number} --fix",
    "check": "assemble {number}",
    "assemble": "preview {number}",
    "preview": "status {number}",
    "proof": "status {number}",
    "approve": "send {number}",
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
    if not streams.is_terminal(sys.stdout):
        return
    text = _("Next: {command}")
    command = WAY[after]
    if has_faults:
        text = _("Once that is mended: {command}") if after in AGAIN else text
        command = AGAIN.get(after) or BACK[after]
    folder = named_directory(directory)
    place = "" if folder is None else f"-C {quote(str(folder))} "
    typed = f"{called()} {place}{command.format(number=number)}"
    if after in GUIDED and not has_faults and number is not None:
        guided = _guided(number, directory)
        typed = typed if guided is None else guided
    if not typed:  # a send waits for its day: there is nothing to type
        return
    console.say_next(text.format(command=typed))


def _guided(number: int, directory: Path | None) -> str | None:
    """What `nl status` says, empty where nothing is to be typed; `None` where it has no answer."""
    from newsletter_cli.flows.status import read_status
    from newsletter_cli.workspace.folder import find_workspace

    named = named_directory(directory)
    try:
        workspace = find_workspace(chosen_directory(directory))
        return read_status(workspace, number, directory="" if named is None else str(named)).guide.next_command
    except (NewsletterError, OSError):
        return None
