"""`nl theme copy`: a file of a shipped theme as the beginning of one's own."""

from __future__ import annotations

from typing import Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.options import Directory, Json, first_sentence, open_chosen_workspace, with_example

HELP = _("Make a theme of your own from the files of the shipped ones.")
EXAMPLE = "nl theme copy footer.mjml.j2"
COPY_HELP = _(
    "Copy a file of the shipped theme into templates/themes/, where it takes the place of the shipped one. A file that "
    "is there already is left as it is."
)

APP = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@APP.command("copy", help=with_example(COPY_HELP, EXAMPLE), short_help=first_sentence(COPY_HELP))
def run_copy(
    file: Annotated[str, typer.Argument(metavar=_("FILE"), help=_("The file, for instance: footer.mjml.j2"))],
    theme: Annotated[
        str | None,
        typer.Option("--theme", metavar=_("NAME"), help=_("The folder to copy it into; by default the theme in use.")),
    ] = None,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.copying import copy_theme_file

    workspace = open_chosen_workspace(directory)
    done = copy_theme_file(workspace, file, theme)
    if as_json:
        console.show_json(done.as_dict())
        return
    console.say(_("{file}: yours from now on, and used in the place of the shipped one").format(file=done.file))
    if theme is not None and theme != workspace.config.email.theme:
        console.say(_("Next: choose it in newsletter.toml: [email] theme = {theme}").format(theme=f'"{theme}"'))
