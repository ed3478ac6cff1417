"""What the renditions of an issue are made from, read from disk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from newsletter_cli.flows.frame import build_frame
from newsletter_cli.markdown.issue import ParsedIssue, parse_issue
from newsletter_cli.model import Issue
from newsletter_cli.render.frame import Frame
from newsletter_cli.render.theme import Theme
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.images import find_assets, read_image_sizes
from newsletter_cli.workspace.read import ReadIssue, read_issue
from newsletter_cli.workspace.templates import Looks, read_looks

if TYPE_CHECKING:
    import jinja2

    from newsletter_cli.markdown.fragment import FragmentRules
    from newsletter_cli.render.blocks import ImageBlock
    from newsletter_cli.render.compose import ComposedIssue
    from newsletter_cli.render.email import EmailParts


@dataclass(frozen=True, slots=True)
class Sources:
    """All that the renditions of an issue are made from, read from disk.

    `read` is the issue as its files stand, `parsed` its texts, parsed once for all that is done with them.
    """

    read: ReadIssue
    parsed: ParsedIssue
    frame: Frame
    theme: Theme
    assets: dict[str, Path]
    sizes: dict[str, tuple[int, int]]

    @property
    def issue(self) -> Issue:
        """The issue itself."""
        return self.parsed.issue


def read_sources(
    workspace: Workspace,
    number: int,
    looks: Looks | None = None,
    *,
    overrides: Mapping[str, str] = MappingProxyType({}),
) -> Sources:
    """Everything that `render_all` needs; `looks` where they have been read already, `overrides` as in `read_issue`."""
    looks = looks or read_looks(workspace)
    read = read_issue(workspace, number, overrides=overrides)
    assets = find_assets(workspace.issue_folder(number))
    frame = build_frame(workspace.config, looks.words, read.issue)
    return Sources(read, parse_issue(read.issue), frame, looks.theme, assets, read_image_sizes(assets))


def compose_sources(
    sources: Sources, *, has_local_images: bool = False, compiled: jinja2.BytecodeCache | None = None
) -> tuple[ComposedIssue, EmailParts]:
    """The issue parsed, and what its e-mail needs besides; `compiled`: where compiled templates are kept."""
    # What renders takes its time to load; who reads the sources may have something under way meanwhile.
    from newsletter_cli.markdown.fragment import FragmentRules, final_address
    from newsletter_cli.render.compose import compose_issue
    from newsletter_cli.render.email import EmailParts

    local = local_addresses(sources) if has_local_images else frozenset()
    composed = compose_issue(sources.parsed, sources.frame, local_files=local)
    rules = FragmentRules(base_url=sources.frame.online_url, local_files=local)
    parts = EmailParts(
        theme=sources.theme,
        sizes={final_address(name, rules): size for name, size in sources.sizes.items()},
        cover=_cover(composed, sources, rules),
        compiled=compiled,
    )
    return composed, parts


def local_addresses(sources: Sources) -> frozenset[str]:
    """The addresses of the issue's own files, as they stand in its renditions where they are left relative."""
    from newsletter_cli.markdown.fragment import encoded_address

    return frozenset(map(encoded_address, sources.assets))


def render_all(sources: Sources, *, has_local_images: bool = False) -> dict[str, str | bytes]:
    """The renditions by file name. Pure: the same sources give the same bytes."""
    from newsletter_cli.render.renditions import render_renditions

    return render_renditions(*compose_sources(sources, has_local_images=has_local_images))


def _cover(composed: ComposedIssue, sources: Sources, rules: FragmentRules) -> ImageBlock | None:
    """The first image of the front matter, when a reader can be sure to see it: a file of the issue, or an address.

    Decorative, hence without alt; not shown when the editorial or a section shows it already.
    """
    from newsletter_cli.markdown.fragment import final_address
    from newsletter_cli.render.blocks import ImageBlock

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
