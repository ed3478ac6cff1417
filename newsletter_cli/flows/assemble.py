"""`nl assemble`: the section files of an issue → `build/N/`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from newsletter_cli.check import check_addresses, check_issue
from newsletter_cli.errors import ContentError
from newsletter_cli.flows.build_record import BuildRecord, digest_sources, forget_record, write_record
from newsletter_cli.flows.compiled import compiled_templates
from newsletter_cli.flows.frame import build_frame
from newsletter_cli.i18n import _, ngettext
from newsletter_cli.markdown.fragment import FragmentRules, encoded_address, final_address
from newsletter_cli.model import Finding, Level
from newsletter_cli.render.blocks import ImageBlock
from newsletter_cli.render.compose import ComposedIssue, compose_issue
from newsletter_cli.render.email import EmailParts
from newsletter_cli.render.frame import Frame
from newsletter_cli.render.renditions import render_renditions
from newsletter_cli.render.theme import Theme
from newsletter_cli.workspace.files import replace_folder
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.images import find_assets, read_image_sizes
from newsletter_cli.workspace.read import ReadIssue, read_issue
from newsletter_cli.workspace.templates import Looks, read_looks


@dataclass(frozen=True, slots=True)
class Assembled:
    """What an assembly made. `files`: size in bytes of each rendition, by name."""

    number: int
    folder: Path
    files: dict[str, int]
    section_count: int
    findings: tuple[Finding, ...]

    @property
    def exit_status(self) -> int:
        """1 where the content has faults of level `error`."""
        return int(any(finding.level is Level.ERROR for finding in self.findings))

    def as_dict(self, workspace: Workspace) -> dict[str, Any]:
        """The result for scripts."""
        return {
            "issue": self.number,
            "folder": workspace.name_of(self.folder),
            "files": self.files,
            "sections": self.section_count,
            "findings": [finding.as_dict() for finding in self.findings],
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
            yield f"  {name:<14}{size / 1000:>8.1f} kB"


@dataclass(frozen=True, slots=True)
class Sources:
    """All that the renditions of an issue are made from, read from disk."""

    read: ReadIssue
    frame: Frame
    theme: Theme
    assets: dict[str, Path]
    sizes: dict[str, tuple[int, int]]


def assemble_issue(workspace: Workspace, number: int, *, has_local_images: bool = False) -> Assembled:
    """Read, check, render and write the issue; the last good build stays until the new one is whole.

    With `has_local_images` the issue's own images keep their relative addresses, so that the e-mail can be looked
    at before the post is online. Raises `ContentError` for content that cannot be used, `ConfigError`,
    `StorageError`.
    """
    looks = read_looks(workspace)
    # Before the issue is read: what is edited meanwhile makes the build an old one.
    record = BuildRecord(digest_sources(workspace, number, looks, has_local_images=has_local_images), has_local_images)
    sources = read_sources(workspace, number, looks)
    composed, parts = compose_sources(sources, has_local_images=has_local_images)
    findings = [*sources.read.findings, *check_issue(composed.issue, workspace.config.sections)]
    if not has_local_images:
        findings += check_addresses(composed.addresses)
    renditions = render_renditions(composed, replace(parts, compiled=compiled_templates(workspace)))
    _refuse_taken_names(workspace, number, sources.assets, renditions)
    folder = workspace.build_folder(number)
    forget_record(workspace, number)
    replace_folder(folder, renditions, copied=sources.assets, name=workspace.name_of(folder))
    write_record(workspace, number, record)
    return Assembled(
        number=number,
        folder=folder,
        files={name: len(_bytes(content)) for name, content in renditions.items()},
        section_count=len(sources.read.issue.published_sections),
        findings=tuple(findings),
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


def read_sources(workspace: Workspace, number: int, looks: Looks | None = None) -> Sources:
    """Everything that `render_all` needs; `looks` where they have been read already."""
    looks = looks or read_looks(workspace)
    read = read_issue(workspace, number)
    assets = find_assets(workspace.issue_folder(number))
    frame = build_frame(workspace.config, looks.words, read.issue)
    return Sources(read, frame, looks.theme, assets, read_image_sizes(assets))


def compose_sources(sources: Sources, *, has_local_images: bool = False) -> tuple[ComposedIssue, EmailParts]:
    """The issue parsed, and what its e-mail needs besides."""
    local = frozenset(map(encoded_address, sources.assets)) if has_local_images else frozenset()
    composed = compose_issue(sources.read.issue, sources.frame, local_files=local)
    rules = FragmentRules(base_url=sources.frame.online_url, local_files=local)
    parts = EmailParts(
        theme=sources.theme,
        sizes={final_address(name, rules): size for name, size in sources.sizes.items()},
        cover=_cover(composed, sources, rules),
    )
    return composed, parts


def render_all(sources: Sources, *, has_local_images: bool = False) -> dict[str, str | bytes]:
    """The renditions by file name. Pure: the same sources give the same bytes."""
    return render_renditions(*compose_sources(sources, has_local_images=has_local_images))


def _cover(composed: ComposedIssue, sources: Sources, rules: FragmentRules) -> ImageBlock | None:
    """The first image of the front matter, when a reader can be sure to see it: a file of the issue, or an address.

    Decorative, hence without alt; not shown when the editorial or a section shows it already.
    """
    images = composed.issue.images
    if not images:
        return None
    src = images[0]
    if src in sources.assets:
        src = final_address(src, rules)
    elif urlsplit(src).scheme not in ("http", "https"):
        return None
    if any(image.get("src") == src for tree in composed.trees for image in tree.iter("img")):
        return None
    return ImageBlock(src=src, alt="")


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
