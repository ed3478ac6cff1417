"""Secrets for list sources: from the environment or from a command (a password manager), never from a file."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from newsletter_cli.errors import ListError
from newsletter_cli.i18n import _

COMMAND_SECONDS = 60


def read_secret(what: str, *, variable: str, command: Sequence[str] = ()) -> str:
    """The secret called `what` in errors: what `command` prints, else the environment variable.

    The command runs without a shell. Raises `ListError`; neither the secret nor the command's output is shown.
    """
    if command:
        return _from_command(what, command)
    value = os.environ.get(variable, "").strip()
    if not value:
        raise ListError(
            _("{what}: the environment variable {variable} is not set").format(what=what, variable=variable),
            hint=_("set it, or name a command that prints it in newsletter.toml"),
        )
    return value


def _from_command(what: str, command: Sequence[str]) -> str:
    try:
        done = subprocess.run(  # noqa: S603 - the editor's own command, from the editor's own configuration
            list(command), stdin=subprocess.DEVNULL, capture_output=True, timeout=COMMAND_SECONDS, check=False
        )
    except FileNotFoundError:
        raise ListError(_("{what}: there is no program {program}").format(what=what, program=command[0])) from None
    except (OSError, subprocess.TimeoutExpired):
        raise ListError(
            _("{what}: the command {program} did not answer").format(what=what, program=command[0])
        ) from None
    value = done.stdout.decode("utf-8", "replace").strip()
    if done.returncode or not value:
        raise ListError(
            _("{what}: the command {program} failed (status {status})").format(
                what=what, program=command[0], status=done.returncode
            ),
            hint=_("run it yourself to see why: it must print the secret and nothing else"),
        )
    return value.splitlines()[0].strip()
