"""`nl completion`"""

from __future__ import annotations

import contextlib
import os
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.console import streams

HELP = _("Print what a shell reads to complete what you type: commands, options, issues, sections, rules.")
EXAMPLE = "nl completion bash"
SHELLS = {"bash": "bash", "zsh": "zsh", "fish": "fish", "powershell": "ps1"}


def _complete_shell(incomplete: str) -> list[str]:
    return [name for name in SHELLS if name.startswith(incomplete)]


def run(
    shell: Annotated[
        str | None,
        typer.Argument(metavar=_("SHELL"), autocompletion=_complete_shell, help=_("bash, zsh, fish or powershell.")),
    ] = None,
) -> None:
    if shell not in SHELLS:
        raise UsageError(
            _("which shell is it to be?") if not shell else _("“{shell}” is no shell known here").format(shell=shell),
            hint=_("one of: {names}").format(names=", ".join(SHELLS)),
        )
    streams.write(sys.stdout, script(shell))


def propose(words: Sequence[str]) -> None:
    """Print what may be proposed for the last of these words, which has a `=` before it: it may be empty.

    Whatever goes wrong: somebody who types is not shown an error.
    """
    from newsletter_cli.cli.completing import candidates

    with contextlib.suppress(Exception), Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        errors, sys.stderr = sys.stderr, nowhere
        try:
            *before, current = words
            lines = list(candidates(before, current.removeprefix("=")))
        finally:
            sys.stderr = errors
        streams.write(sys.stdout, "".join(f"{line}\n" for line in lines))


def script(shell: str) -> str:
    """What a shell reads. It names this program by its path: another `nl` may come first on the PATH."""
    from newsletter_cli.base.called import USUAL
    from newsletter_cli.flows.program_name import OTHER_NAME, starts_this_program

    names = [OTHER_NAME, *([USUAL] if starts_this_program(USUAL) else [])]
    if shell == "powershell":
        names = [f"'{name}{ending}'" for name in names for ending in ("", ".exe")]
    text = Path(__file__).with_name("shells").joinpath(f"completion.{SHELLS[shell]}").read_text("utf-8")
    between = ", " if shell == "powershell" else " "
    return text.replace("@PROGRAM@", _program(shell)).replace("@NAMES@", between.join(names))


def _program(shell: str) -> str:
    path = Path(sys.argv[0])
    is_module = path.name == "__main__.py" or not path.is_file()
    words = [sys.executable, "-P", "-m", "newsletter_cli"] if is_module else [str(path.absolute())]
    if shell == "powershell":
        return " ".join("'{}'".format(word.replace("'", "''")) for word in words)
    return shlex.join(words)
