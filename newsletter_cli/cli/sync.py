"""`nl sync`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.called import as_called, called
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.options import Directory, Json, open_to_act, refuse_idle, refuse_missing_folder
from newsletter_cli.cli.personal_file import warn_of_git
from newsletter_cli.cli.send import Trust

if TYPE_CHECKING:
    from newsletter_cli.workspace.folder import Workspace

HELP = _(
    "Fetch what happened at the endpoint since the last time: who left with one click is taken off the list, bounces "
    "and complaints that services report are recorded. A send does so by itself. With --key: the key that nl serve "
    "needs."
)
EXAMPLE = "nl sync"


def run(
    shows_key: Annotated[
        bool, typer.Option("--key", help=_("Show the key that nl serve needs on the server. It is a secret."))
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar=_("FILE"), help=_("With --key: write it into a private file instead.")),
    ] = None,
    changes_key: Annotated[
        bool, typer.Option("--rotate", help=_("Change the key; links in messages that are out stay valid."))
    ] = False,
    is_from_start: Annotated[
        bool, typer.Option("--all", help=_("Fetch the whole log once more; nothing counts twice."))
    ] = False,
    anyway: Annotated[
        bool, typer.Option("--anyway", help=_("Take them off, however many they are: somebody has looked."))
    ] = False,
    is_trusted: Trust = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    if output is not None and not shows_key:
        raise UsageError(_("--output goes with --key"), hint=as_called("nl sync --key --output endpoint.key"))
    refuse_missing_folder(output)
    idle = {"--all": is_from_start, "--anyway": anyway, "--trust": is_trusted}
    for option in (["--key"] if shows_key else []) + (["--rotate"] if changes_key else []):
        refuse_idle(option, idle, hint=f"nl sync {option}")
    workspace = open_to_act(directory, is_trusted=is_trusted, may_ask=not as_json)
    if changes_key:
        _change(workspace, is_shown=shows_key or as_json)
    if shows_key:
        _show_key(workspace, output, as_json=as_json)
    elif changes_key:
        if as_json:
            console.show_json({"changed": True})
    else:
        _fetch(workspace, is_from_start=is_from_start, is_anyway=anyway, as_json=as_json)


def _change(workspace: Workspace, *, is_shown: bool) -> None:
    from newsletter_cli.flows.syncing.key import change_key

    change_key(workspace)
    # The key itself may go to standard output, for a file or a pipe.
    console.warn(_("the key has changed; what was made with the former one is still understood"))
    if not is_shown:
        console.warn(_("give the server the new one: {command}").format(command=f"{called()} sync --key"))


def _show_key(workspace: Workspace, output: Path | None, *, as_json: bool) -> None:
    from newsletter_cli.base.endpoint_key import format_key
    from newsletter_cli.flows.syncing.key import own_key, write_key

    key = own_key(workspace)
    if output is not None:
        write_key(workspace, key, output.absolute())
        warn_of_git(workspace, output)
    if as_json:
        shown = {"key": format_key(key)} if output is None else {"file": str(output)}
        console.show_json({"newsletter": key.newsletter, **shown})
    elif output is None:
        console.say_whole(format_key(key))
    else:
        console.say_path(_("Key written: "), str(output))


def _fetch(workspace: Workspace, *, is_from_start: bool, is_anyway: bool, as_json: bool) -> None:
    from newsletter_cli.flows.syncing.sync import sync
    from newsletter_cli.flows.syncing.telling import synced_lines, to_decide_rows, warnings

    with console.progress(_("Fetching")) as on_progress:
        done = sync(workspace, is_anyway=is_anyway, is_from_start=is_from_start, on_progress=on_progress)
    if as_json:
        console.show_json(done.as_dict())
        return
    if done.to_decide:
        columns = (_("address"), _("says"), _("status"), _("words"))
        console.show_table(_("For you to decide; nothing is done about these"), columns, to_decide_rows(done))
        console.say_hint(_("to take somebody off: nl list unsubscribe ADDRESS"))
    for line in synced_lines(done):
        console.say(line)
    for line in warnings(done):
        console.warn(line)
