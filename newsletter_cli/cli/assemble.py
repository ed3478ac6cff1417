"""`nl assemble`"""

from __future__ import annotations

from typing import Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.next_step import say_next
from newsletter_cli.cli.options import Directory, IssueNumber, Json, Offline, open_chosen_workspace

HELP = _(
    "Assemble an issue: check it, then write the e-mail, its text, the post, the calendar and the announcement "
    "into build/."
)
EXAMPLE = "nl assemble 2 --offline"


def run(
    number: IssueNumber = None,
    offline: Offline = False,
    local_images: Annotated[
        bool,
        typer.Option(
            "--local-images",
            help=_("Show the issue's own images from build/: to look at the e-mail before the post is online."),
        ),
    ] = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.assemble import assemble_issue
    from newsletter_cli.flows.check import Wanted
    from newsletter_cli.model import Level

    workspace = open_chosen_workspace(directory)
    with console.progress(_("Checking links")) as on_progress:
        wanted = Wanted(has_links=not offline, on_progress=on_progress)
        assembled = assemble_issue(workspace, workspace.existing_issue(number), wanted, has_local_images=local_images)
    if as_json:
        console.show_json(assembled.as_dict(workspace))
    else:
        console.show_findings(finding for finding in assembled.checked.findings if finding.level is Level.ERROR)
        for line in assembled.lines(workspace):
            console.say(line)
        has_faults = assembled.checked.exit_status != 0
        say_next("assemble", assembled.number, directory=directory, has_faults=has_faults)
    raise typer.Exit(assembled.checked.exit_status)
