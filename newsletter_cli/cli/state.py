"""`nl state export`, `nl state import`: list and ledger, handed over to another machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.options import (
    Directory,
    Json,
    first_sentence,
    open_chosen_workspace,
    refuse_missing_folder,
    with_example,
)

if TYPE_CHECKING:
    from newsletter_cli.flows.handover import HandedOver

HELP = _("Hand list and ledger over to another machine: one machine sends at a time.")
EXAMPLE = "nl state export state.age"
EXPORT_HELP = _(
    "Write list, suppression list and ledger to a file, sealed with a passphrase. From then on this copy neither sends "
    "nor changes the list, until nl state import brings it back."
)
IMPORT_HELP = _("Put in place what nl state export wrote, here or on another machine. This copy sends from then on.")
VARIABLE = "NL_PASSPHRASE"

APP = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@APP.command("export", help=with_example(EXPORT_HELP, EXAMPLE), short_help=first_sentence(EXPORT_HELP))
def run_export(
    file: Annotated[Path, typer.Argument(metavar=_("FILE"), help=_("The file to write, private."))],
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.handover import export_state
    from newsletter_cli.flows.sealing import seal

    refuse_missing_folder(file)
    workspace = open_chosen_workspace(directory)
    passphrase = _passphrase(is_new=True)
    done = export_state(workspace, file.absolute(), lambda content: seal(content, passphrase))
    _show(done, _("Handed over in "), as_json=as_json)
    if not as_json:
        if workspace.config.send.ledger is not None:
            console.say(_("The ledger is in PostgreSQL and stays there: whoever has the configuration has it."))
        console.say(
            _("This copy neither sends nor changes the list any more; to go on, here or there: nl state import")
        )


@APP.command(
    "import",
    help=with_example(IMPORT_HELP, "nl state import state.age"),
    short_help=first_sentence(IMPORT_HELP),
)
def run_import(
    file: Annotated[Path, typer.Argument(metavar=_("FILE"), help=_("What nl state export wrote."))],
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.handover import import_state
    from newsletter_cli.flows.sealing import unseal

    workspace = open_chosen_workspace(directory)
    path = file.absolute()
    done = import_state(workspace, path, lambda sealed: unseal(sealed, _passphrase(is_new=False), name=str(path)))
    _show(done, _("In place, from "), as_json=as_json)
    if not as_json:
        console.say(_("This copy sends from now on. Delete the file once it is no longer needed: it holds addresses."))


def _passphrase(*, is_new: bool) -> str:
    """From the environment, else asked for: twice where it is a new one. Never an option, which others could see."""
    if given := os.environ.get(VARIABLE):
        return given
    if not console.is_interactive():
        raise UsageError(
            _("a passphrase is needed, and nobody can be asked here"),
            hint=_("put it into the environment: {variable}").format(variable=VARIABLE),
        )
    typed = console.ask_hidden(_("Passphrase"))
    if not typed:
        raise UsageError(
            _("the passphrase is empty: nothing was done"), hint=_("several words that nobody would guess")
        )
    if is_new and console.ask_hidden(_("The same again")) != typed:
        raise UsageError(_("these were two passphrases: nothing was done"), hint=_("try again"))
    return typed


def _show(done: HandedOver, label: str, *, as_json: bool) -> None:
    if as_json:
        console.show_json(done.as_dict())
        return
    console.say_path(label, done.file)
    issues = ", ".join(map(str, done.issues)) or "–"
    console.say(
        _("On the list: {people}; on the suppression list: {suppressed}; issues in the ledger: {issues}").format(
            people=done.people, suppressed=done.suppressed, issues=issues
        )
    )
