"""A published post → its header and its sections, cut without losing a byte."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from newsletter_cli.base.i18n import _
from newsletter_cli.config import SectionSettings
from newsletter_cli.markdown.frontmatter import split_header
from newsletter_cli.markdown.lines import split_lines
from newsletter_cli.model import Finding, Level
from newsletter_cli.workspace.importing.header import number_in_title, parse_post_header, slug_of, stem_of
from newsletter_cli.workspace.importing.headings import Heading, parse_headings
from newsletter_cli.workspace.importing.matching import (
    match_sections,
    normalise_title,
    own_slug,
    unique_slug,
)


class ImportedSection(Struct, frozen=True, kw_only=True):
    """A section of a post.

    `title` is inline Markdown, `plain_title` its bare text; `attributes` is what stood in braces at the
    heading's end (`{#id}`). `body` is all that follows up to the next section's
    heading. `heading_line` and `body_line` are lines of the post's
    file, from 1. `after` is the slug of the section before it.
    """

    slug: str
    title: str
    plain_title: str
    body: str
    heading_line: int
    body_line: int
    after: str | None
    is_canonical: bool
    attributes: str = ""


class ImportedPost(Struct, frozen=True, kw_only=True):
    """A post, read. `editorial` and, for each section, its heading and `body` are the whole body.

    Of the body, a heading that says the title once more is left out: `own_heading` is its source. `extra` holds the
    header keys that an issue has no place for, in their order, and a date that could not be read. `number` is a guess,
    `None` when there is nothing to guess from. `is_numbered`: at least half of the section headings carry a number.
    """

    title: str
    slug: str
    date: datetime | date | None
    summary: str | None
    images: tuple[str, ...]
    extra: Mapping[str, Any]
    number: int | None
    editorial: str
    sections: tuple[ImportedSection, ...]
    heading_level: int | None
    is_numbered: bool
    findings: tuple[Finding, ...]
    own_heading: str = ""


def parse_post(
    text: str,
    *,
    name: str,
    canonical: Sequence[SectionSettings] = (),
    heading_level: int | None = None,
    language: str = "en",
) -> ImportedPost:
    """Read the post in file `name` and cut it at the headings of one level.

    `heading_level` 1 to 6 forces that level; otherwise it is the one with most canonical sections,
    else the shallowest with two headings, else the shallowest. Raises `FrontMatterError`.
    """
    doc = split_header(text, file=name)
    header = parse_post_header(doc, name=name, language=language)
    headings = parse_headings(doc.body)
    title = header.title or _title(headings, name)
    own_title = _own_title(headings, title, canonical, heading_level)
    if own_title is not None:
        headings = headings[1:]
    level = heading_level or _section_level(headings, canonical)
    chosen = _chosen(headings, level)
    editorial, sections = _sections(doc.body, doc.body_line, chosen, canonical, own_title)
    return ImportedPost(
        title=title,
        slug=header.slug or slug_of(name, title),
        date=header.date,
        summary=header.summary,
        images=header.images,
        extra=MappingProxyType(dict(header.extra)),
        number=header.number if header.number is not None else number_in_title(title),
        editorial=editorial,
        sections=sections,
        heading_level=level if sections else None,
        is_numbered=bool(chosen) and 2 * sum(heading.number is not None for heading in chosen) >= len(chosen),
        findings=(
            *header.findings,
            *_title_findings(name, own_title, doc.body_line),
            *_findings(name, sections, canonical, doc.body),
        ),
        own_heading="" if own_title is None else "".join(split_lines(doc.body)[own_title.start : own_title.end]),
    )


def _own_title(
    headings: Sequence[Heading], title: str, canonical: Sequence[SectionSettings], level: int | None
) -> Heading | None:
    """The heading that says the post's title once more: the first one, above all others.

    Not where it is the only one of the `level` that is asked for.
    """
    if not headings or normalise_title(headings[0].plain_title) != normalise_title(title):
        return None
    first, others = headings[0], headings[1:]
    is_wanted = first.level == level and all(heading.level != level for heading in others)
    is_above = first.level == 1 or all(heading.level > first.level for heading in others)
    is_section = first.level > 1 and bool(match_sections([first.plain_title], canonical))
    return first if first.plain_title and is_above and not is_section and not is_wanted else None


def _chosen(headings: Sequence[Heading], level: int | None) -> list[Heading]:
    """Those that begin a section: of one level, and behind the first of them those above it, which end a section."""
    first = next((index for index, heading in enumerate(headings) if heading.level == level), len(headings))
    return [heading for heading in headings[first:] if level is not None and heading.level <= level]


def _title_findings(name: str, own_title: Heading | None, body_line: int) -> list[Finding]:
    if own_title is None:
        return []
    return [
        Finding(
            file=name,
            rule="import-own-title",
            level=Level.INFO,
            message=_("the heading “{title}” says the title once more, and is left out").format(
                title=own_title.plain_title
            ),
            line=body_line + own_title.start,
        )
    ]


def _section_level(headings: Sequence[Heading], canonical: Sequence[SectionSettings]) -> int | None:
    counts = Counter(heading.level for heading in headings)
    if not counts:
        return None
    if len(headings) == 1 and 1 in counts and not match_sections([headings[0].plain_title], canonical):
        # A lone heading of the first level is about the whole post.
        return None
    usual = min((level for level, count in counts.items() if count >= 2), default=min(counts))
    matches = {
        level: len(match_sections([h.plain_title for h in headings if h.level == level], canonical))
        for level in sorted(counts)
    }
    best = max(matches, key=lambda level: matches[level])
    # One match deeper down is chance (a `### Jobs` within "Upcoming events"), unless nothing speaks
    # for the level above it.
    is_chance = matches[best] == 1 and best > usual and counts[usual] >= 2
    return usual if matches[best] == 0 or is_chance else best


def _sections(
    body: str,
    body_line: int,
    headings: Sequence[Heading],
    canonical: Sequence[SectionSettings],
    own_title: Heading | None,
) -> tuple[str, tuple[ImportedSection, ...]]:
    """The text before the first heading, without `own_title`, and the sections."""
    lines = split_lines(body)
    matches = match_sections([heading.plain_title for heading in headings], canonical)
    is_numbering = _is_numbering(headings)
    free = {section.slug for section in canonical} - {section.slug for section in matches.values()}
    taken = {section.slug for section in canonical} | {"_issue"}
    sections: list[ImportedSection] = []
    for index, heading in enumerate(headings):
        end = headings[index + 1].start if index + 1 < len(headings) else len(lines)
        if index in matches:
            slug = matches[index].slug
        else:
            slug = own_slug(heading.plain_title, index + 1)
            # A name learnt from such a heading before (`section-3`, of an empty one) is this section's.
            if slug in free:
                free.remove(slug)
            else:
                slug = unique_slug(slug, taken)
        taken.add(slug)
        keeps_number = not is_numbering and index not in matches
        sections.append(
            ImportedSection(
                slug=slug,
                title=heading.numbered_title if keeps_number else heading.title,
                plain_title=heading.plain_title,
                body="".join(lines[heading.end : end]),
                heading_line=body_line + heading.start,
                body_line=body_line + heading.end,
                after=sections[-1].slug if sections else None,
                is_canonical=slug in {section.slug for section in canonical},
                attributes=heading.attributes,
            )
        )
    first = headings[0].start if headings else len(lines)
    before = lines[:first] if own_title is None else lines[: own_title.start] + lines[own_title.end : first]
    return "".join(before), tuple(sections)


def _is_numbering(headings: Sequence[Heading]) -> bool:
    """Whether the typed numbers count the sections: "2. Treffen" alone is the second meeting."""
    numbers = [heading.number for heading in headings if heading.number is not None]
    if not numbers:
        return False
    is_usual = len(numbers) > 1 and 2 * len(numbers) >= len(headings)
    return numbers[0] <= 1 or (is_usual and numbers == sorted(numbers))


def _title(headings: Sequence[Heading], name: str) -> str:
    """The post's own first-level heading when it stands above all others, else the file's name."""
    first_level = [heading for heading in headings if heading.level == 1]
    if len(first_level) == 1 and headings[0].level == 1 and headings[0].plain_title:
        return headings[0].plain_title
    words = " ".join(stem_of(name).replace("_", " ").replace("-", " ").split())
    return words[:1].upper() + words[1:] or name


def _findings(
    name: str, sections: Sequence[ImportedSection], canonical: Sequence[SectionSettings], body: str
) -> list[Finding]:
    found = []
    if not sections and body.strip():
        found.append(
            Finding(
                file=name,
                rule="import-no-section",
                level=Level.WARNING,
                message=_("the post has no heading to cut it at; all of it becomes the editorial"),
            )
        )
    for section in sections:
        if not section.plain_title:
            found.append(
                Finding(
                    file=name,
                    rule="import-empty-heading",
                    level=Level.WARNING,
                    message=_("the heading is empty; its section is kept as {slug}.md").format(slug=section.slug),
                    line=section.heading_line,
                    suggestion=_("give the section a title"),
                )
            )
        elif canonical and not section.is_canonical:
            found.append(
                Finding(
                    file=name,
                    rule="import-unknown-section",
                    level=Level.WARNING,
                    message=_("“{title}” is no section this newsletter knows; it is kept as {slug}.md").format(
                        title=section.plain_title, slug=section.slug
                    ),
                    line=section.heading_line,
                    suggestion=_("add it to `[[sections]]` or to a section's aliases in newsletter.toml"),
                )
            )
    return found
