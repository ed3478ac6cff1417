"""`nl assemble`: the section files of an issue → `build/N/`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import FileSystemBytecodeCache

from newsletter_cli.check import check_addresses, check_issue
from newsletter_cli.flows.frame import build_frame
from newsletter_cli.i18n import ngettext
from newsletter_cli.markdown.fragment import absolute_address
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
from newsletter_cli.workspace.templates import read_theme, read_words


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
    sources = read_sources(workspace, number)
    composed, parts = compose_sources(sources, has_local_images=has_local_images)
    findings = [*sources.read.findings, *check_issue(composed.issue, workspace.config.sections)]
    if not has_local_images:
        findings += check_addresses(composed.trees)
    compiled = FileSystemBytecodeCache(str(workspace.cache_folder()))
    renditions = render_renditions(composed, replace(parts, compiled=compiled))
    folder = workspace.build_folder(number)
    replace_folder(folder, renditions, copied=sources.assets, name=workspace.name_of(folder))
    return Assembled(
        number=number,
        folder=folder,
        files={name: len(_bytes(content)) for name, content in renditions.items()},
        section_count=len(sources.read.issue.published_sections),
        findings=tuple(findings),
    )


def read_sources(workspace: Workspace, number: int) -> Sources:
    """Everything that `render_all` needs."""
    config = workspace.config
    words = read_words(workspace, config.newsletter.language)
    theme = read_theme(workspace, config.email.theme)
    read = read_issue(workspace, number)
    assets = find_assets(workspace.issue_folder(number))
    frame = build_frame(config, words, read.issue)
    return Sources(read, frame, theme, assets, read_image_sizes(assets))


def compose_sources(sources: Sources, *, has_local_images: bool = False) -> tuple[ComposedIssue, EmailParts]:
    """The issue parsed, and what its e-mail needs besides."""
    local = frozenset(sources.assets) if has_local_images else frozenset()
    composed = compose_issue(sources.read.issue, sources.frame, local_files=local)
    address = partial(_asset_address, frame=sources.frame, local=local)
    parts = EmailParts(
        theme=sources.theme,
        sizes={address(name): size for name, size in sources.sizes.items()},
        cover=_cover(composed, sources, local),
    )
    return composed, parts


def render_all(sources: Sources, *, has_local_images: bool = False) -> dict[str, str | bytes]:
    """The renditions by file name. Pure: the same sources give the same bytes."""
    return render_renditions(*compose_sources(sources, has_local_images=has_local_images))


def _asset_address(name: str, *, frame: Frame, local: frozenset[str]) -> str:
    return name if frame.online_url is None or name in local else absolute_address(name, frame.online_url)


def _cover(composed: ComposedIssue, sources: Sources, local: frozenset[str]) -> ImageBlock | None:
    """The first image of the front matter, when a reader can be sure to see it: a file of the issue, or an address.

    Decorative, hence without alt; not shown when the editorial or a section shows it already.
    """
    images = composed.issue.images
    if not images:
        return None
    src = images[0]
    if src in sources.assets:
        src = _asset_address(src, frame=composed.frame, local=local)
    elif urlsplit(src).scheme not in ("http", "https"):
        return None
    if any(image.get("src") == src for tree in composed.trees for image in tree.iter("img")):
        return None
    return ImageBlock(src=src, alt="")


def _bytes(content: str | bytes) -> bytes:
    return content.encode() if isinstance(content, str) else content
