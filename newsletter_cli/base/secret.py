"""Where secrets come from: a command (a password manager), the system's keyring, the environment. Never a file.

Each reader takes the class of error to raise, so that every room speaks of its own. No error shows a secret, nor what
a command printed.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from newsletter_cli.base.errors import NewsletterError
from newsletter_cli.base.extras import how_to_add
from newsletter_cli.base.i18n import _
from newsletter_cli.base.programs import find_program
from newsletter_cli.base.trust import PermittedCommand, own_files

COMMAND_SECONDS = 60


def read_from_environment(what: str, variable: str, error: type[NewsletterError]) -> str:
    """The secret called `what` in errors, from an environment variable. Raises `error` where it is unset or empty."""
    value = os.environ.get(variable, "").strip()
    if not value:
        raise error(
            _("{what}: the environment variable {variable} is not set").format(what=what, variable=variable),
            hint=_("set it, or name a command that prints it in newsletter.toml"),
        )
    return value


def read_from_command(
    what: str, command: PermittedCommand, error: type[NewsletterError], *, has_lines: bool = False
) -> str:
    """The first line that `command` prints (`has_lines`: all of them). Raises `error`.

    It runs without a shell, in the workspace's folder, so that a path in it means the same wherever one is.
    """
    name = command.words[0]
    try:
        done = subprocess.run(  # noqa: S603 - what this user has read and trusted
            [_program(command), *command.words[1:]],
            cwd=command.folder,
            env=_environment(command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
    except FileNotFoundError:
        raise error(_("{what}: there is no program {program}").format(what=what, program=name)) from None
    except (OSError, ValueError, subprocess.TimeoutExpired):
        raise error(_("{what}: the command {program} did not answer").format(what=what, program=name)) from None
    value = done.stdout.decode("utf-8", "replace").strip()
    if done.returncode or not value:
        raise error(
            _("{what}: the command {program} failed (status {status})").format(
                what=what, program=name, status=done.returncode
            ),
            hint=_("run it yourself to see why: it must print the secret and nothing else"),
        )
    return value if has_lines else value.splitlines()[0].strip()


def _environment(command: PermittedCommand) -> Mapping[str, str] | None:
    """The user's own; `python -m keyring` takes no `keyring.py` from the folder it runs in, which a clone may bring.

    A command that names a file there, trusted as it was, may want what lies beside it.
    """
    return None if own_files(command.folder, command.words) else {**os.environ, "PYTHONSAFEPATH": "1"}


def _program(command: PermittedCommand) -> str:
    """Where the program is: a path is one of the workspace's, a name is looked up. Raises `FileNotFoundError`."""
    name = command.words[0]
    if Path(name).name != name:
        return str(command.folder / name)
    found = find_program(name)
    if found is None:
        raise FileNotFoundError(name)
    return found


def read_from_keyring(what: str, service: str, user: str, error: type[NewsletterError]) -> str:
    """What the system's keyring holds for `user` of `service`. Raises `error`, also where keyring is not installed."""
    try:
        import keyring
        import keyring.errors
    except ImportError:
        raise error(
            _("{what}: the keyring cannot be read, because keyring is not installed").format(what=what),
            hint=_("install it: {command}").format(command=how_to_add("keyring")),
        ) from None
    try:
        value = keyring.get_password(service, user)
    except keyring.errors.NoKeyringError:
        raise error(
            _("{what}: this system has no keyring that can be reached").format(what=what),
            hint=_("set the environment variable, or name a command that prints it in newsletter.toml"),
        ) from None
    # Backends raise whatever D-Bus, Windows or macOS gives them; their texts hold no password.
    except Exception as fault:
        raise error(
            _("{what}: the keyring could not be read ({fault})").format(what=what, fault=type(fault).__name__),
            hint=_("unlock it, then run this again"),
        ) from None
    if not value:
        raise error(
            _("{what}: the keyring has nothing for {user} under {service}").format(
                what=what, user=user, service=service
            ),
            hint=_("store it: keyring set {service} {user}").format(service=service, user=user),
        )
    return value
