"""`nl list show`, `stats`, `check`: what the list holds. Only `show` prints addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.called import as_called
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.mailing_list.options import Encoding, ListFile, Part
from newsletter_cli.cli.next_step import say_next
from newsletter_cli.cli.options import Directory, Json, open_to_act, refuse_idle

if TYPE_CHECKING:
    from newsletter_cli.workspace.folder import Workspace

SHOW_HELP = _("Show the people on the list, or all that is known of one of them.")
STATS_HELP = _("Count: who would be written to, who would not and why, groups, consents, what is due for erasure.")
CHECK_HELP = _(
    "Find every fault and doubt of the list, row by row: bad addresses, doubles, likely slips (proposed, never "
    "applied), offices' and throw-away addresses."
)


SHOWN = 50


def run_show(
    address: Annotated[str | None, typer.Argument(metavar=_("[ADDR]"), help=_("One person."))] = None,
    part: Part = None,
    limit: Annotated[
        int | None,
        typer.Option("--limit", min=1, metavar="N", help=_("How many people to show at most; 50 by default.")),
    ] = None,
    list_file: ListFile = None,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.audience.rights import person_as_dict
    from newsletter_cli.audience.select import parse_segment
    from newsletter_cli.flows.audience import open_audience, suppression_of
    from newsletter_cli.flows.list_report import list_people, status_names

    workspace = open_to_act(directory, may_ask=not as_json)
    if address is not None:
        idle = {"--to": part is not None, "--limit": limit is not None}
        refuse_idle(_("ADDR"), idle, hint=_("nl list show ADDR"))
        show_person(workspace, address, list_file, as_json=as_json)
        return
    with open_audience(workspace, override=list_file) as audience:
        people = list(list_people(audience, parse_segment(part) if part else None, limit or SHOWN))
        is_suppressed = suppression_of(audience.store) or (lambda _key: False)
        suppressed = {one.key for one in people if is_suppressed(one.key)}
    if as_json:
        console.show_json([person_as_dict(one) for one in people])
        return
    columns = (_("row"), _("address"), _("name"), _("status"), _("groups"))
    names, off = status_names(), _("on the suppression list")
    rows = [
        (
            str(one.row),
            one.address,
            one.name,
            # A file may still say that they are confirmed.
            off if one.key in suppressed else names.get(one.status, one.status),
            ", ".join(one.groups),
        )
        for one in people
    ]
    console.show_table(_("The list"), columns, rows, numeric=(_("row"),))


def show_person(workspace: Workspace, address: str, list_file: str | None, *, as_json: bool) -> None:
    from newsletter_cli.cli.mailing_list.rights import say_unread
    from newsletter_cli.flows.list_life import read_life
    from newsletter_cli.flows.list_report import person_lines
    from newsletter_cli.flows.list_rights import export_person

    known = export_person(workspace, address, override=list_file)
    if as_json:
        console.show_json(known.data | {"life": [one.as_dict() for one in read_life(known.data)]})
    else:
        for line in person_lines(known):
            console.say(line)
    say_unread(known.unread)
    if known.unread or not known.is_known:
        raise typer.Exit(1)


def run_stats(
    part: Part = None, list_file: ListFile = None, as_json: Json = False, directory: Directory = None
) -> None:
    from newsletter_cli.audience.select import parse_segment
    from newsletter_cli.flows.audience import open_audience
    from newsletter_cli.flows.list_report import read_stats

    workspace = open_to_act(directory, may_ask=not as_json)
    with open_audience(workspace, override=list_file) as audience:
        stats = read_stats(workspace, audience, parse_segment(part) if part else None)
    if as_json:
        console.show_json(stats.as_dict())
        return
    for line in stats.lines():
        console.say(line)
    say_next("list check", directory=directory)


def run_check(
    file: Annotated[
        str | None, typer.Argument(metavar=_("[FILE.csv]"), help=_("A CSV file; the configured list by default."))
    ] = None,
    is_asking_dns: Annotated[
        bool, typer.Option("--dns", help=_("Ask the DNS whether each domain takes mail; needs a network."))
    ] = False,
    limit: Annotated[
        int, typer.Option("--limit", min=0, metavar="N", help=_("How many findings to show at most; 0: all."))
    ] = 100,
    encoding: Encoding = None,
    list_file: ListFile = None,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.list_check import check_workspace_list

    if file is not None and list_file is not None:
        raise UsageError(_("FILE.csv and --list name two lists"), hint=as_called("nl list check FILE.csv"))
    checked = check_workspace_list(
        open_to_act(directory, may_ask=not as_json), override=file or list_file, encoding=encoding,
        is_asking_dns=is_asking_dns, limit=limit,
    )  # fmt: skip
    if as_json:
        console.show_json(checked.as_dict())
    else:
        console.show_findings(checked.findings)
        for line in checked.lines():
            console.say(line)
        say_next("list check", directory=directory, has_faults=checked.has_errors)
    if checked.has_errors:
        raise typer.Exit(1)
