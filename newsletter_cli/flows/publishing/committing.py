"""`nl publish --commit`: what was published, as a commit on a branch of the site's repository. Nothing is pushed."""

from __future__ import annotations

import os
from pathlib import Path
from shlex import quote

from msgspec import Struct

from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.git import GitMissing, GitRefusal, find_top
from newsletter_cli.base.git_commit import Hindrance, Ready, Uncommittable, commit_files, ready_to_commit
from newsletter_cli.base.i18n import _
from newsletter_cli.flows.publishing.plan import PublishPlan, read_planned
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.published import published_path


class Committed(Struct, frozen=True, kw_only=True):
    """What became of it. `commit` is its name; `None` where everything was committed before. `push` is what somebody
    types to push the branch; `None` where the repository has nowhere to push to.
    """

    branch: str
    commit: str | None
    push: str | None


def prepare_commit(workspace: Workspace, plan: PublishPlan, branch: str | None) -> Ready:
    """Whether it can be committed, before anything is written. Raises `UsageError`."""
    top = find_top(plan.site.root)
    if top is None:
        raise UsageError(
            _("{site} lies in no Git repository: there is nothing to commit to").format(site=plan.site.name),
            hint=_("publish without --commit, or make it one: git init"),
        )
    try:
        return ready_to_commit(top, branch or f"newsletter-{plan.issue}", _names(workspace, plan, top))
    except GitMissing:
        raise UsageError(_("there is no Git on this machine"), hint=_("publish without --commit")) from None
    except Uncommittable as fault:
        raise _explained(fault, plan) from None
    except GitRefusal as refusal:
        raise _refused(plan, refusal) from None


def commit_publication(workspace: Workspace, plan: PublishPlan, ready: Ready) -> Committed:
    """Commit the files of the issue, and the record of them where it lies in the same repository.

    Raises `UsageError` for what Git refuses, `StorageError`.
    """
    contents = {_seen_from(ready.top, one.path): read_planned(workspace, one) for one in plan.files}
    record = published_path(workspace, plan.issue)
    if _is_within(ready.top, record):
        contents[_seen_from(ready.top, record)] = record.read_bytes()
    try:
        made = commit_files(ready, contents, _("Publish {title}").format(title=plan.title) + "\n")
    except GitRefusal as refusal:
        raise _refused(plan, refusal) from None
    push = None
    if ready.remote is not None:
        push = f"git -C {quote(plan.site.name)} push -u {quote(ready.remote)} {quote(ready.branch)}"
    return Committed(branch=ready.branch, commit=made, push=push)


def _names(workspace: Workspace, plan: PublishPlan, top: Path) -> list[str]:
    return [_seen_from(top, one.path) for one in plan.files]


def _seen_from(top: Path, path: Path) -> str:
    return Path(os.path.realpath(path)).relative_to(os.path.realpath(top)).as_posix()


def _is_within(top: Path, path: Path) -> bool:
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(top))


def _explained(fault: Uncommittable, plan: PublishPlan) -> UsageError:
    site = plan.site.name
    said = {
        Hindrance.NO_COMMIT: (
            _("the repository of {site} has no commit yet").format(site=site),
            _("make a first one there, then run this again"),
        ),
        Hindrance.DETACHED: (
            _("no branch is checked out in {site} (a detached HEAD)").format(site=site),
            _("go to one first: {command}").format(command="git switch main"),
        ),
        Hindrance.UNDER_WAY: (
            _("something is under way in {site}: {what}").format(site=site, what=f"git {fault.about}"),
            _("finish it or abort it, then run this again"),
        ),
        Hindrance.BAD_NAME: (
            _("no branch can be called “{branch}”").format(branch=fault.about),
            _("name another one: {option}").format(option="--branch newsletter-2"),
        ),
        Hindrance.BRANCH_EXISTS: (
            _("{site} has a branch {branch} already").format(site=site, branch=fault.about),
            _("go to it (git switch {branch}), delete it, or name another one: --branch NAME").format(
                branch=fault.about
            ),
        ),
        Hindrance.NOBODY: (
            _("Git does not know in whose name to commit"),
            _("tell it: git config --global user.name, and user.email"),
        ),
        Hindrance.IGNORED: (
            _("Git ignores {file} there").format(file=fault.about),
            _("change the site’s .gitignore, or [site] in newsletter.toml; without --commit it is only written"),
        ),
        Hindrance.FILTERED: (
            _("a filter of Git’s (LFS?) is set for {file}, and nl runs none").format(file=fault.about),
            _("publish without --commit, then commit yourself: git add, git commit"),
        ),
    }
    message, hint = said[fault.hindrance]
    return UsageError(message, hint=hint)


def _refused(plan: PublishPlan, refusal: GitRefusal) -> UsageError:
    return UsageError(
        _("Git refuses in {site}: {reason}").format(site=plan.site.name, reason=refusal),
        hint=_("mend that there, then run this again, or publish without --commit"),
    )
