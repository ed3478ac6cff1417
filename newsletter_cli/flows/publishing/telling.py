"""What a publication does, in words: the difference file by file, then the result."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _, ngettext, shown_kilobytes
from newsletter_cli.flows.publishing.plan import FileState, PlannedFile, PublishPlan, read_planned
from newsletter_cli.flows.reporting.diff import diff_lines
from newsletter_cli.flows.reporting.interface import Line
from newsletter_cli.workspace.files import storage_errors
from newsletter_cli.workspace.folder import Workspace


def difference(workspace: Workspace, planned: PlannedFile) -> Iterator[Line]:
    """What changes in a file of the site: a text line by line, anything else by its size."""
    new = read_planned(workspace, planned)
    old = b""
    if planned.before is not None:
        with storage_errors(planned.name):
            old = planned.path.read_bytes()
    try:
        before, after = old.decode(), new.decode()
        is_text = "\0" not in before + after
    except UnicodeDecodeError:
        is_text = False
    if is_text:
        yield from diff_lines({planned.name: before.replace("\r\n", "\n")}, {planned.name: after.replace("\r\n", "\n")})
    elif planned.before is None:
        yield ((f"+ {planned.name}  {shown_kilobytes(len(new))}", "added"),)
    else:
        yield ((f"± {planned.name}  {shown_kilobytes(len(old))} → {shown_kilobytes(len(new))}", ""),)


def changes(workspace: Workspace, plan: PublishPlan, *, is_dry_run: bool) -> Iterator[Line]:
    """The difference of all files that are written. Of a new one that is written, its name and size tell enough: it is
    there to be read.
    """
    for one in plan.changed:
        if one.before is None and not is_dry_run:
            yield ((f"+ {one.name}  {shown_kilobytes(len(read_planned(workspace, one)))}", "added"),)
        else:
            yield from difference(workspace, one)


def result_lines(plan: PublishPlan, *, is_dry_run: bool) -> Iterator[Line]:
    """What was done, or would be."""
    counts = {state: sum(one.state is state for one in plan.files) for state in FileState}
    new, replaced = counts[FileState.NEW], len(plan.changed) - counts[FileState.NEW]
    if not plan.changed:
        text = _("Issue {number}: the site {site} has it already, as it is.")
    elif is_dry_run:
        text = _("Issue {number}: what would be written into {site}:")
    else:
        text = _("Issue {number} is in {site}:")
    yield ((text.format(number=plan.issue, site=plan.site.name), ""),)
    yield (("  ", ""), (plan.page.name, "strong"))
    told = [
        ngettext("{count} new file", "{count} new files", new).format(count=new) if new else "",
        ngettext("{count} replaced", "{count} replaced", replaced).format(count=replaced) if replaced else "",
        ngettext("{count} as before", "{count} as before", counts[FileState.UNCHANGED]).format(
            count=counts[FileState.UNCHANGED]
        )
        if counts[FileState.UNCHANGED]
        else "",
    ]
    yield ((f"  {', '.join(filter(None, told))}", ""),)
    if plan.url:
        yield ((_("Read at {url} once the site is built.").format(url=plan.url), ""),)


def left_lines(plan: PublishPlan) -> Iterator[str]:
    """What an earlier publication left in the site."""
    for name in plan.left:
        yield _("{file}: published before, and no more part of the issue; remove it if nothing else shows it").format(
            file=f"{plan.site.name}/{name}"
        )
