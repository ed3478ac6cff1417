"""`nl words copy`: the words of a language as the beginning of one's own."""

from __future__ import annotations

from typing import Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.options import Directory, Json, first_sentence, open_chosen_workspace, with_example

HELP = _("Change the words of the layout (“In this issue”, “Unsubscribe”), or translate them.")
EXAMPLE = "nl words copy pl"
COPY_HELP = _(
    "Copy the words of a language into templates/words/, where they take the place of the shipped ones; the English "
    "ones, to be translated, for a language that has none yet. A file that is there already is left as it is."
)

APP = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)


@APP.command("copy", help=with_example(COPY_HELP, EXAMPLE), short_help=first_sentence(COPY_HELP))
def run_copy(
    language: Annotated[str, typer.Argument(metavar=_("LANG"), help=_("The language: fr, en, de, pl…"))],
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.copying import copy_words

    done = copy_words(open_chosen_workspace(directory), language)
    if as_json:
        console.show_json(done.as_dict())
        return
    console.say(_("{file}: made from {source}").format(file=done.file, source=done.source))
    console.say(_("Next: translate what stands between the quotes, then look at it: nl preview"))
