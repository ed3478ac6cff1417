"""`nl resolve`"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from newsletter_cli import console
from newsletter_cli.cli.mailing_list.options import Yes
from newsletter_cli.cli.options import Directory, IssueNumber, Json, open_chosen_workspace
from newsletter_cli.errors import UsageError
from newsletter_cli.i18n import _, ngettext

HELP = _(
    "Decide about deliveries in doubt (the message went out and no answer came) and about refused ones. "
    "skip: they do without. resend: they get it with the next nl send, in doubt perhaps twice. sent: they have it."
)
EXAMPLE = "nl resolve 2 --in-doubt skip"


class Choice(StrEnum):
    """What can be decided."""

    RESEND = "resend"
    SKIP = "skip"
    SENT = "sent"


def run(
    number: IssueNumber = None,
    in_doubt: Annotated[Choice | None, typer.Option("--in-doubt", help=_("Decide about those in doubt."))] = None,
    refused: Annotated[Choice | None, typer.Option("--refused", help=_("Decide about those refused."))] = None,
    addresses: Annotated[
        list[str] | None, typer.Option("--address", metavar="ADDR", help=_("Only this one; can be repeated."))
    ] = None,
    is_showing: Annotated[bool, typer.Option("--show", help=_("Show who they are, and decide nothing."))] = False,
    is_sure: Yes = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.deliver.ledger.deciding import Decision
    from newsletter_cli.flows.sending.resolve import resolve_deliveries, unresolved
    from newsletter_cli.flows.sending.wording import state_names
    from newsletter_cli.model.delivery import DeliveryState

    workspace = open_chosen_workspace(directory)
    issue = workspace.existing_issue(number)
    if is_showing:
        waiting = unresolved(workspace, issue)
        if as_json:
            console.show_json([one._asdict() for one in waiting])
            return
        names = state_names()
        rows = [(one.address, names[DeliveryState(one.state)], one.at, one.words) for one in waiting]
        console.show_table(_("To be decided"), (_("address"), _("state"), _("when"), _("answer")), rows)
        return
    if (in_doubt is None) == (refused is None):
        raise UsageError(_("say about whom: --in-doubt, or --refused"), hint=EXAMPLE)
    state = DeliveryState.IN_DOUBT if in_doubt is not None else DeliveryState.REFUSED
    decision = Decision((in_doubt or refused or Choice.SKIP).value)
    done = resolve_deliveries(
        workspace,
        issue,
        state,
        decision,
        addresses=addresses or (),
        confirm=lambda count: _confirm(is_sure, decision.value, count),
    )
    if as_json:
        console.show_json(done.as_dict())
        return
    text = ngettext("{count} delivery decided: {decision}", "{count} deliveries decided: {decision}", done.count)
    console.say(text.format(count=done.count, decision=decision.value))
    if decision is Decision.RESEND and done.count:
        console.say(_("They go out with: nl send {number}").format(number=issue))


def _confirm(is_sure: bool, decision: str, count: int) -> None:
    if is_sure:
        return
    if not console.is_interactive():
        raise UsageError(_("this is a decision, and nobody can be asked here"), hint=_("add --yes to be sure"))
    question = ngettext("{decision}: {count} delivery?", "{decision}: {count} deliveries?", count)
    if not console.confirm(question.format(decision=decision, count=count)):
        raise UsageError(_("nothing was decided"))
