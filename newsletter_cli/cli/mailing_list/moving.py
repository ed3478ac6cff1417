"""`nl list move`: somebody has another address."""

from __future__ import annotations

from typing import Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.cli.next_step import say_next
from newsletter_cli.cli.options import Directory, Json, open_to_act

MOVE_HELP = _(
    "Change somebody's address on the managed list. Consent, groups and all else stay, and an issue that they had at "
    "the old address is not sent to the new one again."
)


def run_move(
    old: Annotated[str, typer.Argument(metavar=_("OLD"), help=_("The address they had."))],
    new: Annotated[str, typer.Argument(metavar=_("NEW"), help=_("The address they have."))],
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.list_move import move_person

    moved = move_person(open_to_act(directory, may_ask=not as_json), old, new)
    if as_json:
        console.show_json(moved.as_dict())
        return
    console.say(_("Changed: {address}; consent and groups stay").format(address=moved.subscriber.address))
    if moved.waiting:
        text = ngettext(
            "{count} issue that waits to be sent goes to the new address",
            "{count} issues that wait to be sent go to the new address",
            moved.waiting,
        )
        console.say(text.format(count=moved.waiting))
    say_next("list change", directory=directory)
