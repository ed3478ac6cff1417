"""`nl import`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.options import Directory, Json, open_chosen_workspace

HELP = _(
    "Turn a published post into section files, byte for byte. --learn takes the newsletter's sections from the post's "
    "own headings."
)
EXAMPLE = "nl import content/post/newsletter1.md --issue 1"


def run(
    post: Annotated[Path, typer.Argument(metavar=_("POST.md"), help=_("The published post."))],
    number: Annotated[
        str | None, typer.Option("--issue", metavar="N", help=_("Its number; guessed from the post by default."))
    ] = None,
    is_learning: Annotated[
        bool, typer.Option("--learn", help=_("Write the post's own headings to newsletter.toml as the sections."))
    ] = False,
    encoding: Annotated[
        str,
        typer.Option("--encoding", metavar=_("NAME"), help=_("How the post's text is stored, when not UTF-8: cp1252…")),
    ] = "utf-8",
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.import_post import import_post

    workspace = open_chosen_workspace(directory)
    imported = import_post(workspace, post, number=number, is_learning=is_learning, encoding=encoding)
    if as_json:
        console.show_json(imported.as_dict())
        return
    console.show_findings(imported.findings)
    for line in imported.lines():
        console.say(line)
