"""`nl new`"""

from __future__ import annotations

from typing import Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.options import Directory, Json, open_chosen_workspace, warn_of_missing_words

HELP = _(
    "Start an issue: one file per section with guidance that readers never see, and the standing sections of the "
    "issue before. Files that exist are left alone."
)
EXAMPLE = "nl new 2 --date 2026-12-15"


def run(
    number: Annotated[
        str | None, typer.Argument(metavar="[N]", help=_("The issue's number; the next one by default."))
    ] = None,
    date: Annotated[
        str | None, typer.Option("--date", metavar="D", help=_("When it appears: 2026-12-15, or with an hour."))
    ] = None,
    source: Annotated[
        str | None,
        typer.Option(
            "--from",
            metavar="N",
            help=_("The issue whose standing sections are carried over; the one before by default."),
        ),
    ] = None,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.new import is_dated, propose_date, start_issue
    from newsletter_cli.workspace.folder import parse_issue_number

    workspace = open_chosen_workspace(directory)
    if date is None and console.is_interactive() and not is_dated(workspace, number):
        proposed = propose_date(workspace, None if number is None else parse_issue_number(number))
        date = console.ask(_("Date of publication"), default=proposed.date().isoformat())
    started = start_issue(workspace, number=number, date=date, source=source)
    warn_of_missing_words(workspace)
    if as_json:
        console.show_json(started.as_dict())
        return
    for line in started.lines():
        console.say(line)
