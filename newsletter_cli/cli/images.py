"""`nl images`"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.cli.next_step import say_next
from newsletter_cli.cli.options import Directory, IssueNumber, open_chosen_workspace, refuse_idle

if TYPE_CHECKING:
    from newsletter_cli.flows.images import ImagePlan

HELP = _(
    "Make the pictures of an issue fit for mail: converted where mail readers do not show them, no wider than twice "
    "what is seen, without what a camera adds. The originals are kept in .originals/, beside the sections."
)
EXAMPLE = "nl images 2 --dry-run"


def run(
    number: IssueNumber = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help=_("Show what would be done, and do nothing."))] = False,
    yes: Annotated[bool, typer.Option("--yes", help=_("Do not ask."))] = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.images import plan_images, write_images

    if dry_run:
        refuse_idle("--dry-run", {"--yes": yes}, hint="nl images --dry-run")
    workspace = open_chosen_workspace(directory)
    issue = workspace.existing_issue(number)
    plan = plan_images(workspace, issue)
    _show(plan, issue)
    if dry_run or not plan.changed:
        return
    if not yes and console.is_interactive() and not console.confirm(_("Write these pictures?")):
        console.say(_("Nothing was changed."))
        return
    write_images(workspace, plan)
    console.say(_("Done. The originals are in {folder}.").format(folder=f"{workspace.name_of(plan.folder)}/.originals"))
    for file in plan.texts:
        console.say(_("The new names stand in {file}.").format(file=file))
    say_next("images", issue, directory=directory)


def _show(plan: ImagePlan, issue: int) -> None:
    rows = plan.rows()
    if rows:
        title = _("Pictures of issue {number}").format(number=issue)
        console.show_table(title, (_("picture"), _("before"), _("after"), _("what")), rows)
    if not plan.changed:
        console.say(_("Issue {number}: no picture needs to be changed.").format(number=issue))
        return
    before = sum(work.before_bytes for work in plan.changed)
    after = sum(len(work.new.content) for work in plan.changed if work.new is not None)
    console.say(
        ngettext(
            "{count} picture: {before} kB before, {after} kB after",
            "{count} pictures: {before} kB before, {after} kB after",
            len(plan.changed),
        ).format(count=len(plan.changed), before=round(before / 1000), after=round(after / 1000))
    )
