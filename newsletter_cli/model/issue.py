"""The issue: one numbered publication, as the editors wrote it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from msgspec import Struct, field

from newsletter_cli.model.event import Event
from newsletter_cli.model.job import Job

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Status(StrEnum):
    """How far a section is. `skip`: nothing this month, on purpose."""

    DRAFT = "draft"
    READY = "ready"
    SKIP = "skip"


class SourceText(Struct, frozen=True, kw_only=True):
    """Markdown as it stands in a file.

    `file` is relative to the workspace, with forward slashes; `first_line` is the line of that file
    (from 1) on which `text` begins. `text` keeps every byte of the file's body, line ends included.
    """

    text: str
    file: str
    first_line: int = 1


class Section(Struct, frozen=True, kw_only=True):
    """One section of an issue.

    `title` is inline Markdown, without number. `after` is the slug that a section outside the canonical order
    says it stands behind (an empty one: before all others). `pad` is the address where people write it together.
    `lines` tells on which line of the file each field of the header stands.
    """

    slug: str
    title: str
    body: SourceText
    status: Status = Status.READY
    author: str | None = None
    events: tuple[Event, ...] = ()
    jobs: tuple[Job, ...] = ()
    is_standing: bool = False
    is_canonical: bool = True
    after: str | None = None
    pad: str | None = None
    due: date | datetime | None = None
    lines: Mapping[str, int] = field(default_factory=lambda: NOTHING)


class Issue(Struct, frozen=True, kw_only=True):
    """One issue, its sections in canonical order (skipped ones included).

    `images` are as in the post's front matter. `has_embedded_images`: whether each message carries the issue's own
    images (`None`: as the newsletter usually does). `pad` is the address where people write the editorial together.
    `extra` holds the front matter keys of the post that `nl` does not use itself (Hugo's, Quarto's), in their order.
    `lines` tells on which line of the editorial's file each field of the header stands.
    """

    number: int
    title: str
    slug: str
    editorial: SourceText
    sections: tuple[Section, ...]
    date: datetime | None = None
    summary: str | None = None
    images: tuple[str, ...] = ()
    subject: str | None = None
    preheader: str | None = None
    has_embedded_images: bool | None = None
    pad: str | None = None
    extra: Mapping[str, Any] = field(default_factory=lambda: NOTHING)
    lines: Mapping[str, int] = field(default_factory=lambda: NOTHING)

    @property
    def published_sections(self) -> tuple[Section, ...]:
        """The sections that reach a reader, in order; their position plus one is their number."""
        return tuple(section for section in self.sections if section.status is not Status.SKIP)

    @property
    def events(self) -> tuple[Event, ...]:
        """Every event of the published sections, by date."""
        found = [event for section in self.published_sections for event in section.events]
        return tuple(sorted(found, key=lambda event: event.sort_key))


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
