"""`nl list suppression export`, `import`: who must never be written to, as a file without addresses."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.options import Directory, open_to_act
from newsletter_cli.cli.personal_file import warn_of_git

HELP = _("The suppression list: who must never be written to, kept as keyed hashes.")
EXPORT_HELP = _("Write the suppression list to a file of keyed hashes. It is of use only with state/suppression.key.")
IMPORT_HELP = _(
    "Add an exported suppression list, or a CSV file of people who must not be written to; of a file that says who "
    "left, only those. Nobody is taken off."
)
FileArgument = Annotated[Path, typer.Argument(metavar=_("FILE"), help=_("The file."))]


def run_export(file: FileArgument, directory: Directory = None) -> None:
    from newsletter_cli.flows.list_suppression import export_suppression

    workspace = open_to_act(directory)
    count = export_suppression(workspace, file)
    console.say(_("{count} people written to {file}, as hashes").format(count=count, file=file))
    warn_of_git(workspace, file)


def run_import(file: FileArgument, directory: Directory = None) -> None:
    from newsletter_cli.flows.list_suppression import import_suppression

    workspace = open_to_act(directory)
    done = import_suppression(workspace, file)
    for line in done.lines():
        console.say(line)
    warn_of_git(workspace, file)
    if done.invalid:
        raise typer.Exit(1)
