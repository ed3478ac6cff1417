"""`nl publish`"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from newsletter_cli import console
from newsletter_cli.base.called import as_called
from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.cli.mailing_list.options import Yes
from newsletter_cli.cli.options import Accept, Directory, IssueNumber, Json, open_to_act, refuse_idle
from newsletter_cli.cli.send import Trust

if TYPE_CHECKING:
    from newsletter_cli.flows.publishing.committing import Committed
    from newsletter_cli.flows.publishing.plan import PublishPlan
    from newsletter_cli.workspace.folder import Workspace

HELP = _(
    "Put the post of an issue and its pictures into the repository of the site, where and as its generator wants them. "
    "What somebody has written there is never replaced by itself, and nothing is pushed."
)
EXAMPLE = "nl publish 2 --dry-run"


def run(
    number: IssueNumber = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=_("Show what would change in the site, and write nothing."))
    ] = False,
    is_sure: Yes = False,
    replaces: Annotated[
        bool, typer.Option("--replace", help=_("Replace what somebody wrote or changed in the site, too."))
    ] = False,
    site: Annotated[
        Path | None,
        typer.Option(
            "--site", metavar=_("DIR"), help=_("The site’s repository, instead of the one in newsletter.toml.")
        ),
    ] = None,
    accept: Accept = None,
    commits: Annotated[
        bool, typer.Option("--commit", help=_("Commit it on a branch of the site’s repository; nothing is pushed."))
    ] = False,
    branch: Annotated[
        str | None,
        typer.Option("--branch", metavar=_("NAME"), help=_("With --commit: the branch; newsletter-2 by default.")),
    ] = None,
    is_trusted: Trust = False,
    as_json: Json = False,
    directory: Directory = None,
) -> None:
    from newsletter_cli.flows.publishing.committing import commit_publication, prepare_commit
    from newsletter_cli.flows.publishing.plan import plan_publication
    from newsletter_cli.flows.publishing.where import open_site
    from newsletter_cli.flows.publishing.writing import refuse_changed, write_publication

    if dry_run:
        refuse_idle("--dry-run", {"--yes": is_sure}, hint="nl publish --dry-run")
    if branch is not None and not commits:
        raise UsageError(_("--branch goes with --commit"), hint=as_called("nl publish --commit --branch newsletter-2"))
    workspace = open_to_act(directory, is_trusted=is_trusted, may_ask=not as_json)
    issue = workspace.existing_issue(number)
    plan = plan_publication(workspace, issue, open_site(workspace, site), accepted=tuple(accept or ()))
    if not replaces:
        refuse_changed(workspace, plan)
    ready = prepare_commit(workspace, plan, branch) if commits else None
    committed = None
    if not as_json:
        _show_changes(workspace, plan, is_dry_run=dry_run)
    if not dry_run:
        if not (is_sure or as_json) and not _is_agreed(plan):
            console.say(_("Nothing was changed."))
            return
        write_publication(workspace, plan)
        committed = None if ready is None else commit_publication(workspace, plan, ready)
    if as_json:
        console.show_json(plan.as_dict())
    else:
        _show_result(plan, is_dry_run=dry_run)
        if committed is not None:
            _show_commit(committed)
        elif ready is not None:
            console.say(_("It would be committed on the branch {branch}.").format(branch=ready.branch))


def _show_changes(workspace: Workspace, plan: PublishPlan, *, is_dry_run: bool) -> None:
    from newsletter_cli.flows.publishing.telling import changes

    lines = list(changes(workspace, plan, is_dry_run=is_dry_run))
    if lines:
        console.show_lines(lines)
        console.say()


def _is_agreed(plan: PublishPlan) -> bool:
    """Whether somebody at the terminal wants what is there replaced; new files alone are not asked about."""
    replaced = [one for one in plan.changed if one.before is not None]
    return not replaced or not console.is_interactive() or console.confirm(_("Replace what is in the site?"))


def _show_result(plan: PublishPlan, *, is_dry_run: bool) -> None:
    from newsletter_cli.flows.publishing.telling import left_lines, result_lines

    console.show_lines(result_lines(plan, is_dry_run=is_dry_run))
    for note in (*left_lines(plan), *plan.notes):
        console.warn(note)
    if is_dry_run:
        console.say(_("Nothing was written."))


def _show_commit(committed: Committed) -> None:
    if committed.commit is None:
        console.say(_("There was nothing to commit: the branch has it already."))
        return
    console.say(
        _("Committed on the branch {branch} ({commit}).").format(branch=committed.branch, commit=committed.commit[:8])
    )
    if committed.push is None:
        console.say(_("The repository has no remote to push to."))
    else:
        console.say_path(_("To push it: "), committed.push)
