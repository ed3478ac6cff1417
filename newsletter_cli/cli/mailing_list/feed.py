"""`nl list import`, `add`, `unsubscribe`: people come and go."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.called import as_called
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.cli.mailing_list.options import Encoding, EvenUnknown, ListFile, Yes, say_unknown
from newsletter_cli.cli.next_step import say_next
from newsletter_cli.cli.options import Directory, Json, open_to_act, refuse_missing_folder
from newsletter_cli.cli.personal_file import warn_of_git

if TYPE_CHECKING:
    from newsletter_cli.audience.seen import NotedKeys
    from newsletter_cli.flows.list_import import ListImport
    from newsletter_cli.flows.list_people import Unsubscribed
    from newsletter_cli.workspace.folder import Workspace

IMPORT_HELP = _(
    "Take a CSV file into the managed list: all of it or nothing. Whoever left stays away; refused rows are written "
    "to a file that can be fixed and imported again."
)
ADD_HELP = _(
    "Add somebody to the managed list, or complete what is known of them. Whoever left comes back with --consent only."
)
SET_HELP = _(
    "Change what the managed list knows of somebody: name, groups, anything else. Their consent and their status stay."
)
UNSUBSCRIBE_HELP = _(
    "Take people off, for good and whatever the source of the list says. Instead of an address: the token that "
    "ends the subject of a mail asking to leave."
)
CONSENT = _("How they agreed, for the record.")
Consent = Annotated[str, typer.Option("--consent", metavar=_("TEXT"), help=CONSENT)]
ConsentDate = Annotated[
    str,
    typer.Option("--consent-date", metavar="DATE", help=_("When they agreed: 2026-03-03, 03/03/2026; now by default.")),
]
Groups = Annotated[list[str] | None, typer.Option("--group", metavar=_("NAME"), help=_("Put them into this group."))]


# What stands for a count where the file does not tell who is missing.
NOBODY_KNOWS = -1
MOST_SHOWN = 50


def run_import(
    file: Annotated[Path, typer.Argument(metavar=_("FILE.csv"), help=_("The list."))],
    consent: Consent = "",
    consent_date: ConsentDate = "",
    groups: Groups = None,
    rejects: Annotated[
        Path | None, typer.Option("--rejects", metavar=_("FILE"), help=_("Where refused rows go; state/rejects/."))
    ] = None,
    encoding: Encoding = None,
    delimiter: Annotated[
        str | None, typer.Option("--delimiter", metavar=_("SIGN"), help=_("What separates the columns."))
    ] = None,
    is_syncing: Annotated[
        bool,
        typer.Option(
            "--sync", help=_("Then unsubscribe everybody who is on the list and not in the file; asks first.")
        ),
    ] = False,
    is_sure: Yes = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.audience.importing import Additions
    from newsletter_cli.flows.audience import csv_source
    from newsletter_cli.flows.list_import import run_import as import_file
    from newsletter_cli.flows.list_sync import noting, people_of_file

    refuse_unasked(is_syncing=is_syncing, is_sure=is_sure, may_ask=not as_json)
    refuse_missing_folder(rejects)
    workspace = open_to_act(directory, may_ask=not as_json)
    source = csv_source(workspace, file.absolute(), encoding=encoding, delimiter=delimiter)
    consent_at = _consent_at(workspace, consent, consent_date)
    additions = Additions(consent_how=consent, consent_at=consent_at, groups=tuple(groups or ()))
    with people_of_file(is_syncing) as seen:
        done = import_file(
            workspace,
            source,
            additions=additions,
            rejects=rejects.absolute() if rejects else None,
            on_person=noting(seen) if is_syncing else None,
        )
        if not as_json:
            for line in done.lines():
                console.say(line)
        gone = None if seen is None else sync(workspace, done, seen, is_sure=is_sure, is_quiet=as_json)
    if as_json:
        console.show_json(done.as_dict() if gone is None else {**done.as_dict(), "taken_off": gone})
    for path in (file, rejects):
        if path is not None and path.exists():
            warn_of_git(workspace, path)
    if done.has_faults or gone == NOBODY_KNOWS:
        raise typer.Exit(1)
    if not as_json:
        say_next("list import", directory=directory)


def refuse_unasked(*, is_syncing: bool, is_sure: bool, may_ask: bool) -> None:
    """Before anything is done: somebody must be there to be asked, or have said yes. Raises `UsageError`."""
    if is_sure and not is_syncing:
        raise UsageError(_("--yes does nothing without --sync"), hint=as_called("nl list import FILE.csv --sync --yes"))
    if is_syncing and not is_sure and not (may_ask and console.is_interactive()):
        raise UsageError(_("--sync takes people off, and nobody can be asked here"), hint=_("add --yes to be sure"))


def sync(workspace: Workspace, done: ListImport, seen: NotedKeys, *, is_sure: bool, is_quiet: bool) -> int:
    """Take off whoever is not in the file: how many, `NOBODY_KNOWS` where the file does not tell."""
    from newsletter_cli.flows.list_sync import find_missing, take_off, told_missing

    missing, obstacle = find_missing(workspace, done, seen)
    if obstacle:
        console.warn(_("Nobody was taken off: {reason}").format(reason=obstacle))
        return NOBODY_KNOWS
    if not is_quiet:
        console.say(told_missing(len(missing)))
    if missing and not is_sure:
        for _key, address in missing[:MOST_SHOWN]:
            console.say(f"  {address}")
        if (more := len(missing) - MOST_SHOWN) > 0:
            console.say(_("  … and {count} more").format(count=more))
        question = _("Take them off? Only a new consent brings them back") + " " + _("(yes/no)")
        if console.ask(question, default=_("no")).strip().lower() not in {"yes", "y", "oui", "o"}:
            console.say(_("Nobody was taken off."))
            return 0
    count = take_off(workspace, missing) if missing else 0
    if count and not is_quiet:
        console.say(_("They were taken off, and will not be written to again."))
    return count


def run_add(
    address: Annotated[str, typer.Argument(metavar=_("ADDR"), help=_("The address, or: Name <address>."))],
    name: Annotated[str, typer.Option("--name", metavar=_("NAME"), help=_("Their name."))] = "",
    groups: Groups = None,
    attributes: Annotated[
        list[str] | None, typer.Option("--set", metavar=_("NAME=VALUE"), help=_("Anything else known: ville=Paris."))
    ] = None,
    consent: Consent = "",
    consent_date: ConsentDate = "",
    unconfirmed: Annotated[bool, typer.Option("--unconfirmed", help=_("They have yet to confirm."))] = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.list_people import Readmitted, add_person

    workspace = open_to_act(directory, may_ask=not as_json)
    added = add_person(
        workspace,
        address,
        name=name,
        groups=tuple(groups or ()),
        attributes=attributes or [],
        consent_how=consent,
        consent_at=_consent_at(workspace, consent, consent_date),
        is_confirmed=not unconfirmed,
    )
    if as_json:
        console.show_json(added.as_dict())
        return
    if isinstance(added, Readmitted):
        console.say(_("They may be written to again; their new consent is on record."))
        return
    text = _("Added: {address}") if added.is_new else _("Updated: {address}")
    console.say(text.format(address=added.subscriber.address))
    if added.is_readmitted:
        console.say(_("They had left; their new consent is on record."))
    if not added.subscriber.consent.how:
        console.warn(_("No record of how they agreed: --consent TEXT adds one."))
    say_next("list change", directory=directory)


def run_set(
    address: Annotated[str, typer.Argument(metavar=_("ADDR"), help=_("The person’s address."))],
    name: Annotated[str | None, typer.Option("--name", metavar=_("NAME"), help=_("Their name."))] = None,
    groups: Groups = None,
    not_groups: Annotated[
        list[str] | None, typer.Option("--not-group", metavar=_("NAME"), help=_("Take them out of this group."))
    ] = None,
    attributes: Annotated[
        list[str] | None,
        typer.Option("--set", metavar=_("NAME=VALUE"), help=_("Anything else: ville=Paris; ville= takes it away.")),
    ] = None,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.list_people import set_person

    changed = set_person(
        open_to_act(directory, may_ask=not as_json),
        address,
        name=name,
        groups=groups or [],
        not_groups=not_groups or [],
        attributes=attributes or [],
    )
    if changed is None:
        console.warn(_("Nobody on the list has this address; nothing was changed."))
        raise typer.Exit(1)
    if as_json:
        console.show_json(changed.as_dict())
        return
    groups_shown = ", ".join(changed.groups) or "–"
    console.say(_("Changed: {address}; groups: {groups}").format(address=changed.address, groups=groups_shown))
    say_next("list change", directory=directory)


def run_unsubscribe(
    addresses: Annotated[
        list[str],
        typer.Argument(
            metavar=_("ADDR…"), help=_("The addresses of those who leave, or the tokens of their messages.")
        ),
    ],
    has_unknown: EvenUnknown = False,
    list_file: ListFile = None,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.list_people import unsubscribe_people

    workspace = open_to_act(directory, may_ask=not as_json)
    done = unsubscribe_people(workspace, addresses, override=list_file, has_unknown=has_unknown)
    if as_json:
        console.show_json(done.as_dict())
    else:
        say_unsubscribed(done, len(addresses))
        if done.is_complete:
            say_next("list change", directory=directory)
    if not done.is_complete:
        raise typer.Exit(1)


def say_unsubscribed(done: Unsubscribed, given: int) -> None:
    say_unknown(done.unknown, given)
    for place in done.unknown_tokens:
        if given == 1:
            console.warn(_("This token is not known here: no message that was sent from here has it."))
        else:
            text = _(
                "Number {place} of those given is a token that is not known here: no message sent from here has it."
            )
            console.warn(text.format(place=place))
    for one in done.unread:
        text = _("{name} cannot be read now, to see whether they are on it; they will not be written to all the same")
        console.warn(text.format(name=one.name))
    if not done.asked:
        console.say(_("Nobody was taken off."))
        return
    text = ngettext("{count} person will not be written to again", "{count} people will not be written to again",
                    done.asked)  # fmt: skip
    console.say(text.format(count=done.asked))
    if done.suppressed < done.asked:
        console.say(_("({count} had left already)").format(count=done.asked - done.suppressed))
    if done.written_back is not None:
        console.say(_("Noted in {count} rows of the source").format(count=done.written_back))
    if done.list_name:
        console.say(done.told_rows())


def _consent_at(workspace: Workspace, how: str, date: str) -> str:
    """When they agreed, in its one form; "" where it was not said. Raises `UsageError`."""
    from newsletter_cli.flows.consent import parse_consent_date

    if not date:
        return ""
    if not how:
        raise UsageError(
            _("--consent-date goes with --consent: when is half of the proof, how is the other"),
            hint=_('say how: --consent "sign-up form 2026"'),
        )
    return parse_consent_date(workspace, date)
