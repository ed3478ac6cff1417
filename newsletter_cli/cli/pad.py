"""`nl pad`"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.called import called
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.browser import open_browser
from newsletter_cli.cli.options import Directory, Json, complete_section, open_chosen_workspace, refuse_idle

if TYPE_CHECKING:
    from newsletter_cli.flows.pad import PadOffer
    from newsletter_cli.workspace.folder import Workspace

HELP = _(
    "Show what to paste into a new pad for each section of an issue, and open the page where pads are made. With the "
    "address of a pad, write it into the header of a section, so that nl pull fetches it."
)
# As long as a browser may take to be asked, before the command ends.
BROWSER_SECONDS = 5.0
EXAMPLE = "nl pad 2\n  nl pad 2 https://pad.example.org/agenda --section agenda"


def run(
    number: Annotated[
        str | None, typer.Argument(metavar="[N]", help=_("The issue's number, 2 or 002; the latest by default."))
    ] = None,
    address: Annotated[
        str | None, typer.Argument(metavar=_("[ADDRESS]"), help=_("A pad's address, for the section named."))
    ] = None,
    section: Annotated[
        str | None,
        typer.Option(
            "--section",
            metavar=_("SLUG"),
            autocompletion=complete_section,
            help=_("This section only; _issue.md: the editorial."),
        ),
    ] = None,
    no_open: Annotated[bool, typer.Option("--no-open", help=_("Do not open a browser."))] = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.pad import offer_pads

    if number is not None and address is None and "://" in number:
        number, address = None, number
    workspace = open_chosen_workspace(directory)
    issue = workspace.existing_issue(number)
    if address is not None:
        refuse_idle("ADDRESS", {"--no-open": no_open, "--json": as_json}, hint=EXAMPLE.splitlines()[-1].strip())
        _name(workspace, issue, section, address)
        return
    offers = offer_pads(workspace, issue, slug=section)
    page = workspace.config.pads.new
    if as_json:
        sections = [offer.as_dict() for offer in offers]
        console.show_json({"issue": issue, "new": page, "sections": sections})
        return
    _show(offers, issue, is_chosen=section is not None)
    if any(offer.pad is None for offer in offers) and (section is None or console.is_interactive()):
        _open(page, is_wanted=not no_open)


def _name(workspace: Workspace, issue: int, section: str | None, address: str) -> None:
    from newsletter_cli.flows.pad import name_pad
    from newsletter_cli.pads.hosts import open_pads, pad_asker

    if section is None:
        raise UsageError(
            _("which section is this pad for?"), hint=f"{called()} pad {issue} {address} --section {_('SLUG').lower()}"
        )
    file, is_new = name_pad(workspace, issue, section, address, open_pads(pad_asker(), has_hard_breaks=False))
    console.say((_("{file} names its pad.") if is_new else _("{file} names this pad already.")).format(file=file))
    console.say_hint(_("fetch what is written there: {command}").format(command=f"{called()} pull {issue}"))


def _show(offers: tuple[PadOffer, ...], issue: int, *, is_chosen: bool) -> None:
    """The texts, to be pasted; of one that was chosen, a pipe gets the text and no more."""
    for offer in offers:
        if offer.pad is not None and not is_chosen:
            console.say_hint(_("{file} has its pad: {address}").format(file=offer.file, address=offer.pad))
            continue
        if not is_chosen:
            console.say(f"── {offer.file}", style="strong")
        for line in offer.text.splitlines():
            # To be copied: a long line is one line.
            console.say_path("", line)
        console.say()
    if any(offer.pad is None for offer in offers) and (console.is_interactive() or not is_chosen):
        slug = next(offer.slug for offer in offers if offer.pad is None)
        command = f"{called()} pad {issue} https://… --section {slug}"
        console.say_hint(
            _("paste it into a pad, then write its address into the section: {command}").format(command=command)
        )


def _open(page: str | None, *, is_wanted: bool) -> None:
    if page is None:
        console.say_hint(
            _("where are pads made? {example}").format(example='[pads] new = "https://pad.example.org/new"')
        )
    elif is_wanted and console.is_interactive():
        console.say_hint(_("opening {address}").format(address=page))
        open_browser(page).join(BROWSER_SECONDS)
    else:
        console.say_hint(_("pads are made at {address}").format(address=page))
