"""Render: an issue that has been read → its renditions.

`flows/check.py` imports this when the links are under way: what takes longest to load is needed here only.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from newsletter_cli.check.links import AddressPlace
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.flows.kept import keep, kept_for
from newsletter_cli.flows.read import Sources, local_addresses
from newsletter_cli.flows.renditions import build_renditions
from newsletter_cli.markdown.fragment import FragmentRules, file_address, final_address
from newsletter_cli.render.blocks import ImageBlock
from newsletter_cli.render.compose import ComposedIssue, compose_issue
from newsletter_cli.render.email import EmailParts
from newsletter_cli.render.kept import Kept
from newsletter_cli.render.masthead import ShownLogo, fit_logo
from newsletter_cli.render.renditions import render_renditions
from newsletter_cli.workspace.folder import Workspace


class Rendered(Struct, frozen=True):
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
    composed, parts = compose_sources(sources, has_local_images=has_local_images, kept=kept_for(workspace))
    local = local_addresses(sources) if has_local_images else frozenset()
    renditions = render_renditions(composed, parts)
    keep(parts.kept)
    looked_at = build_renditions(
        workspace, manuscript, composed, parts, renditions, local_files=local, parsed=sources.parsed
    )
    return Rendered(sources, composed, parts, renditions, looked_at, local)


def compose_sources(
    sources: Sources, *, has_local_images: bool = False, kept: Kept | None = None
) -> tuple[ComposedIssue, EmailParts]:
    """The issue composed, and what its e-mail needs besides; `kept`: what earlier runs have found out."""
    local = local_addresses(sources) if has_local_images else frozenset()
    composed = compose_issue(sources.parsed, sources.frame, local_files=local)
    rules = sources.frame.addressing(local)
    parts = EmailParts(
        theme=sources.theme,
        sizes={final_address(file_address(name), rules): size for name, size in sources.sizes.items()},
        plates=frozenset(final_address(file_address(name), rules) for name in sources.dark_drawings),
        cover=_cover(composed, sources, rules),
        logo=_logo(sources, rules),
        kept=kept or Kept(),
    )
    return composed, parts


def _logo(sources: Sources, rules: FragmentRules) -> ShownLogo | None:
    """The newsletter's logo; `None` without one, and where its file is no picture, which the rules tell."""
    size = None if sources.logo is None else sources.sizes.get(sources.logo.name)
    if sources.logo is None or size is None:
        return None
    return fit_logo(final_address(file_address(sources.logo.name), rules), size)


def _cover(composed: ComposedIssue, sources: Sources, rules: FragmentRules) -> ImageBlock | None:
    """The first image of the front matter, when a reader can be sure to see it: a file of the issue, an address, or a
    file of the site, by its address.

    Decorative, hence without alt; not shown when the editorial or a section shows it already.
    """
    images = composed.issue.images
    if not images:
        return None
    src = images[0]
    if src in sources.assets:
        src = final_address(src, rules)
    elif sources.frame.cover_url is not None:
        src = sources.frame.cover_url
    elif urlsplit(src).scheme not in ("http", "https"):
        return None
    if any(image.get("src") == src for tree in composed.trees for image in tree.iter("img")):
        return None
    return ImageBlock(src=src, alt="", has_plate=images[0] in sources.dark_drawings)
