"""`nl archive`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.options import Directory, Json, open_chosen_workspace

HELP = _(
    "Write static pages of all issues that were sent, with an index and a feed: an archive for GitHub or GitLab Pages, "
    "or any server. What others put into the folder is left alone."
)
EXAMPLE = "nl archive --dry-run"


def run(
    has_drafts: Annotated[
        bool,
        typer.Option("--drafts", help=_("Show issues that were not sent, too, marked as drafts; not in the feed.")),
    ] = False,
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar=_("DIR"), help=_("Write to this folder instead of the configured one.")),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Show what would be done, and do nothing."))] = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.archiving.archive import plan_archive, write_archive
    from newsletter_cli.flows.archiving.telling import tell

    workspace = open_chosen_workspace(directory)
    with console.progress(_("Pages")) as advance:
        archived = plan_archive(workspace, output=output, has_drafts=has_drafts, on_issue=advance)
    if not dry_run:
        write_archive(workspace, archived)
    if as_json:
        console.show_json(archived.as_dict(workspace, is_written=not dry_run))
    else:
        for line in tell(workspace, archived, is_dry=dry_run):
            console.say(line)
        for fault in archived.faults:
            console.show_error(fault.error)
        for name in archived.plan.foreign:
            console.warn(
                _("left alone, for nl did not write it, or somebody changed it since: {file}").format(file=name)
            )
        if archived.plan.foreign:
            console.warn(
                "  → " + _("move it away or delete it, then run this again; or --output, with an empty folder")
            )
    if archived.has_faults:
        raise typer.Exit(1)
