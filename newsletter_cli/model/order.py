"""The order in which sections appear."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from newsletter_cli.model.issue import Section


def order_sections(sections: Iterable[Section], canonical_slugs: Sequence[str]) -> list[Section]:
    """Sections in canonical order, never that of file names.

    A section outside the canonical order stands behind the one it names with `after`, else before the standing
    sections.
    """
    sections = sorted(sections, key=lambda section: section.slug)
    rank = {slug: index for index, slug in enumerate(canonical_slugs)}
    ordered = sorted((one for one in sections if one.slug in rank), key=lambda one: rank[one.slug])
    others = [one for one in sections if one.slug not in rank]
    while others:
        slugs = [one.slug for one in ordered]
        # Those whose predecessor has its place; a chain of newcomers resolves one by one. From the last, so that
        # two that name the same predecessor keep the order of their slugs.
        placeable = [one for one in others if one.after == "" or one.after in slugs]
        section = placeable[-1] if placeable else others[0]
        others.remove(section)
        ordered.insert(_place(section, ordered), section)
    return ordered


def _place(section: Section, ordered: Sequence[Section]) -> int:
    if section.after == "":
        return 0
    slugs = [one.slug for one in ordered]
    if section.after in slugs:
        return slugs.index(section.after) + 1
    return next((index for index, one in enumerate(ordered) if one.is_standing), len(ordered))
