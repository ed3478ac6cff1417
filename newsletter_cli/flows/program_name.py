"""Whether the name of this program, typed in a shell, starts this program: most Unix systems have another `nl`."""

from __future__ import annotations

import sys
from pathlib import Path

from newsletter_cli.base.called import PACKAGE, USUAL, as_program, called
from newsletter_cli.base.i18n import _
from newsletter_cli.base.programs import find_program

OTHER_NAME = "newsletter"
# What installers write, scripts and `.exe` files alike, names the package that it imports. None is larger.
MOST_BYTES = 4_000_000


def what_to_type() -> str | None:
    """What to type instead of the name that commands are told with; `None` where that one will do."""
    name = called()
    if " " in name or starts_this_program(name):
        return None
    if starts_this_program(OTHER_NAME):
        return OTHER_NAME
    # Neither is on the PATH, as in a clone: `.venv/bin/newsletter` is, beside the one that runs.
    beside = Path(sys.argv[0]).with_name(OTHER_NAME)
    found = next((one for one in (beside, beside.with_suffix(".exe")) if one.is_file()), None)
    return f"{as_program(sys.executable)} -m {PACKAGE}" if found is None else as_program(str(beside.absolute()))


def starts_this_program(name: str) -> bool:
    """Whether that name, typed in a shell, starts one of ours."""
    return _is_ours(find_program(name))


def said_of_the_name() -> tuple[str, str | None]:
    """What there is to say of the name, and what to do about it (`None`: it starts this program)."""
    name, instead = called(), what_to_type()
    if instead is not None:
        other = find_program(name)
        message = (
            _("there is no “{name}” on your PATH").format(name=name)
            if other is None
            else _("“{name}” is another program on your PATH: {path}").format(name=name, path=other)
        )
        return message, _("type in its place: {command}").format(command=instead)
    other = find_program(USUAL)
    if other is not None and not _is_ours(other):
        message = _("you type {name}; “{other}” is another program on your PATH: {path}")
        return message.format(name=name, other=USUAL, path=other), None
    return _("“{name}” starts this program").format(name=name), None


def _is_ours(path: str | None) -> bool:
    """Whether a program on the PATH is one of ours; it is looked into, and not run."""
    if path is None:
        return False
    try:
        with Path(path).open("rb") as file:
            return PACKAGE.encode() in file.read(MOST_BYTES)
    except OSError:
        return False
