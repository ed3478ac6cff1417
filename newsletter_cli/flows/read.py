"""Read: the files of an issue → all that it is rendered and checked from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct

from newsletter_cli.base.values import replace
from newsletter_cli.config import Config
from newsletter_cli.flows.frame import build_frame
from newsletter_cli.flows.issue_files import find_issue_files
from newsletter_cli.markdown.issue import ParsedIssue, parse_issue
from newsletter_cli.markdown.parse import MarkdownRules
from newsletter_cli.model import Issue
from newsletter_cli.render.frame import Frame
from newsletter_cli.render.theme import Theme
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.images import read_image_sizes
from newsletter_cli.workspace.logo import Logo
from newsletter_cli.workspace.read import ReadIssue, read_issue
from newsletter_cli.workspace.templates import Looks, read_looks
from newsletter_cli.workspace.transparency import find_dark_drawings


class Sources(Struct, frozen=True):
    """All that the renditions of an issue are made from, read from disk.

    `read` is the issue as its files stand, `parsed` its texts, parsed once for all that is done with them.
    `dark_drawings`: the pictures, by name, that need light paper.
    """

    read: ReadIssue
    parsed: ParsedIssue
    frame: Frame
    theme: Theme
    assets: dict[str, Path]
    sizes: dict[str, tuple[int, int]]
    dark_drawings: frozenset[str] = frozenset()
    logo: Logo | None = None

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
    """Read and parse an issue; `looks` where they have been read already, `overrides` as in `read_issue`.

    Raises as `read_issue`, and `ConfigError`.
    """
    looks = looks or read_looks(workspace)
    read = read_issue(workspace, number, overrides=overrides)
    assets = find_issue_files(workspace, number, looks.logo)
    frame = build_frame(workspace.config, looks.words, read.issue)
    if frame.files_url is not None:
        frame = replace(frame, own_files=own_addresses(assets))
    parsed = parse_issue(read.issue, markdown_rules(workspace.config))
    sizes = read_image_sizes(assets)
    dark = find_dark_drawings(assets, sizes)
    return Sources(read, parsed, frame, looks.theme, assets, sizes, dark, looks.logo)


def markdown_rules(config: Config) -> MarkdownRules:
    """How Markdown is read, as configured."""
    return MarkdownRules(has_hard_breaks=config.markdown.hard_breaks, language=config.newsletter.language)


def local_addresses(sources: Sources) -> frozenset[str]:
    """The addresses of the issue's own files, as they stand in its renditions where they are left relative."""
    return own_addresses(sources.assets)


def own_addresses(names: Iterable[str]) -> frozenset[str]:
    """The relative addresses of files of the issue, by their names."""
    from newsletter_cli.markdown.fragment import file_address

    return frozenset(map(file_address, names))
