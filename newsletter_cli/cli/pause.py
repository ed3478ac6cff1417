"""`nl pause`"""

from __future__ import annotations

from newsletter_cli import console
from newsletter_cli.base.called import called
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.options import Directory, IssueNumber, Json, open_chosen_workspace

HELP = _(
    "Stop a send that is under way, on every machine: what is being handed over is finished first. "
    "It goes on where it was with nl send."
)
EXAMPLE = "nl pause 2"


def run(number: IssueNumber = None, as_json: Json = False, directory: Directory = None) -> None:
    from newsletter_cli.flows.sending.ledger import sent_issue
    from newsletter_cli.flows.sending.pausing import pause_issue

    workspace = open_chosen_workspace(directory)
    issue = sent_issue(workspace, number)
    waiting = pause_issue(workspace, issue)
    if as_json:
        console.show_json({"issue": issue, "waiting": waiting})
        return
    for line in (
        _("Issue {number} is paused: whoever sends it stops within seconds.").format(number=issue),
        _("It goes on where it was with: {command}").format(command=f"{called()} send {issue}"),
    ):
        console.say(line)
