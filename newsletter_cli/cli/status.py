"""`nl status`"""

from __future__ import annotations

from newsletter_cli import console
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.next_step import say_next
from newsletter_cli.cli.options import Directory, IssueNumber, Json, open_chosen_workspace

HELP = _("Show how far each section is, the issue's date, and what stands between it and the readers.")
EXAMPLE = "nl status 2"


def run(number: IssueNumber = None, as_json: Json = False, directory: Directory = None) -> None:
    from newsletter_cli.flows.status import read_status

    workspace = open_chosen_workspace(directory)
    status = read_status(workspace, workspace.existing_issue(number))
    if as_json:
        console.show_json(status.as_dict())
        return
    console.show_table(status.heading, status.columns, status.rows, numeric=(_("words"), _("findings")))
    for line in status.lines():
        console.say(line)
    if status.sent is None and not status.obstacles:
        say_next("status", status.issue.number, directory=directory)
