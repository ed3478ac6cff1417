"""`nl assemble`"""

from __future__ import annotations

from typing import Annotated

import typer

from newsletter_cli import console
from newsletter_cli.cli.options import Directory, IssueNumber, Json, Offline, open_chosen_workspace
from newsletter_cli.i18n import _

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

    workspace = open_chosen_workspace(directory)
    assembled = assemble_issue(workspace, workspace.existing_issue(number), has_local_images=local_images)
    if as_json:
        console.show_json(assembled.as_dict(workspace))
    else:
        console.show_findings(assembled.findings)
        for line in assembled.lines(workspace):
            console.say(line)
    raise typer.Exit(assembled.exit_status)
