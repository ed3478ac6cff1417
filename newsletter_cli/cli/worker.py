"""`nl worker`"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.options import Directory, Json, open_to_act
from newsletter_cli.cli.send import Transport, Trust

if TYPE_CHECKING:
    from newsletter_cli.flows.sending.working import Worked

HELP = _(
    "Send what was planned with nl send --distributed, beside other workers on this machine or others. "
    "Can be started, stopped with Ctrl-C, or killed at any time; nobody gets anything twice for it."
)
EXAMPLE = "nl worker"


def run(
    is_until_done: Annotated[
        bool, typer.Option("--until-done", help=_("Stop once nothing is left to send, instead of waiting for more."))
    ] = False,
    transport: Transport = None,
    is_trusted: Trust = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.cli.worker_watcher import CommandLineWorker
    from newsletter_cli.deliver.interrupt import noting_interruption
    from newsletter_cli.flows.sending.telling import stopped_error
    from newsletter_cli.flows.sending.working import WorkerOptions, work

    workspace = open_to_act(directory, is_trusted=is_trusted, may_ask=not as_json)
    options = WorkerOptions(transport=transport, is_until_done=is_until_done)
    watcher = CommandLineWorker(is_quiet=as_json)
    with noting_interruption() as is_interrupted:
        done = work(workspace, options, watcher, is_interrupted)
    _tell(done, as_json=as_json)
    if done.stopped is not None and (error := stopped_error(done.stopped)) is not None:
        console.show_error(error)
        raise typer.Exit(1)


def _tell(done: Worked, *, as_json: bool) -> None:
    from newsletter_cli.base.i18n import ngettext, shown_count

    if as_json:
        console.show_json({"sent": {str(issue): count for issue, count in done.sent.items()}})
        return
    total = sum(done.sent.values())
    text = ngettext("{count} message was sent by this worker.", "{count} messages were sent by this worker.", total)
    console.say(text.format(count=shown_count(total)))
