"""Options that the commands of `nl list` share."""

from __future__ import annotations

from typing import Annotated

import typer

from newsletter_cli.i18n import _

ListFile = Annotated[
    str | None,
    typer.Option(
        "--list",
        metavar="FILE.csv",
        help=_("Read this CSV file instead of the configured list; NL_LIST in the environment does the same."),
    ),
]
Part = Annotated[
    str | None,
    typer.Option("--to", metavar="PART", help=_("Only a part of the list: group:proof, or ville=Paris.")),
]
Encoding = Annotated[
    str | None, typer.Option("--encoding", help=_("How the file's text is stored, where nl guesses wrong: cp1252…"))
]
Yes = Annotated[bool, typer.Option("--yes", help=_("Do not ask."))]
