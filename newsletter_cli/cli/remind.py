"""`nl remind`"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.called import as_called
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.options import Directory, IssueNumber, Json, open_chosen_workspace, open_to_act

HELP = _(
    "Show who owes which text until when, as a text for the chat, in the newsletter's language. --post posts it there, "
    "at most once a day."
)
EXAMPLE = "nl remind 2"


def run(
    number: IssueNumber = None,
    is_posting: Annotated[
        bool, typer.Option("--post", help=_("Post it to the chat that is configured, at most once a day."))
    ] = False,
    is_again: Annotated[
        bool, typer.Option("--again", help=_("With --post: even where today's went out already, or may have."))
    ] = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.chat.posting import Outcome
    from newsletter_cli.flows.remind import build_reminder, post_reminder

    if is_again and not is_posting:
        raise UsageError(_("--again goes with --post"), hint=as_called("nl remind --post --again"))
    workspace = open_to_act(directory) if is_posting else open_chosen_workspace(directory)
    reminder = build_reminder(workspace, workspace.existing_issue(number), now=datetime.now(UTC))
    if not is_posting:
        if as_json:
            console.show_json(reminder.as_dict())
        else:
            _show(reminder.text)
        return
    posted = post_reminder(workspace, reminder, is_again=is_again) if reminder.owed else None
    if as_json:
        console.show_json(reminder.as_dict(posted))
    elif posted is None:
        _show(reminder.text)
        console.say(_("Nothing is owed: nothing was posted."))
    elif posted.outcome is Outcome.POSTED:
        _show(reminder.text)
        console.say(_("Posted to the chat."))
    if posted is not None and posted.outcome is not Outcome.POSTED:
        refused = _("the reminder was not posted: {reason}")
        unknown = _("whether the reminder was posted cannot be told: {reason}")
        is_known = posted.outcome is Outcome.REFUSED
        console.warn((refused if is_known else unknown).format(reason=posted.reason))
        console.warn(
            "  → " + (_("run it again later") if is_known else _("look at the chat; if it is not there: --again"))
        )
        raise typer.Exit(2)


def _show(text: str) -> None:
    for line in text.splitlines():
        console.say(line)
