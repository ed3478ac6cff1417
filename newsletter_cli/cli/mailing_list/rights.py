"""`nl list export`, `forget`, `purge`: what the law gives each person, and asks of the list."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from newsletter_cli import console
from newsletter_cli.cli.mailing_list.options import ListFile, Yes
from newsletter_cli.cli.options import Directory, Json, open_to_act, refuse_idle
from newsletter_cli.errors import UsageError
from newsletter_cli.i18n import _

EXPORT_HELP = _(
    "Write all that is known of one person as JSON (their right of access), or with --all the whole list as CSV."
)
FORGET_HELP = _(
    "Erase one person everywhere. Only a keyed hash stays, so that they are never written to again; counts stay."
)
PURGE_HELP = _("Erase what has been kept long enough. [list.retention] in newsletter.toml says how long.")


def run_export(
    address: Annotated[str | None, typer.Argument(metavar="[ADDR]", help=_("Whose data."))] = None,
    is_whole: Annotated[bool, typer.Option("--all", help=_("The whole list, as CSV."))] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help=_("Write to this file, private."))
    ] = None,
    list_file: ListFile = None,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.list_export import export_whole_list, write_person
    from newsletter_cli.flows.list_people import export_person

    workspace = open_to_act(directory)
    if is_whole == (address is not None) or (is_whole and output is None):
        raise UsageError(
            _("say whose data: an address, or --all with a file"),
            hint="nl list export ADDR · nl list export --all --output list.csv",
        )
    if address is None and output is not None:
        count = export_whole_list(workspace, output, override=list_file)
        console.say(_("{count} people written to {file}").format(count=count, file=output))
        return
    known = export_person(workspace, address or "", override=list_file)
    if output is None:
        console.show_json(known)
    else:
        write_person(known, output)
        console.say_path(_("Written to "), str(output))


def run_forget(
    address: Annotated[str, typer.Argument(metavar="ADDR", help=_("Whom."))],
    is_sure: Yes = False,
    list_file: ListFile = None,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.list_people import forget_person

    workspace = open_to_act(directory, may_ask=not as_json)
    confirm(is_sure, _("Erase this person for good?"))
    done = forget_person(workspace, address, override=list_file)
    if as_json:
        console.show_json(done.as_dict())
        return
    console.say(_("Erased. They will not be written to again."))
    if done.rows:
        rows = ", ".join(map(str, done.rows))
        console.warn(_("They still stand in the list you keep yourself: erase row {rows} there").format(rows=rows))


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
    counts = due_for_purge(workspace)
    if counts and not is_trial:
        if not as_json:
            show_counts(counts)
        confirm(is_sure, _("Erase these for good?"))
        counts = run_purge(workspace)
    if as_json:
        console.show_json({"erased": {} if is_trial else counts, "due": counts if is_trial else {}})
    elif not counts:
        console.say(_("Nothing has been kept too long."))
    elif is_trial:
        show_counts(counts)
    else:
        console.say(_("Erased."))


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
