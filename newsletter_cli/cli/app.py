"""The command line as a whole. Only the command that is called is imported: `nl --help` must feel instant."""

from __future__ import annotations

import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from newsletter_cli import __version__
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.options import Directory, chosen_directory, set_outer_directory, with_example

# The groups of `nl --help`, in the order of the work: command → its module under `newsletter_cli.cli`, and its line.
GROUPS: dict[str, dict[str, tuple[str, str]]] = {
    _("Write"): {
        "demo": ("demo", _("Show the whole way on a sample workspace.")),
        "init": ("init", _("Make a new workspace.")),
        "new": ("new", _("Start an issue: one file per section, with guidance.")),
        "import": ("import_post", _("Turn a published post into section files.")),
        "pad": ("pad", _("Show what to paste into new pads, and name a section's pad.")),
        "pull": ("pull", _("Bring what was written in the pads into the sections.")),
        "push": ("push", _("Put what was written here into the pads, where a host takes it.")),
        "remind": ("remind", _("Show who owes which text until when, for the chat.")),
        "images": ("images", _("Make the pictures fit for mail: format, width, no camera's notes.")),
        "words": ("words", _("Keep the newsletter's own words, and those of the layout.")),
        "theme": ("theme", _("Copy a file of a shipped theme, to change it.")),
    },
    _("Check"): {
        "status": ("status", _("Show how far each section is.")),
        "check": ("check", _("Find the faults before your readers do.")),
        "assemble": ("assemble", _("Write the e-mail, its text and the post into build/.")),
        "proof": ("proof", _("Send the issue to those who read it first, marked as a proof.")),
        "preview": ("preview", _("Show the issue as its readers will see it, live in a local page.")),
        "approve": ("approve", _("Answer for an issue as it is, before it goes out.")),
        "doctor": ("doctor", _("Check that everything is set up.")),
        "help": ("help", _("Show a page of the documentation.")),
        "completion": ("completion", _("Have a shell complete what you type.")),
    },
    _("Send"): {
        "list": ("mailing_list", _("Keep the mailing list: import, check, add, unsubscribe, forget…")),
        "draft": ("draft", _("Put the issue into your own mailbox as a draft.")),
        "send": ("send", _("Send the issue to the mailing list, at most once to each.")),
        "worker": ("worker", _("Send what was planned, beside other workers.")),
        "pause": ("pause", _("Stop a send, on every machine.")),
        "trust": ("trust", _("Trust what newsletter.toml runs, and where it sends secrets.")),
    },
    _("Publish"): {
        "publish": ("publish", _("Put the post and its pictures into the site’s repository.")),
        "announce": ("announce", _("Write the texts that tell of an issue, for chats and networks.")),
        "archive": ("archive", _("Write static pages of all issues, with an index and a feed.")),
    },
    _("After the send"): {
        "report": ("delivery_report", _("Show what became of every recipient.")),
        "bounces": ("bounces", _("Read what came back: gone mailboxes, complaints, wishes to leave.")),
        "resolve": ("resolve", _("Decide about deliveries in doubt, and refused ones.")),
        "serve": ("serve", _("Serve the endpoint that takes readers off the list with one click.")),
        "sync": ("sync", _("Fetch who left with one click, and what mail services report.")),
        "state": ("state", _("Hand list and ledger over to another machine.")),
    },
}
COMMANDS = {name: known for group in GROUPS.values() for name, known in group.items()}


def build_app(arguments: list[str]) -> typer.Typer:
    """The application for these arguments: the commands they name in full, the others by name and help only."""
    app = typer.Typer(
        name="nl",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(help=_("Compose, check and mail a community newsletter kept as Markdown in Git."))(_common)
    is_completing = any(name.endswith("_COMPLETE") for name in os.environ)
    if is_completing:
        # Typer does so only where it adds options of its own for it.
        import_module("typer.completion").completion_init()
    for panel, commands in GROUPS.items():
        for name, (module, summary) in commands.items():
            is_named = name in arguments or is_completing
            _add(app, name, import_module(f"newsletter_cli.cli.{module}") if is_named else None, summary, panel)
    return app


def _add(app: typer.Typer, name: str, command: Any, summary: str, panel: str) -> None:
    """Add a command by its module, or, without one, its name and its line in the help."""
    if command is None:
        app.command(name, short_help=summary, help=summary, rich_help_panel=panel)(_placeholder(name))
    elif hasattr(command, "APP"):  # a group of commands
        command.APP.callback()(_group)
        help_text = with_example(command.HELP, command.EXAMPLE)
        app.add_typer(command.APP, name=name, short_help=summary, help=help_text, rich_help_panel=panel)
    else:
        help_text = with_example(command.HELP, command.EXAMPLE)
        kind = getattr(command, "COMMAND", None)
        app.command(name, cls=kind, short_help=summary, help=help_text, rich_help_panel=panel)(command.run)


def _placeholder(name: str) -> Callable[[], None]:
    def run() -> None:
        raise AssertionError(name)

    return run


def _show_version(is_wanted: bool) -> None:
    if is_wanted:
        from newsletter_cli.console import say

        say(f"nl {__version__}")
        raise typer.Exit


def _common(
    directory: Directory = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help=_("Show the version and stop."))
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help=_("Show the traceback of an error."))] = False,
) -> None:
    set_outer_directory(None if directory is None else Path(directory))


def _group(directory: Directory = None) -> None:
    if directory is not None:
        set_outer_directory(chosen_directory(directory))
