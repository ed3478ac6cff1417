"""`nl bounces`"""

from __future__ import annotations

from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.called import as_called, called
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.cli.options import Directory, Json, named_directory, open_to_act
from newsletter_cli.cli.send import Trust

if TYPE_CHECKING:
    from newsletter_cli.flows.bounces.triage import Triage
    from newsletter_cli.mailbox.settling import Settle

HELP = _(
    "Read what came back after a send: mailboxes that are gone or full, complaints, wishes to leave, answers. Shows "
    "what it would do, and asks before anything changes. Only somebody’s own delivery takes them off the list."
)
EXAMPLE = "nl bounces imaps://bounces@imap.example.org/INBOX"


def run(
    source: Annotated[
        str | None,
        typer.Argument(
            metavar="[SOURCE]",
            help=_(
                "A .eml file, a folder, an mbox, a Maildir, or imaps://USER@HOST/FOLDER; by default the mailbox of the "
                "configuration."
            ),
        ),
    ] = None,
    is_applied: Annotated[
        bool, typer.Option("--apply", help=_("Do not ask: record it, and take off whom it names so."))
    ] = False,
    is_anyway: Annotated[
        bool, typer.Option("--anyway", help=_("With --apply: also where very many would be taken off in one run."))
    ] = False,
    move: Annotated[
        str | None,
        typer.Option(
            "--move", metavar=_("FOLDER"), help=_("Then move what is settled into this folder of the mailbox (IMAP).")
        ),
    ] = None,
    is_marked: Annotated[bool, typer.Option("--mark", help=_("Then mark what is settled as read (IMAP)."))] = False,
    is_deleted: Annotated[
        bool, typer.Option("--delete", help=_("Then delete what is settled from the mailbox (IMAP)."))
    ] = False,
    is_trusted: Trust = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.bounces.triage import open_triage

    may_ask = console.is_interactive() and not as_json
    is_looking = not is_applied and not may_ask
    wanted = _wanted(move=move, is_marked=is_marked, is_deleted=is_deleted)
    _refuse_idle(wanted, is_anyway=is_anyway, is_applied=is_applied, is_looking=is_looking)
    workspace = open_to_act(directory, is_trusted=is_trusted, may_ask=not as_json)
    command = _command(source, directory)
    with open_triage(workspace, source, folder=Path.cwd(), is_looking=is_looking) as found:
        with console.progress(_("Reading messages")) as on_progress:
            found.read(wanted, on_progress)
        _show(found, as_json=as_json)
        if is_applied or _is_agreed(found, wanted, is_looking=is_looking):
            if not is_anyway:
                _refuse_burst(found, command, may_ask=not is_applied, as_json=as_json)
            _apply(found, wanted, as_json=as_json)
        elif not as_json:
            _say_how(found, command)


def _wanted(*, move: str | None, is_marked: bool, is_deleted: bool) -> Settle:
    from newsletter_cli.mailbox.settling import Settle, Settling

    given = {Settling.MOVE: move is not None, Settling.MARK: is_marked, Settling.DELETE: is_deleted}
    chosen = [what for what, is_given in given.items() if is_given]
    if len(chosen) > 1:
        options = ", ".join(f"--{what}" for what in chosen)
        raise UsageError(_("one of {options}, please").format(options=options), hint=as_called("nl bounces --mark"))
    return Settle(what=chosen[0], folder=move or "") if chosen else Settle()


def _refuse_idle(wanted: Settle, *, is_anyway: bool, is_applied: bool, is_looking: bool) -> None:
    idle = [name for name, is_given in {"--anyway": is_anyway and not is_applied}.items() if is_given]
    idle += [f"--{wanted.what}"] if is_looking and wanted.what != "stay" else []
    if idle:
        raise UsageError(
            _("{options}: this goes with --apply").format(options=", ".join(idle)), hint=as_called("nl bounces --apply")
        )


def _command(source: str | None, directory: Path | None) -> str:
    """This command, to be typed once more."""
    folder = named_directory(directory)
    words = [*(["-C", quote(str(folder))] if folder is not None else []), "bounces"]
    return " ".join([called(), *words, *([quote(source)] if source is not None else [])])


def _show(found: Triage, *, as_json: bool) -> None:
    from newsletter_cli.console.json_stream import show_json_list
    from newsletter_cli.flows.bounces.telling import summary_lines, tables, verdict_dicts

    if as_json:
        show_json_list({"messages": found.messages}, "verdicts", verdict_dicts(found))
        return
    for table in tables(found):
        console.show_table(table.title, table.columns, table.rows, numeric=(_("messages"),))
        if table.hidden:
            more = ngettext("… and {count} more: --json has all", "… and {count} more: --json has all", table.hidden)
            console.say(more.format(count=table.hidden))
        if table.advice:
            console.say_hint(table.advice)
        if table.hidden or table.advice:
            console.say()
    for line in summary_lines(found):
        console.say(line)


def _is_agreed(found: Triage, wanted: Settle, *, is_looking: bool) -> bool:
    """Whether somebody at the keyboard says yes; nobody is asked where there is nothing to do."""
    if is_looking:
        return False
    if not found.has_work(wanted):
        console.say(_("There is nothing to record."))
        raise typer.Exit
    return console.confirm(_("Record this, and take off whom it names so?"), default=False)


def _refuse_burst(found: Triage, command: str, *, may_ask: bool, as_json: bool) -> None:
    from newsletter_cli.base.errors import TooManyLeaving
    from newsletter_cli.flows.bounces.telling import applied_lines

    try:
        found.refuse_burst(f"{command} --apply --anyway")
    except TooManyLeaving as error:
        if may_ask:
            console.show_error(error)
            if console.confirm(_("Take them off all the same?"), default=False):
                return
        # Nobody who asked to leave waits for what is thought of the others.
        wishes = found.apply_wishes()
        for line in applied_lines(wishes) if wishes.new and not as_json else ():
            console.say(line)
        found.tell_source()
        if not may_ask:
            raise
        raise typer.Exit(2) from None


def _say_how(found: Triage, command: str) -> None:
    """What to run to have it done, as it would run: not what would only be stopped."""
    from newsletter_cli.base.errors import TooManyLeaving
    from newsletter_cli.mailbox.settling import Settle

    if not found.has_work(Settle()):
        console.say(_("There is nothing to record."))
        return
    try:
        found.refuse_burst(f"{command} --apply --anyway")
    except TooManyLeaving as error:
        console.say(error.message)
        console.say_hint(error.hint or "")
    else:
        console.say(_("Nothing was changed. To have it done: {command}").format(command=f"{command} --apply"))


def _apply(found: Triage, wanted: Settle, *, as_json: bool) -> None:
    from newsletter_cli.flows.bounces.telling import applied_lines, settled_line

    recorded = found.apply()
    if not as_json:
        for line in applied_lines(recorded):
            console.say(line)
    # It is recorded: what fails now is told, and made good by the next run.
    with console.progress(_("Messages settled")) as on_progress:
        count = found.settle(wanted, on_progress)
    if count and not as_json:
        console.say(settled_line(wanted.what, count, wanted.folder))
    found.tell_source()
