"""`nl draft`"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.i18n import _, ngettext, shown_count, shown_kilobytes
from newsletter_cli.cli.options import Directory, IssueNumber, Json, open_to_act, refuse_idle
from newsletter_cli.cli.send import Trust

if TYPE_CHECKING:
    from newsletter_cli.flows.clearance.draft import PutDraft

HELP = _(
    "Put the issue into your own mailbox as a draft, to send it from your mail program. It goes to nobody by itself."
)
EXAMPLE = "nl draft 2"


def run(
    number: IssueNumber = None,
    mailbox: Annotated[
        str | None,
        typer.Option(
            "--mailbox",
            metavar="URL",
            help=_("The mailbox, imaps://USER@HOST, instead of the one in newsletter.toml."),
        ),
    ] = None,
    folder: Annotated[
        str | None,
        typer.Option("--folder", metavar=_("NAME"), help=_("The folder; by default the one for drafts.")),
    ] = None,
    replaces: Annotated[
        bool, typer.Option("--replace", help=_("Put it in the place of the draft that is there and unchanged."))
    ] = False,
    is_beside: Annotated[bool, typer.Option("--beside", help=_("Put it beside the draft that is there."))] = False,
    is_trusted: Trust = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.clearance.draft import DraftOptions, draft_issue

    if replaces:
        refuse_idle("--replace", {"--beside": is_beside}, hint="nl draft --replace")
    workspace = open_to_act(directory, is_trusted=is_trusted, may_ask=not as_json)
    options = DraftOptions(mailbox=mailbox, folder=folder, replaces=replaces, is_beside=is_beside)
    done = draft_issue(workspace, workspace.existing_issue(number), options)
    if as_json:
        console.show_json(done.as_dict())
    else:
        _show(done)


def _show(done: PutDraft) -> None:
    said = {
        "added": _("Issue {number}: the draft ({size}) is in “{folder}” of {server}."),
        "replaced": _("Issue {number}: the draft ({size}) in “{folder}” of {server} is this one now."),
        "unchanged": _("Issue {number}: the very same draft ({size}) is in “{folder}” of {server} already."),
    }[done.outcome]
    size = shown_kilobytes(done.size_bytes)
    console.say(said.format(number=done.issue, size=size, folder=done.folder, server=done.server))
    if done.left_marked:
        console.warn(
            _("The old one is marked as deleted: this server removes such messages when you tidy up the folder.")
        )
    if done.faults:
        text = ngettext(
            "{count} fault is in it that would stop a send: nl check {number}",
            "{count} faults are in it that would stop a send: nl check {number}",
            done.faults,
        )
        console.warn(text.format(count=shown_count(done.faults), number=done.issue))
