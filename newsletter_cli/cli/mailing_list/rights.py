"""`nl list export`, `forget`, `purge`: what the law gives each person, and asks of the list."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.called import as_called
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.cli.mailing_list.options import EvenUnknown, ListFile, Yes, say_unknown
from newsletter_cli.cli.options import Directory, Json, open_to_act, refuse_idle, refuse_missing_folder
from newsletter_cli.cli.personal_file import warn_of_git

if TYPE_CHECKING:
    from newsletter_cli.flows.list_rights import Erased
    from newsletter_cli.flows.personal_places import Unread

EXPORT_HELP = _(
    "Write all that is known of one person as JSON (their right of access), or with --all the whole list as CSV."
)
FORGET_HELP = _(
    "Erase people everywhere. Only a keyed hash stays of each, so that they are never written to again; counts stay."
)
PURGE_HELP = _("Erase what has been kept long enough. [list.retention] in newsletter.toml says how long.")


def run_export(
    address: Annotated[str | None, typer.Argument(metavar=_("[ADDR]"), help=_("The person’s address."))] = None,
    is_whole: Annotated[bool, typer.Option("--all", help=_("The whole list, as CSV."))] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar=_("FILE"), help=_("Write to this file, private."))
    ] = None,
    list_file: ListFile = None,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.list_export import export_whole_list, write_person
    from newsletter_cli.flows.list_rights import export_person

    workspace = open_to_act(directory)
    if is_whole == (address is not None) or (is_whole and output is None):
        raise UsageError(
            _("say which person: an address, or --all with a file"),
            hint=as_called("nl list export ADDR · nl list export --all --output state/whole-list.csv"),
        )
    refuse_missing_folder(output)
    if address is None and output is not None:
        count = export_whole_list(workspace, output, override=list_file)
        console.say(_("{count} people written to {file}").format(count=count, file=output))
        warn_of_git(workspace, output)
        return
    known = export_person(workspace, address or "", override=list_file)
    if output is None:
        console.show_json(known.data)
    else:
        write_person(workspace, known.data, output)
        console.say_path(_("Written to "), str(output))
        warn_of_git(workspace, output)
    say_unread(known.unread)
    if known.unread or not known.is_known:
        raise typer.Exit(1)


def run_forget(
    addresses: Annotated[list[str], typer.Argument(metavar=_("ADDR…"), help=_("The addresses of those to erase."))],
    is_sure: Yes = False,
    has_unknown: EvenUnknown = False,
    list_file: ListFile = None,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.list_rights import forget_people

    workspace = open_to_act(directory, may_ask=not as_json)
    question = ngettext("Erase this person for good?", "Erase these {count} people for good?", len(addresses))
    confirm(is_sure, question.format(count=len(addresses)))
    done = forget_people(workspace, addresses, override=list_file, has_unknown=has_unknown)
    if as_json:
        console.show_json(done.as_dict())
    else:
        say_erased(done, len(addresses))
    if not done.is_complete:
        raise typer.Exit(1)


def say_erased(done: Erased, given: int) -> None:
    if done.people and done.is_gone and not done.failed:
        console.say(_("Erased. They will not be written to again."))
    elif done.people:
        console.say(_("Taken out of list and ledger. They will not be written to again."))
    for name, reason in done.failed:
        text = _("{name} may still name them, and could not be changed: {reason}. Put that right, then run this again")
        console.warn(text.format(name=name, reason=reason))
    if done.people and not done.is_gone:
        say_held_open()
    if done.messages:
        text = ngettext("{count} message to them was deleted", "{count} messages to them were deleted", done.messages)
        console.say(text.format(count=done.messages))
    if done.files:
        console.say(_("Taken out of these files: {files}").format(files=", ".join(done.files)))
    if done.people:
        console.say(_("Not reached from here: backups, mail that was sent, copies that somebody made."))
    say_unknown(done.unknown, given)
    for name, rows in done.left_in.items():
        text = _("They still stand in a list that you keep yourself, {name}: erase row {rows} there")
        console.warn(text.format(name=name, rows=", ".join(map(str, rows))))
    say_unread(done.unread)


def say_held_open() -> None:
    text = _(
        "Another program holds the files open (a send, a preview?), so what was erased can still be read in them: "
        "run this again once it has ended"
    )
    console.warn(text)


def say_unread(unread: Sequence[Unread]) -> None:
    for one in unread:
        text = _("This list cannot be read now, and may name them: look there yourself ({name}: {reason})")
        console.warn(text.format(name=one.name, reason=one.reason))


def run_purge(
    is_trial: Annotated[bool, typer.Option("--dry-run", help=_("Only say what would be erased."))] = False,
    is_sure: Yes = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.list_export import due_for_purge, run_purge

    if is_trial:
        refuse_idle("--dry-run", {"--yes": is_sure}, hint="nl list purge --dry-run")
    workspace = open_to_act(directory, may_ask=not as_json)
    counts, is_gone = due_for_purge(workspace), True
    if counts and not is_trial:
        if not as_json:
            show_counts(counts)
        confirm(is_sure, _("Erase these for good?"))
        counts, is_gone = run_purge(workspace)
    if as_json:
        console.show_json({"erased": {} if is_trial else counts, "due": counts if is_trial else {}})
    elif not counts:
        console.say(_("Nothing has been kept too long."))
    elif is_trial:
        show_counts(counts)
    else:
        console.say(_("Erased.") if is_gone else _("Taken out of list and ledger."))
    if not is_gone:
        say_held_open()
        raise typer.Exit(1)


def show_counts(counts: dict[str, int]) -> None:
    for kind, count in counts.items():
        console.say(f"  {kind}: {count}")


def confirm(is_sure: bool, question: str) -> None:
    """Ask on a terminal; elsewhere `--yes` must have said so. Raises `UsageError`."""
    if is_sure:
        return
    if not console.is_interactive():
        raise UsageError(_("this cannot be undone, and nobody can be asked here"), hint=_("add --yes to be sure"))
    answer = console.ask(question + " " + _("(yes/no)"), default=_("no"))
    if answer.strip().lower() not in {"yes", "y", "oui", "o"}:
        raise UsageError(_("nothing was erased"))
