"""`nl report`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.i18n import _, ngettext, shown_count
from newsletter_cli.cli.next_step import say_next
from newsletter_cli.cli.options import Directory, IssueNumber, Json, open_chosen_workspace
from newsletter_cli.cli.personal_file import warn_of_git

HELP = _(
    "Show what became of every recipient of an issue: in numbers, with the servers’ own words; one by one with --csv. "
    "Also while a send is under way."
)
EXAMPLE = "nl report 2 --csv state/report-002.csv"


def run(
    number: IssueNumber = None,
    as_json: Json = False,
    csv_file: Annotated[
        Path | None,
        typer.Option("--csv", metavar=_("FILE"), help=_("Write everybody, one by one, to this file, private.")),
    ] = None,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.sending.ledger import sent_issue
    from newsletter_cli.flows.sending.report import report_issue, write_report_csv

    workspace = open_chosen_workspace(directory)
    issue = sent_issue(workspace, number)
    report = report_issue(workspace, issue)
    if csv_file is not None:
        count = write_report_csv(workspace, issue, csv_file.absolute())
        text = ngettext("{count} row written to {file}", "{count} rows written to {file}", count)
        console.warn(text.format(count=count, file=csv_file))
        warn_of_git(workspace, csv_file)
    if as_json:
        console.show_json(report.as_dict())
        return
    if csv_file is None:
        count = report.numbers.deliveries
        title = ngettext("Issue {number}: {count} recipient", "Issue {number}: {count} recipients", count).format(
            number=issue, count=shown_count(count)
        )
        console.show_table(title, ("", _("how many")), report.rows(), numeric=(_("how many"),))
        for line in report.lines():
            console.say(line)
        if report.numbers.is_complete and not report.numbers.rehearsed and not report.numbers.parts:
            say_next("report", directory=directory)
