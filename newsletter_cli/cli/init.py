"""`nl init`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.i18n import _, interface_language
from newsletter_cli.cli.options import Directory, chosen_directory, warn_of_missing_words

HELP = _(
    "Make a new workspace: configuration, folders, private state. No issue yet: `nl new 1` or `nl import` makes one."
)
EXAMPLE = _('nl init my-newsletter --name "Data news"')


def run(
    folder: Annotated[
        Path | None, typer.Argument(metavar=_("[DIR]"), help=_("Where; the current folder by default."))
    ] = None,
    name: Annotated[str | None, typer.Option("--name", metavar=_("NAME"), help=_("The newsletter's name."))] = None,
    language: Annotated[
        str | None, typer.Option("--language", metavar=_("LANG"), help=_("Language of the issues: fr, en, de…"))
    ] = None,
    directory: Directory = None,
) -> None:
    from newsletter_cli.config.defaults import default_sections
    from newsletter_cli.workspace.scaffold import create_workspace

    # Without `..`, for the last part of it names the newsletter.
    root = (chosen_directory(directory) / (folder or Path())).resolve()
    language = language or interface_language()
    name = name or root.name
    workspace = create_workspace(root, name=name, language=language, sections=default_sections(language))
    console.say_path(_("New workspace: "), str(workspace.root))
    warn_of_missing_words(workspace)
    console.say(_("Next: look through newsletter.toml, then start the first issue: nl new 1"))
