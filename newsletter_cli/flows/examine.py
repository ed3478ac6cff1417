"""An issue that has been read → its renditions, and what the rules find in both.

`flows/check.py` imports this when the links are under way: what takes longest to load is needed here only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from newsletter_cli.check.catalogue import check_manuscript, check_renditions
from newsletter_cli.check.links import AddressPlace
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.flows.compiled import compiled_templates
from newsletter_cli.flows.renditions import build_renditions
from newsletter_cli.flows.sources import Sources, compose_sources, local_addresses
from newsletter_cli.model import Finding
from newsletter_cli.render.compose import ComposedIssue
from newsletter_cli.render.email import EmailParts
from newsletter_cli.render.renditions import render_renditions
from newsletter_cli.workspace.folder import Workspace


@dataclass(frozen=True, slots=True)
class Rendered:
    """An issue and all its renditions, nothing written yet.

    `looked_at` and `places` are what the rules on renditions and on links are given. `local_files`: addresses left
    relative on purpose.
    """

    sources: Sources
    composed: ComposedIssue
    parts: EmailParts
    renditions: Mapping[str, str | bytes]
    looked_at: Renditions
    local_files: frozenset[str] = frozenset()
    places: tuple[AddressPlace, ...] = ()


def render_sources(
    workspace: Workspace, sources: Sources, manuscript: Manuscript, *, has_local_images: bool = False
) -> Rendered:
    """All renditions of an issue. Raises `ContentError` for what cannot be rendered."""
    composed, parts = compose_sources(
        sources, has_local_images=has_local_images, compiled=compiled_templates(workspace)
    )
    local = local_addresses(sources) if has_local_images else frozenset()
    renditions = render_renditions(composed, parts)
    looked_at = build_renditions(workspace, manuscript, composed, parts, renditions, local_files=local)
    return Rendered(sources, composed, parts, renditions, looked_at, local)


def find_faults(rendered: Rendered, manuscript: Manuscript, *, has_browser: bool = False) -> list[Finding]:
    """What was found while the files were read, and what the rules find in the texts and in the renditions."""
    found = [*rendered.sources.read.findings, *check_manuscript(manuscript), *check_renditions(rendered.looked_at)]
    if has_browser:
        from newsletter_cli.check.browser import check_in_browser

        found += check_in_browser(rendered.looked_at)
    return found
