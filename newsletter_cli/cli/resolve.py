"""`nl resolve`"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.called import called
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _, ngettext, shown_count, shown_moment
from newsletter_cli.cli.mailing_list.options import Yes
from newsletter_cli.cli.next_step import say_next
from newsletter_cli.cli.options import Directory, IssueNumber, Json, open_chosen_workspace
from newsletter_cli.deliver.ledger.deciding import Decision

if TYPE_CHECKING:
    from newsletter_cli.deliver.ledger.reading import DeliveryRow

HELP = _(
    "Decide about deliveries in doubt (the message went out and no answer came) and about refused ones. "
    "skip: they do without. resend: they get it with the next nl send, in doubt perhaps twice. sent: they have it."
)
EXAMPLE = "nl resolve 2 --in-doubt skip"


def run(
    number: IssueNumber = None,
    in_doubt: Annotated[Decision | None, typer.Option("--in-doubt", help=_("Decide about those in doubt."))] = None,
    refused: Annotated[Decision | None, typer.Option("--refused", help=_("Decide about those refused."))] = None,
    is_rehearsed: Annotated[
        bool,
        typer.Option("--rehearsed", help=_("Have it mailed to those who have it in a folder only (maildir:).")),
    ] = False,
    addresses: Annotated[
        list[str] | None, typer.Option("--address", metavar=_("ADDR"), help=_("Only this one; can be repeated."))
    ] = None,
    is_showing: Annotated[bool, typer.Option("--show", help=_("Show who they are, and decide nothing."))] = False,
    is_sure: Yes = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.sending.ledger import sent_issue
    from newsletter_cli.flows.sending.resolve import resolve_deliveries, resolve_rehearsal, unresolved
    from newsletter_cli.model.delivery import DeliveryState

    workspace = open_chosen_workspace(directory)
    issue = sent_issue(workspace, number)
    decision = in_doubt or refused
    if is_showing:
        if decision is not None or is_rehearsed or addresses:
            raise UsageError(
                _("--show shows everybody and decides nothing"),
                hint=_("leave it out to decide: nl resolve {number} …").format(number=issue),
            )
        _show(unresolved(workspace, issue), as_json=as_json)
        return
    if (in_doubt is not None) + (refused is not None) + is_rehearsed > 1:
        raise UsageError(_("one decision at a time"), hint=f"{called()} resolve {issue} --show")
    if is_rehearsed:
        done = resolve_rehearsal(
            workspace,
            issue,
            addresses=addresses or (),
            confirm=lambda count: _confirm(is_sure, Decision.RESEND, count),
        )
    elif decision is not None:
        state = DeliveryState.IN_DOUBT if in_doubt is not None else DeliveryState.REFUSED
        done = resolve_deliveries(
            workspace,
            issue,
            state,
            decision,
            addresses=addresses or (),
            confirm=lambda count: _confirm(is_sure, decision, count),
        )
    else:
        raise UsageError(
            _("say who it is about, and what to do: --in-doubt, --refused or --rehearsed"),
            hint=_("see who they are: nl resolve {number} --show").format(number=issue),
        )
    if as_json:
        console.show_json(done.as_dict())
        return
    from newsletter_cli.flows.sending.words import decision_words, repeat_line

    text = ngettext("{count} delivery decided: {decision}", "{count} deliveries decided: {decision}", done.count)
    console.say(text.format(count=shown_count(done.count), decision=decision_words()[done.decision]))
    for line in repeat_line(done.repeats, f"{called()} send {issue}"):
        console.say(line)
    if done.decision is Decision.RESEND and done.count:
        console.say(_("They go out with: nl send {number}").format(number=issue))
    else:
        say_next("resolve", issue, directory=directory)


def _show(waiting: list[DeliveryRow], *, as_json: bool) -> None:
    from newsletter_cli.flows.sending.words import state_names, told_reply
    from newsletter_cli.model.delivery import DeliveryState, Reply

    if as_json:
        console.show_json([one._asdict() for one in waiting])
        return
    names = state_names(1)
    rows = [
        (one.address, names[DeliveryState(one.state)], shown_moment(one.at), told_reply(Reply(one.code, one.reply)))
        for one in waiting
    ]
    console.show_table(_("To be decided"), (_("address"), _("state"), _("when"), _("answer")), rows)


def _confirm(is_sure: bool, decision: Decision, count: int) -> None:
    if is_sure:
        return
    if not console.is_interactive():
        raise UsageError(_("this is a decision, and nobody can be asked here"), hint=_("add --yes to be sure"))
    questions = {
        Decision.RESEND: ngettext(
            "{count} person gets the issue with the next nl send.",
            "{count} people get the issue with the next nl send.",
            count,
        ),
        Decision.SKIP: ngettext(
            "{count} person does without this issue, for good.",
            "{count} people do without this issue, for good.",
            count,
        ),
        Decision.SENT: ngettext(
            "{count} person counts as having the issue, for good.",
            "{count} people count as having the issue, for good.",
            count,
        ),
    }
    console.say(questions[decision].format(count=shown_count(count)))
    typed = console.ask(_("To decide so, type that number"), default="", shows_default=False)
    if "".join(filter(str.isdigit, typed)) != f"{count}":
        raise UsageError(_("nothing was decided"))
