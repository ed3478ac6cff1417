"""Options that the commands of `nl list` share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.i18n import _

ListFile = Annotated[
    str | None,
    typer.Option(
        "--list",
        metavar=_("FILE.csv"),
        help=_("Read this CSV file instead of the configured list; NL_LIST in the environment does the same."),
    ),
]
Part = Annotated[
    str | None,
    typer.Option("--to", metavar=_("PART"), help=_("Only a part of the list: group:proof, or ville=Paris.")),
]
Encoding = Annotated[
    str | None,
    typer.Option(
        "--encoding", metavar=_("NAME"), help=_("How the file's text is stored, where nl guesses wrong: cp1252…")
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help=_("Do not ask."))]
EvenUnknown = Annotated[
    bool, typer.Option("--even-unknown", help=_("Put them on the suppression list even where nobody has the address."))
]


def say_unknown(places: Sequence[int], given: int) -> None:
    """Name the addresses that nobody has by their place: a list of them must not be repeated in a log."""
    for place in places:
        if given == 1:
            console.warn(_("Nobody here has this address: a typing slip? (nl list show; --even-unknown)"))
        else:
            text = _("Nobody here has address {place} of those given: a typing slip? (nl list show; --even-unknown)")
            console.warn(text.format(place=place))
