"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli.base.called import as_called
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.console import is_interactive

if TYPE_CHECKING:
    from newsletter_cli.workspace.folder import Workspace


def complete_issue(context: typer.Context, incomplete: str) -> list[str]:
    """The issues, for a shell."""
    from newsletter_cli.cli.completing import issues

    return issues(context, incomplete)


def complete_section(context: typer.Context, incomplete: str) -> list[str]:
    """The sections, for a shell."""
    from newsletter_cli.cli.completing import sections

    return sections(context, incomplete)


def complete_rule(incomplete: str) -> list[str]:
    """The rules, for a shell."""
    from newsletter_cli.cli.completing import rules

    return rules(incomplete)


Directory = Annotated[
    Path | None,
    typer.Option("--directory", "-C", metavar=_("DIR"), help=_("Work in this folder instead of the current one.")),
]
IssueNumber = Annotated[
    str | None,
    typer.Argument(
        metavar="[N]", autocompletion=complete_issue, help=_("The issue's number, 2 or 002; the latest by default.")
    ),
]
Accept = Annotated[
    list[str] | None,
    typer.Option(
        "--accept", metavar=_("RULE"), autocompletion=complete_rule, help=_("Let this rule pass, for this issue.")
    ),
]
Json = Annotated[bool, typer.Option("--json", help=_("Print the result as JSON, for scripts."))]
Offline = Annotated[
    bool,
    typer.Option("--offline", envvar="NL_OFFLINE", show_envvar=False, help=_("Use no network: links are not checked.")),
]

NoLanguage = Annotated[
    bool,
    typer.Option(
        "--no-language",
        envvar="NL_NO_LANGUAGE",
        show_envvar=False,
        help=_("Do not read the texts for spelling and grammar."),
    ),
]


def with_example(text: str, example: str) -> str:
    """A command's help and its example; `\\b` keeps click from re-wrapping it."""
    return f"{text}\n\n\b\n{_('Example:')}\n  {as_called(example)}"


def first_sentence(text: str) -> str:
    """What a list of commands says of one. A dot inside a word (`[list.retention]`) ends no sentence."""
    return text.partition(". ")[0].rstrip(".") + "."


# `nl -C DIR command`: what the command itself does not say.
_outer: list[Path] = []


def set_outer_directory(directory: Path | None) -> None:
    """Remember the folder named before the command."""
    _outer[:] = [directory] if directory is not None else []


def named_directory(directory: Path | None) -> Path | None:
    """The folder that was named: the command's option, relative to the one before the command, as with git."""
    outer = _outer[0] if _outer else None
    if directory is None:
        return outer
    return directory if outer is None else outer / directory


def chosen_directory(directory: Path | None) -> Path:
    """The folder to work in: the one that was named, or the current one."""
    return named_directory(directory) or Path()


def open_chosen_workspace(directory: Path | None, *, refuses_tracked_state: bool = True) -> Workspace:
    """The workspace of the chosen folder, to look at: no command that its configuration names is run.

    Raises `WorkspaceNotFound`, `ConfigError`, and `UsageError` for a `state/` that Git tracks.
    """
    from newsletter_cli.flows.tracked_state import refuse_tracked_state
    from newsletter_cli.workspace.folder import find_workspace

    workspace = find_workspace(chosen_directory(directory))
    if refuses_tracked_state:
        refuse_tracked_state(workspace)
    return workspace


def open_to_act(directory: Path | None, *, is_trusted: bool = False, may_ask: bool = True) -> Workspace:
    """The same, to act: what this user has trusted runs (`is_trusted`: everything, this time). Somebody at a terminal
    is asked about the rest, if they `may_ask`. Raises `WorkspaceNotFound`, `ConfigError`.
    """
    from newsletter_cli.base.trust import TrustedRuns
    from newsletter_cli.base.values import replace
    from newsletter_cli.cli.trust import ask_to_trust

    workspace = open_chosen_workspace(directory)
    ask = ask_to_trust if may_ask and is_interactive() else None
    return replace(workspace, commands=TrustedRuns(workspace.root, is_trusted_once=is_trusted, ask=ask))


def warn_of_missing_words(workspace: Workspace) -> None:
    """Say that the newsletter's language has no words, before somebody has written a whole issue for them."""
    from contextlib import suppress

    from newsletter_cli.base.errors import NewsletterError
    from newsletter_cli.console import warn
    from newsletter_cli.workspace.missing_words import find_missing_words

    # Words that cannot be read are an error of the commands that need them.
    with suppress(NewsletterError):
        if (missing := find_missing_words(workspace)) is not None:
            warn(f"{missing.place}: {missing.message}")
            warn(f"  → {missing.hint}")


def refuse_idle(mode: str, options: Mapping[str, bool], *, hint: str) -> None:
    """Refuse the options given, each by its name, that would do nothing in this mode. Raises `UsageError`."""
    idle = [name for name, is_given in options.items() if is_given]
    if idle:
        text = ngettext("{options} does nothing with {mode}", "{options} do nothing with {mode}", len(idle))
        raise UsageError(text.format(options=", ".join(idle), mode=mode), hint=as_called(hint))


def refuse_missing_folder(*files: Path | str | None) -> None:
    """Refuse to write a file that was named into a folder that is not there: it is a slip more often than a wish.

    Raises `UsageError`.
    """
    for file in files:
        folder = Path(file or ".").parent
        if file is not None and not folder.is_dir():
            raise UsageError(
                _("{file} cannot be written: there is no folder {folder}").format(file=file, folder=folder),
                hint=_("make the folder first, or name another"),
            )
