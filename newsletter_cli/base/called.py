"""The name that this program was called by: `nl`, `newsletter`, `python -m newsletter_cli`…

Whatever tells somebody to type a command says that name: where another `nl` comes first on the PATH, or there is none,
`nl send 1` would do something else. In the source, and in translations, such a command is written with `nl`; `_()` and
`as_called` put the name in its place. They do so in texts of our own, before anything is filled in: what people wrote
is never changed. A run for scripts (`--json`) says `nl`, whatever it was called by, so that its output is always alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

USUAL = "nl"
PACKAGE = "newsletter_cli"
# What Windows appends to a program's name, and what installers of old did.
_ENDINGS = ("-script.py", "-script.pyw", ".exe")
# What needs no quotes in any shell.
_PLAIN = re.compile(r"[\w.+-]+")

_name = USUAL
_known: tuple[str, ...] = ()
_commands: re.Pattern[str] | None = None


def called() -> str:
    """The name, to be followed by a command."""
    return _name


def as_called(text: str) -> str:
    """A text of our own, with the commands of `nl` that it names as they are to be typed."""
    return text if _commands is None or f"{USUAL} " not in text else _commands.sub(lambda _: _name, text)


def be_called(name: str, commands: Iterable[str]) -> None:
    """Have the program go by that name in front of these commands and of options; elsewhere `nl` is its product's."""
    global _name, _known, _commands  # noqa: PLW0603 - a process is called once, by one name
    _name, _known = name, tuple(commands)
    words = "|".join(map(re.escape, _known))
    _commands = None if name == USUAL else re.compile(rf"(?<![\w./-]){USUAL}(?= (?:--?\w|(?:{words})\b))")


def as_program(path: str) -> str:
    """The path of a program as it begins a command. PowerShell would show one in quotes: it wants a `&` before it."""
    if re.fullmatch(r"[\w./\\:+-]+", path):
        return path
    return f'& "{path}"' if "\\" in path else f'"{path}"'


def handed_on() -> tuple[str, str]:
    """The name and the commands, for a process that this one starts."""
    return _name, ",".join(_known)


def name_of(arguments: Sequence[str], original: Sequence[str] = ()) -> str:
    """The name from `sys.argv` and `sys.orig_argv`; `nl` where they tell none that a shell takes as it is."""
    base = _base(arguments[0] if arguments else "")
    if base == "__main__.py":
        python = _without_ending(_base(original[0] if original else ""))
        return f"{python if _PLAIN.fullmatch(python) else 'python'} -m {PACKAGE}"
    name = _without_ending(base)
    return name if _PLAIN.fullmatch(name) and not name.startswith("-") else USUAL


def _without_ending(name: str) -> str:
    ending = next((one for one in _ENDINGS if name.lower().endswith(one)), "")
    return name[: len(name) - len(ending)]


def _base(path: str) -> str:
    return re.split(r"[\\/]", path)[-1]


def is_for_scripts(arguments: Sequence[str]) -> bool:
    """Whether the command line asks for a form that programs read."""
    formats = [one.partition("=")[2] for one in arguments if one.startswith("--format=")]
    formats += [after for one, after in pairwise(arguments) if one == "--format"]
    return "--json" in arguments or any(one != "text" for one in formats)
