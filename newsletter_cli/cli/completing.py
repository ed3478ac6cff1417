"""What a shell proposes for the word under the cursor: told from names of files and commands, nothing is run or asked.

What comes from a workspace is proposed where it is a plain word, and left out where a shell could read more in it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import typer

PLAIN = re.compile(r"[\w][\w.@+-]*")


def candidates(words: Sequence[str], current: str) -> Iterator[str]:
    """Lines of a candidate, and behind a tab what it is about. `words`: those before the cursor, but the program."""
    from newsletter_cli.cli.app import build_app
    from newsletter_cli.cli.usage import dress

    command = typer.main.get_command(build_app(list(words)))
    dress(command)
    # Typer's own, or that of the click it stands on: it depends on typer's version.
    library = typer.BadParameter.__module__.rpartition(".")[0]
    shell: Any = import_module(f"{library}.shell_completion").ShellComplete
    # Of the class, which wants to know how a shell asks, the answers alone are used.
    asked = type("Asked", (shell,), dict.fromkeys(shell.__abstractmethods__))
    for item in asked(command, {}, "newsletter", "").get_completions(list(words), current):
        if item.type == "plain" and "\n" not in item.value and "\t" not in item.value:
            about = " ".join((item.help or "").split())
            yield f"{item.value}\t{about}"


def issues(context: typer.Context, incomplete: str) -> list[str]:
    """The numbers of the issues, the latest first."""
    found = sorted((int(path.name) for path in _inside(context, "sections") if path.name.isdecimal()), reverse=True)
    return _begun(map(str, found), incomplete)


def sections(context: typer.Context, incomplete: str) -> list[str]:
    """The sections by their slugs: those of the configuration, and those that there are."""
    import tomllib

    named: list[str] = []
    root = _root(context)
    with contextlib.suppress(OSError, ValueError, TypeError, AttributeError, KeyError):
        if root is not None:
            configured = tomllib.loads((root / "newsletter.toml").read_text("utf-8")).get("sections", [])
            named += [str(one["slug"]) for one in configured]
    latest = max((path for path in _inside(context, "sections") if path.name.isdecimal()), default=None)
    if latest is not None:
        named += sorted(path.stem for path in latest.glob("*.md") if not path.name.startswith("_"))
    return _begun(dict.fromkeys(named), incomplete)


def rules(incomplete: str) -> list[str]:
    """The rules by their slugs."""
    from newsletter_cli.check.catalogue import ALL_RULES

    return _begun((rule.slug for rule in ALL_RULES), incomplete)


def _begun(names: Iterable[str], incomplete: str) -> list[str]:
    return [name for name in names if name.startswith(incomplete) and PLAIN.fullmatch(name)]


def _root(context: typer.Context) -> Path | None:
    """The workspace around the folder that was named before the cursor, or the one that somebody is in."""
    folder = Path()
    chain: list[Any] = []
    step: Any = context
    while step is not None:
        chain.insert(0, step)
        step = step.parent
    for one in chain:
        folder /= one.params.get("directory") or ""
    with contextlib.suppress(OSError):
        here = folder.resolve()
        return next((one for one in (here, *here.parents) if (one / "newsletter.toml").is_file()), None)
    return None


def _inside(context: typer.Context, name: str) -> list[Path]:
    root = _root(context)
    with contextlib.suppress(OSError):
        if root is not None:
            return [path for path in (root / name).iterdir() if path.is_dir()]
    return []
