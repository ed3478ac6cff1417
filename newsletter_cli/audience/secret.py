"""Secrets for list sources: from the environment or from a command (a password manager), never from a file."""

from __future__ import annotations

from newsletter_cli.base.errors import ListError
from newsletter_cli.base.secret import read_from_command, read_from_environment
from newsletter_cli.base.trust import PermittedCommand


def read_secret(what: str, *, variable: str, command: PermittedCommand | None = None) -> str:
    """The secret called `what` in errors: what `command` prints, else the environment variable.

    The command runs without a shell. Raises `ListError`; neither the secret nor the command's output is shown.
    """
    if command is not None:
        return read_from_command(what, command, ListError)
    return read_from_environment(what, variable, ListError)
