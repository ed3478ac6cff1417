"""`nl status`"""

from __future__ import annotations

from newsletter_cli import console
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.options import Directory, IssueNumber, Json, named_directory, open_chosen_workspace

HELP = _("Show how far an issue is: its sections, where it stands between writing and sending, and what to type next.")
EXAMPLE = "nl status 2"


def run(number: IssueNumber = None, as_json: Json = False, directory: Directory = None) -> None:
    from newsletter_cli.flows.status import read_status

    workspace = open_chosen_workspace(directory)
    named = named_directory(directory)
    status = read_status(workspace, workspace.existing_issue(number), directory="" if named is None else str(named))
    if as_json:
        console.show_json(status.as_dict())
        return
    console.show_table(status.heading, status.columns, status.rows, numeric=(_("words"), _("findings")))
    for line in status.lines():
        console.say(line)
