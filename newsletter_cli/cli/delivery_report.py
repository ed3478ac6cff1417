"""`nl report`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _, ngettext, shown_count
from newsletter_cli.cli.next_step import say_next
from newsletter_cli.cli.optional_value import OptionalValue
from newsletter_cli.cli.options import (
    Directory,
    IssueNumber,
    Json,
    open_chosen_workspace,
    refuse_idle,
    refuse_missing_folder,
)
from newsletter_cli.cli.personal_file import warn_of_git

if TYPE_CHECKING:
    from newsletter_cli.flows.sending.report import IssueReport
    from newsletter_cli.workspace.folder import Workspace

HELP = _(
    "Show what became of every recipient of an issue: in numbers, with the servers’ own words; one by one with --csv; "
    "as a page with plots with --html. Also while a send is under way. With --all, of every issue."
)
EXAMPLE = "nl report 2 --html"
# Reading so many takes seconds: who has more sees them on the page.
MOST_DRAWN = 200_000
COMMAND = OptionalValue.of("--html")


def run(
    number: IssueNumber = None,
    is_all: Annotated[bool, typer.Option("--all", help=_("Show all issues, what came back, and the list."))] = False,
    html_file: Annotated[
        str | None,
        typer.Option(
            "--html",
            metavar=f"[{_('FILE')}]",
            help=_("Write a page with plots, which names nobody; by default into build/."),
        ),
    ] = None,
    csv_file: Annotated[
        Path | None,
        typer.Option("--csv", metavar=_("FILE"), help=_("Write everybody, one by one, to this file, private.")),
    ] = None,
    is_following: Annotated[
        bool,
        typer.Option("--follow", help=_("Show how a send goes on, until it is over; Ctrl-C ends the looking only.")),
    ] = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    refuse_missing_folder(html_file or None, csv_file)
    if is_following:
        refuse_idle("--follow", {"--all": is_all, "--json": as_json}, hint="nl report 2 --follow")
    workspace = open_chosen_workspace(directory)
    if is_following:
        number = str(_follow(workspace, number))
    if is_all:
        _refuse_of_one(number, csv_file)
        _report_all(workspace, html_file, as_json=as_json)
    else:
        _report_one(workspace, number, html_file, csv_file, as_json=as_json, directory=directory)


def _follow(workspace: Workspace, number: str | None) -> int:
    from newsletter_cli.cli.report_following import follow
    from newsletter_cli.flows.sending.ledger import sent_issue

    issue = sent_issue(workspace, number)
    follow(workspace, issue)
    return issue


def _refuse_of_one(number: str | None, csv_file: Path | None) -> None:
    """Raises `UsageError` for what goes with one issue only."""
    for name, given in ((_("the number of an issue"), number), ("--csv", csv_file)):
        if given is not None:
            raise UsageError(
                _("{option} does nothing with --all").format(option=name), hint=_("one or the other: nl report 2")
            )


def _report_one(
    workspace: Workspace,
    number: str | None,
    html_file: str | None,
    csv_file: Path | None,
    *,
    as_json: bool,
    directory: Path | None,
) -> None:
    from newsletter_cli.flows.sending.ledger import sent_issue
    from newsletter_cli.flows.sending.report import report_issue, write_report_csv

    issue = sent_issue(workspace, number)
    report = report_issue(workspace, issue)
    if html_file is not None:
        _write_issue(workspace, issue, html_file)
    if csv_file is not None:
        count = write_report_csv(workspace, issue, csv_file.absolute())
        text = ngettext("{count} row written to {file}", "{count} rows written to {file}", count)
        console.warn(text.format(count=count, file=csv_file))
        warn_of_git(workspace, csv_file)
    if as_json:
        console.show_json(report.as_dict())
    elif csv_file is None and html_file is None:
        _show(workspace, issue, report)
        if report.numbers.is_complete and not report.numbers.rehearsed and not report.numbers.parts:
            say_next("report", directory=directory)


def _show(workspace: Workspace, issue: int, report: IssueReport) -> None:
    from newsletter_cli.flows.outcomes.telling import came_back_lines, outcome_lines

    count = report.numbers.deliveries
    title = ngettext("Issue {number}: {count} recipient", "Issue {number}: {count} recipients", count).format(
        number=issue, count=shown_count(count)
    )
    console.show_table(title, ("", _("how many")), report.rows(), numeric=(_("how many"),))
    if console.terminal_width() is not None and count <= MOST_DRAWN:
        from newsletter_cli.flows.outcomes.gathering import gather_outcome

        for line in outcome_lines(gather_outcome(workspace, issue), is_fine=console.shows_blocks()):
            console.say(line)
    for line in came_back_lines(workspace, issue):
        console.say(line)
    for line in report.lines():
        console.say(line)


def _write_issue(workspace: Workspace, issue: int, told: str) -> None:
    from newsletter_cli.flows.outcomes.gathering import gather_outcome
    from newsletter_cli.flows.outcomes.history import gather_history
    from newsletter_cli.flows.outcomes.page import now_utc, render_issue_page
    from newsletter_cli.flows.outcomes.saving import page_place

    place = page_place(workspace, issue, told)
    outcome, history = gather_outcome(workspace, issue), gather_history(workspace)
    _write(workspace, place, render_issue_page(workspace, outcome, history, now=now_utc()))


def _report_all(workspace: Workspace, html_file: str | None, *, as_json: bool) -> None:
    from newsletter_cli.flows.outcomes.history import gather_history
    from newsletter_cli.flows.outcomes.page import now_utc, render_history_page
    from newsletter_cli.flows.outcomes.saving import page_place
    from newsletter_cli.flows.outcomes.telling import history_lines, history_table

    place = None if html_file is None else page_place(workspace, None, html_file)
    history = gather_history(workspace)
    if place is not None:
        _write(workspace, place, render_history_page(workspace, history, now=now_utc()))
    if as_json:
        console.show_json(history.as_dict())
    elif place is None:
        grid = history_table(workspace, history)
        console.show_table(grid.caption, grid.heads, grid.rows, numeric=(grid.heads[0], *grid.heads[grid.words :]))
        is_drawn = console.terminal_width() is not None
        for line in history_lines(history, is_drawn=is_drawn, is_fine=console.shows_blocks()):
            console.say(line)


def _write(workspace: Workspace, place: Path, page: str) -> None:
    from newsletter_cli.flows.outcomes.saving import write_page

    name = workspace.name_of(place)
    write_page(place, page, name=name)
    console.warn(_("The report: {file}").format(file=name))
