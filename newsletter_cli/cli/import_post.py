"""`nl import`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.options import Directory, Json, complete_section, open_chosen_workspace, refuse_idle

if TYPE_CHECKING:
    from newsletter_cli.flows.import_post import ImportResult
    from newsletter_cli.flows.import_section import SectionImport

HELP = _(
    "Turn a published post into section files, byte for byte; or, with --section, put the text of one file into one "
    "section. --learn takes the newsletter's sections from the post's own headings."
)
EXAMPLE = "nl import content/post/newsletter1.md --issue 1\n  nl import pad.md --section agenda"


def run(
    post: Annotated[Path, typer.Argument(metavar=_("FILE"), help=_("The published post, or the text of a section."))],
    number: Annotated[
        str | None,
        typer.Option(
            "--issue",
            metavar="N",
            help=_("Its number; guessed from the post by default, with --section the latest issue."),
        ),
    ] = None,
    section: Annotated[
        str | None,
        typer.Option(
            "--section",
            metavar=_("SLUG"),
            autocompletion=complete_section,
            help=_("Put the text into this section of the issue."),
        ),
    ] = None,
    is_replacing: Annotated[
        bool, typer.Option("--replace", help=_("In place of the text that the section has; that is kept aside."))
    ] = False,
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
    from newsletter_cli.flows.import_section import import_section

    if section is not None:
        refuse_idle("--section", {"--learn": is_learning}, hint="nl import pad.md --section agenda")
    elif is_replacing:
        raise UsageError(
            _("--replace goes with --section"), hint=_("a whole issue is never written over: give it another --issue N")
        )
    workspace = open_chosen_workspace(directory)
    imported: ImportResult | SectionImport
    if section is None:
        imported = import_post(workspace, post, number=number, is_learning=is_learning, encoding=encoding)
    else:
        imported = import_section(
            workspace, post, slug=section, number=number, is_replacing=is_replacing, encoding=encoding
        )
    if as_json:
        console.show_json(imported.as_dict())
        return
    console.show_findings(imported.findings)
    for line in imported.lines():
        console.say(line)
