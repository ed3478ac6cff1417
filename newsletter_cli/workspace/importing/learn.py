"""The canonical sections of an unknown newsletter, from the headings of one of its posts."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from newsletter_cli.workspace.importing.matching import CanonicalSection
from newsletter_cli.workspace.importing.posts import ImportedPost


class LearnedSection(Struct, frozen=True, kw_only=True):
    """A section as a post has it; `title` is plain text, never empty."""

    slug: str
    title: str


def learn_sections(post: ImportedPost) -> list[LearnedSection]:
    """The post's sections, in its order. A section without title is called after its slug."""
    return [
        LearnedSection(slug=section.slug, title=section.plain_title or section.slug.replace("-", " ").capitalize())
        for section in post.sections
    ]


def merge_sections(existing: Sequence[CanonicalSection], learned: Sequence[LearnedSection]) -> list[CanonicalSection]:
    """`existing`, unchanged and in their order, with each new section after its predecessor in the post.

    A new section that opens the post comes first.
    """
    merged = list(existing)
    for index, section in enumerate(learned):
        slugs = [known.slug.casefold() for known in merged]
        if section.slug.casefold() in slugs:
            continue
        place = slugs.index(learned[index - 1].slug.casefold()) + 1 if index else 0
        merged.insert(place, CanonicalSection(slug=section.slug, title=section.title))
    return merged
