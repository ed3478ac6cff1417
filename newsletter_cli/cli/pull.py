"""`nl pull`"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.next_step import say_next
from newsletter_cli.cli.options import Directory, IssueNumber, Json, complete_section, open_chosen_workspace

if TYPE_CHECKING:
    from newsletter_cli.base.web.asking import Asker
    from newsletter_cli.flows.pull import Pulled, PulledSection
    from newsletter_cli.pads.pad import OpenPad
    from newsletter_cli.workspace.folder import Workspace

HELP = _(
    "Fetch the pads that the sections of an issue name (pad: in their header), and merge what was written there with "
    "what was written here. Nothing written here is lost: lines that were changed on both sides are marked."
)
EXAMPLE = "nl pull 2 --dry-run"

MOST_PLACES = 8

Section = Annotated[
    str | None,
    typer.Option("--section", metavar="SLUG", autocompletion=complete_section, help=_("The pad of this section only.")),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help=_("Show what would change, and write nothing."))]
Images = Annotated[bool, typer.Option("--images", help=_("Bring the pictures of the pads into images/, fit for mail."))]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help=_("Ask pads in the local network, too."))]


def run(
    number: IssueNumber = None,
    section: Section = None,
    images: Images = False,
    dry_run: DryRun = False,
    allow_private: AllowPrivate = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from datetime import UTC, datetime

    from newsletter_cli.flows.pull import pull

    workspace = open_chosen_workspace(directory)
    issue = workspace.existing_issue(number)
    open_pad, asker = pads_of(workspace, allow_private=allow_private)
    with console.progress(_("Asking the pads")) as advance:
        pulled = pull(
            workspace,
            issue,
            open_pad,
            now=datetime.now(UTC),
            section=section,
            pictures=asker if images else None,
            is_dry_run=dry_run,
            on_progress=advance,
        )
    if as_json:
        _warn(pulled)
        console.show_json(pulled.as_dict())
    else:
        _show(pulled, is_dry_run=dry_run)
        if pulled.sections and not dry_run and pulled.exit_status == 0:
            say_next("pull", issue, directory=directory)
    raise typer.Exit(pulled.exit_status)


def pads_of(workspace: Workspace, *, allow_private: bool) -> tuple[OpenPad, Asker]:
    """What opens the pads of a newsletter, and who asks them."""
    from newsletter_cli.pads.hosts import open_pads, pad_asker

    config = workspace.config
    asker = pad_asker(allow_private=allow_private or config.check.links.allow_private)
    return open_pads(asker, has_hard_breaks=config.markdown.hard_breaks), asker


def _show(pulled: Pulled, *, is_dry_run: bool) -> None:
    from newsletter_cli.flows.reporting.diff import diff_lines

    if not pulled.sections:
        console.say(_("No section of issue {number} names a pad.").format(number=pulled.issue))
        console.say_hint(
            _("write its address into the header of a section: {example}").format(example="pad: https://…")
        )
        return
    for section in pulled.sections:
        if section.before != section.after:
            console.show_lines(diff_lines({section.file: section.before}, {section.file: section.after}))
            console.say()
    names = _result_names()
    rows = [(one.file, one.host or "–", names[one.result]) for one in pulled.sections]
    console.show_table(
        _("Pads of issue {number}").format(number=pulled.issue), (_("file"), _("pad"), _("result")), rows
    )
    _warn(pulled)
    if is_dry_run:
        console.say(_("Nothing was written."))


def _warn(pulled: Pulled) -> None:
    """Why a pad gave nothing, where conflicts are, and what else there is to know."""
    for one in pulled.sections:
        for note in one.notes:
            console.warn(_("{file}: {note}").format(file=one.file, note=note))
        if one.result == "refused":
            warn_of_refusal(one.file, one.reason, one.hint)
        if one.result == "conflict":
            _warn_of_conflict(one)


def warn_of_refusal(file: str, reason: str, hint: str | None) -> None:
    """Why nothing came of a section's pad; the file is named once."""
    console.warn(reason if reason.startswith(file) else _("{file}: {note}").format(file=file, note=reason))
    if hint:
        console.warn(f"  → {hint}")


def _warn_of_conflict(section: PulledSection) -> None:
    lines = section.marked_lines
    places = ", ".join(f"{section.file}:{line}" for line in lines[:MOST_PLACES])
    if len(lines) > MOST_PLACES:
        places = _("{places} and {count} more").format(places=places, count=len(lines) - MOST_PLACES)
    console.warn(_("changed here and in the pad: {places}").format(places=places))
    hint = _("keep what is right, and delete the marks (<<<<<<<, =======, >>>>>>>); until then, nothing can be sent")
    console.warn(f"  → {hint}")


def _result_names() -> dict[str, str]:
    """What became of a section, for people."""
    return {
        "unchanged": _("unchanged"),
        "updated": _("updated from the pad"),
        "merged": _("merged: both had changed"),
        "conflict": _("conflict: both had changed the same lines"),
        "refused": _("not taken over, see below"),
    }
