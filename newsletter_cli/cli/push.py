"""`nl push`"""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from newsletter_cli import console
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.options import Directory, IssueNumber, Json, open_chosen_workspace
from newsletter_cli.cli.pull import AllowPrivate, DryRun, Section, pads_of, warn_of_refusal

if TYPE_CHECKING:
    from newsletter_cli.flows.push import Pushed, PushedSection

HELP = _(
    "Put what was written here into the pads of an issue, never over what somebody has changed there since the last nl "
    "pull. Where a host takes no text from a program, the text to paste is shown."
)
EXAMPLE = "nl push 2 --dry-run"


def run(
    number: IssueNumber = None,
    section: Section = None,
    dry_run: DryRun = False,
    allow_private: AllowPrivate = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.push import push

    workspace = open_chosen_workspace(directory)
    issue = workspace.existing_issue(number)
    open_pad, _asker = pads_of(workspace, allow_private=allow_private)
    pushed = push(workspace, issue, open_pad, section=section, is_dry_run=dry_run)
    if as_json:
        console.show_json(pushed.as_dict())
    else:
        _show(pushed, is_dry_run=dry_run)
    raise typer.Exit(pushed.exit_status)


def _show(pushed: Pushed, *, is_dry_run: bool) -> None:
    if not pushed.sections:
        console.say(_("No section of issue {number} names a pad.").format(number=pushed.issue))
        return
    for section in pushed.sections:
        _show_text(section)
    names = {
        "unchanged": _("unchanged"),
        "written": _("written into the pad"),
        "paste": _("to be pasted"),
        "refused": _("not written, see below"),
    }
    rows = [(one.file, one.host or "–", names[one.result]) for one in pushed.sections]
    title = _("Pads of issue {number}").format(number=pushed.issue)
    console.show_table(title, (_("file"), _("pad"), _("result")), rows)
    for one in pushed.sections:
        if one.reason:
            warn_of_refusal(one.file, one.reason, one.hint)
    if is_dry_run:
        console.say(_("Nothing was written."))


def _show_text(section: PushedSection) -> None:
    """What changes in the pad; or, to be pasted, the whole text."""
    from newsletter_cli.flows.reporting.diff import diff_lines

    if section.result == "paste":
        console.say(f"── {section.pad}", style="strong")
        for line in section.after.splitlines():
            console.say_path("", line)
        console.say()
    elif section.before != section.after:
        console.show_lines(diff_lines({section.file: section.before}, {section.file: section.after}))
        console.say()
