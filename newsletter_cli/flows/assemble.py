"""`nl assemble`: the section files of an issue → `build/N/`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from msgspec import Struct

from newsletter_cli.base.errors import ContentError
from newsletter_cli.base.i18n import _, ngettext, shown_kilobytes
from newsletter_cli.check.links import LinkStatus
from newsletter_cli.console.lines import Line
from newsletter_cli.flows.build_record import BuildRecord, digest_sources, forget_record, record_folder, write_record
from newsletter_cli.flows.check import TEXTS_ONLY, Checked, Wanted, render_and_check
from newsletter_cli.model import Level
from newsletter_cli.render.names import EMAIL
from newsletter_cli.workspace.alone import only_writer
from newsletter_cli.workspace.files import replace_folder
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.templates import read_looks

LINKS_UNCHECKED = "links-unchecked"


class Assembled(Struct, frozen=True, kw_only=True):
    """What an assembly made. `files`: size in bytes of each rendition, by name. `has_links_asked`: that was wanted."""

    number: int
    folder: Path
    files: dict[str, int]
    section_count: int
    checked: Checked
    has_links_asked: bool = False

    def as_dict(self, workspace: Workspace) -> dict[str, Any]:
        """The result for scripts."""
        return {
            "issue": self.number,
            "folder": workspace.name_of(self.folder),
            "files": self.files,
            "sections": self.section_count,
            "findings": [finding.as_dict() for finding in self.checked.findings],
        }

    def lines(self, workspace: Workspace) -> Iterator[str]:
        """The result for people."""
        count = self.section_count
        yield ngettext(
            "Issue {number}: {count} section, written to {folder}/",
            "Issue {number}: {count} sections, written to {folder}/",
            count,
        ).format(number=self.number, count=count, folder=workspace.name_of(self.folder))
        for name, size in self.files.items():
            share, style = _share_of_limit(size) if name == EMAIL else ("", "")
            yield Line((f"  {name:<14}{shown_kilobytes(size):>11}", ""), (share, style))
        yield from self._links_not_asked()
        # Notes would be said of nearly every issue: typography alone, which the e-mail has right in any case.
        levels: list[Level] = [finding.level for finding in self.checked.findings if finding.level is not Level.INFO]
        if levels:
            from newsletter_cli.flows.reporting.summary import counts as count_levels

            yield _("Found: {counts}. To see them: nl check {number}").format(
                counts=count_levels(levels), number=self.number
            )

    def _links_not_asked(self) -> Iterator[str]:
        """A build that looks like any other may have dead links: whoever is offline is told."""
        if self.has_links_asked:
            yield from (one.message for one in self.checked.findings if one.rule == LINKS_UNCHECKED)
        elif count := self.checked.links["counts"][LinkStatus.UNCHECKED]:
            yield ngettext(
                "{count} link was not checked: no network was wanted (--offline)",
                "{count} links were not checked: no network was wanted (--offline)",
                count,
            ).format(count=count)


def _share_of_limit(size: int) -> tuple[str, str]:
    """How much of what Gmail shows of an e-mail this is, and how that is to be taken."""
    from newsletter_cli.check.rules.email_page import CUT_BYTES, LARGE_BYTES

    style = "wrong" if size > CUT_BYTES else "alert" if size > LARGE_BYTES else "dim"
    return "   " + _("{share} % of Gmail’s limit").format(share=math.ceil(100 * size / CUT_BYTES)), style


def assemble_issue(
    workspace: Workspace, number: int, wanted: Wanted = TEXTS_ONLY, *, has_local_images: bool = False
) -> Assembled:
    """Read, render, check and write the issue; the last good build stays until the new one is whole.

    With `has_local_images` the issue's own images keep their relative addresses, so that the e-mail can be looked
    at before the post is online. Raises `ContentError` for content that cannot be used, `ConfigError`,
    `StorageError`.
    """
    looks = read_looks(workspace)
    # Before the issue is read: what is edited meanwhile makes the build an old one.
    record = BuildRecord(digest_sources(workspace, number, looks, has_local_images=has_local_images), has_local_images)
    rendered, checked = render_and_check(workspace, number, wanted, looks, has_local_images=has_local_images)
    from newsletter_cli.flows.draft import DRAFT, render_draft

    assets = rendered.sources.assets
    renditions: dict[str, str | bytes | Iterator[bytes]] = {**rendered.renditions}
    renditions[DRAFT] = render_draft(workspace, rendered)
    _refuse_taken_names(workspace, number, assets, renditions)
    folder = workspace.build_folder(number)
    with only_writer(workspace, folder.parent, record_folder(workspace)):
        forget_record(workspace, number)
        sizes = replace_folder(folder, renditions, copied=assets, name=workspace.name_of(folder))
        write_record(workspace, number, record)
    return Assembled(
        number=number,
        folder=folder,
        files=sizes,
        section_count=len(rendered.sources.issue.published_sections),
        checked=checked,
        has_links_asked=wanted.has_links,
    )


def _refuse_taken_names(workspace: Workspace, number: int, assets: Iterable[str], renditions: Iterable[str]) -> None:
    """Raises `ContentError` for a file or folder of the issue named like a rendition: one would overwrite the other."""
    # Windows and macOS do not tell Agenda.ics from agenda.ics.
    taken = {name.casefold() for name in renditions}
    for asset in assets:
        top = asset.partition("/")[0]
        if top.casefold() in taken:
            raise ContentError(
                _("{name} is the name of a file that nl itself writes beside it").format(name=top),
                file=workspace.name_of(workspace.issue_folder(number) / top),
                hint=_("give it another name, and change it where the sections name it"),
            )
