"""`nl approve`"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.mailing_list.options import Yes
from newsletter_cli.cli.next_step import say_next
from newsletter_cli.cli.options import Accept, Directory, IssueNumber, Json, open_to_act, refuse_idle

if TYPE_CHECKING:
    from newsletter_cli.flows.clearance.approving import Proposal
    from newsletter_cli.workspace.folder import Workspace

HELP = _(
    "Approve an issue as it is: checked as before a send, shown, and asked about. Any later change of what readers see "
    "withdraws it, down to the pictures."
)
EXAMPLE = 'nl approve 2 --by "Ada Lovelace"'


def run(
    number: IssueNumber = None,
    by: Annotated[
        str | None,
        typer.Option("--by", metavar=_("NAME"), help=_("Who approves it; by default, the name that Git knows.")),
    ] = None,
    accept: Accept = None,
    withdraw: Annotated[bool, typer.Option("--withdraw", help=_("Take the approval back."))] = False,
    is_sure: Yes = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    if withdraw:
        idle = {"--by": by is not None, "--accept": bool(accept), "--yes": is_sure}
        refuse_idle("--withdraw", idle, hint="nl approve 2 --withdraw")
    if as_json and not withdraw and not is_sure:
        raise UsageError(_("an approval asks first, and --json is for scripts"), hint=_("add --yes once you are sure"))
    workspace = open_to_act(directory, may_ask=not as_json)
    issue = workspace.existing_issue(number)
    if withdraw:
        _withdraw(workspace, issue, as_json=as_json)
        return
    from newsletter_cli.flows.clearance.approving import approve

    def ask(proposal: Proposal) -> None:
        if not as_json:
            for line in proposal.lines():
                console.say(line)
        if not is_sure:
            _ask()

    done = approve(workspace, issue, by=by, accepted=tuple(accept or ()), ask=ask)
    if as_json:
        console.show_json({"issue": issue, "approved": done.state.as_dict()})
        return
    for line in done.lines():
        console.say(line)
    say_next("approve", issue, directory=directory)


def _ask() -> None:
    """Raises `UsageError` where the answer is no, or nobody can be asked."""
    if not console.is_interactive():
        raise UsageError(
            _("an approval asks first, and nobody can be asked here"), hint=_("add --yes once you are sure")
        )
    if not console.confirm(_("Approve it?"), default=False):
        raise UsageError(_("nothing was approved"))


def _withdraw(workspace: Workspace, issue: int, *, as_json: bool) -> None:
    from newsletter_cli.workspace.approvals import approval_name, remove_approval

    was_there = remove_approval(workspace, issue)
    if as_json:
        console.show_json({"issue": issue, "approved": None})
    elif was_there:
        console.say(
            _("The approval of issue {number} is taken back: commit that {file} is gone.").format(
                number=issue, file=approval_name(workspace, issue)
            )
        )
    else:
        console.say(_("Issue {number} is not approved: there is nothing to take back.").format(number=issue))
