"""`nl proof --received`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import typer

from newsletter_cli import console
from newsletter_cli.console import streams

if TYPE_CHECKING:
    from newsletter_cli.workspace.folder import Workspace


def run_received(workspace: Workspace, issue: int, source: str, *, as_json: bool) -> None:
    """Compare the proof that arrived with the one handed over; ends the command: 0 as it was sent, 1 otherwise."""
    from newsletter_cli.flows.clearance.received import compare_received
    from newsletter_cli.flows.clearance.received_telling import received_lines

    done = compare_received(workspace, issue, source, folder=Path.cwd())
    if as_json:
        console.show_json(done.as_dict())
    else:
        with streams.lenient_output():
            for line in received_lines(done):
                console.say(line)
    raise typer.Exit(0 if done.arrival.is_as_sent else 1)
