"""What was planned → the site's files, and the record of what was written."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.errors import AlreadyExists, NewsletterError
from newsletter_cli.base.files import write_file
from newsletter_cli.base.i18n import _
from newsletter_cli.flows.publishing.plan import FileState, PlannedFile, PublishPlan, read_planned
from newsletter_cli.flows.publishing.telling import difference
from newsletter_cli.workspace.alone import only_writer
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.published import Published, published_path, write_published

KEPT_HASHES = 2


def refuse_changed(workspace: Workspace, plan: PublishPlan) -> None:
    """Raises `AlreadyExists` for what somebody wrote or changed in the site, with the difference."""
    refused = [_refusal(workspace, plan, one) for one in plan.files if one.is_refused]
    if refused:
        refused[0].also = tuple(refused[1:])
        raise refused[0]


def write_publication(workspace: Workspace, plan: PublishPlan) -> None:
    """Write what differs: pictures first, the page last, so that it shows none that is not there.

    What is about to be written is recorded first: a run that is stopped knows its own files again. Raises
    `StorageError`, and `AlreadyExists` where somebody has written in between.
    """
    with only_writer(workspace, published_path(workspace, plan.issue).parent):
        if _record(plan, is_done=False) != plan.known and plan.changed:
            write_published(workspace, plan.issue, _record(plan, is_done=False))
        for one in (
            *(one for one in plan.changed if one is not plan.page),
            *(one for one in plan.changed if one is plan.page),
        ):
            _write(workspace, plan, one)
        if (done := _record(plan, is_done=True)) != plan.known:
            write_published(workspace, plan.issue, done)


def _write(workspace: Workspace, plan: PublishPlan, planned: PlannedFile) -> None:
    content = read_planned(workspace, planned)
    with storage_errors(f"{plan.site.name}/{planned.name}"):
        planned.path.parent.mkdir(parents=True, exist_ok=True)
        write_file(planned.path, content)


def _record(plan: PublishPlan, *, is_done: bool) -> Published:
    known = {} if plan.known is None else plan.known.files

    def hashes(one: PlannedFile) -> tuple[str, ...]:
        before = () if is_done or one.before is None else (one.before,)
        former = () if is_done else known.get(one.name, ())
        return tuple(dict.fromkeys((one.digest, *before, *former)))[:KEPT_HASHES]

    left = {name: known[name] for name in plan.left}
    return Published(
        page=plan.page.name, url=plan.url or "", files={**{one.name: hashes(one) for one in plan.files}, **left}
    )


def _refusal(workspace: Workspace, plan: PublishPlan, planned: PlannedFile) -> NewsletterError:
    message = (
        _("somebody has changed this in the site since it was published")
        if planned.state is FileState.CHANGED
        else _("this is in the site already, and nl did not write it")
    )
    error = AlreadyExists(
        message,
        file=f"{plan.site.name}/{planned.name}",
        hint=_(
            "take over what is right into the sections; to have it replaced all the same: nl publish {number} --replace"
        ).format(number=plan.issue),
    )
    error.details = tuple(_plain(difference(workspace, planned)))
    return error


def _plain(lines: object) -> Iterator[str]:
    for line in lines:  # type: ignore[attr-defined]
        yield "".join(text for text, _style in line)
