"""What `nl archive` says of what it did."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.archive.addresses import FEED
from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.flows.archiving.archive import Archived
from newsletter_cli.flows.archiving.choosing import Reason
from newsletter_cli.workspace.folder import Workspace

# More names of files nobody reads.
MOST_NAMES = 12


def tell(workspace: Workspace, archived: Archived, *, is_dry: bool) -> Iterator[str]:
    """The lines, in order."""
    plan, count = archived.plan, len(archived.paged)
    folder = workspace.name_of(plan.folder)
    yield ngettext("Archive: {count} issue, in {folder}/", "Archive: {count} issues, in {folder}/", count).format(
        count=count, folder=folder
    )
    if is_dry:
        yield from _names(_("to be written"), list(plan.writing))
        yield from _names(_("to be removed"), list(plan.removing))
        if not plan.is_changing:
            yield _("Nothing would change.")
    elif plan.is_changing:
        yield _("  {written} files written, {removed} removed, {unchanged} unchanged").format(
            written=len(plan.writing), removed=len(plan.removing), unchanged=len(plan.unchanged)
        )
    else:
        yield _("Nothing has changed.")
    yield from _left_out(archived)
    for file in archived.unread:
        yield _("{file}: no template of the archive; it is not read").format(file=file)
    if archived.base is None:
        yield _("No feed: archive.url says where the pages are read, which a feed has to know")
    elif archived.undated:
        yield _("Not in the feed, for want of a date: {issues}").format(issues=_numbers(archived.undated))
    if archived.held:
        yield _("Pages that stay as they were: {issues}").format(issues=_numbers(archived.held))
    elsewhere = [one.number for one in archived.paged if not one.address.is_online and not one.is_draft]
    # A site of its own is where the e-mail is to lead.
    if archived.base is not None and elsewhere and workspace.config.site.base_url is None:
        yield _('The e-mail leads elsewhere; to lead its readers here, under [post]: url = "{url}"').format(
            url=archived.base + "{slug}/"
        )
    if archived.base is not None and FEED in plan.record.files:
        yield _("Feed: {url}").format(url=archived.base + FEED)


def _left_out(archived: Archived) -> Iterator[str]:
    unsent = [one.number for one in archived.left_out if one.reason is Reason.NOT_SENT]
    if unsent:
        yield _("Left out, for they were not sent: {issues}").format(issues=_numbers(unsent))
        yield "  → " + _(
            '--drafts shows them; if readers had them another way, under [archive]: also = "{issues}"'
        ).format(issues=_numbers(unsent))
    absent: dict[str, list[int]] = {}
    for one in archived.left_out:
        if one.reason is not Reason.NOT_SENT:
            absent.setdefault(one.message, []).append(one.number)
    for message, numbers in absent.items():
        yield _("Left out: issue {number}: {reason}").format(number=_numbers(numbers), reason=message)


def _names(about: str, names: list[str]) -> Iterator[str]:
    for name in names[:MOST_NAMES]:
        yield f"  {about}: {name}"
    if len(names) > MOST_NAMES:
        yield "  " + _("… and {count} more").format(count=len(names) - MOST_NAMES)


def _numbers(numbers: list[int] | tuple[int, ...]) -> str:
    """1, 2, 3, 7 → `1-3, 7`."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
