"""`nl report --follow`"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from newsletter_cli import console
from newsletter_cli.base.called import called
from newsletter_cli.base.i18n import _
from newsletter_cli.console import streams
from newsletter_cli.console.following import FollowDisplay

if TYPE_CHECKING:
    from newsletter_cli.flows.sending.following import Progress
    from newsletter_cli.workspace.folder import Workspace

LIVE_SECONDS = 0.5


def follow(workspace: Workspace, issue: int) -> Progress:
    """Show the send until nothing is left to do, or somebody ends it with Ctrl-C: how it stands then."""
    from newsletter_cli.deliver.interrupt import noting_interruption
    from newsletter_cli.flows.sending.following import see_progress

    display = FollowDisplay(_("Issue {number}").format(number=issue))
    with noting_interruption() as is_interrupted:
        try:
            while True:
                progress = see_progress(workspace, issue)
                with streams.lenient_output():
                    _show(display, progress)
                if progress.is_over or is_interrupted():
                    break
                _wait(is_interrupted)
        finally:
            display.end()
    if progress.is_paused:
        console.say(_("It is paused. It goes on with: {command}").format(command=f"{called()} send {issue}"))
    return progress


def _wait(is_interrupted: Callable[[], bool]) -> None:
    until = time.monotonic() + LIVE_SECONDS
    while time.monotonic() < until and not is_interrupted():
        time.sleep(0.05)


def _show(display: FollowDisplay, progress: Progress) -> None:
    from newsletter_cli.flows.sending.words import state_names
    from newsletter_cli.model.delivery import DeliveryState

    names, counts = state_names(), progress.report.counts
    display.show(
        {names[state]: counts[state] for state in DeliveryState},
        counts[DeliveryState.SENT],
        [(one.owner, one.sent) for one in progress.senders],
    )
