"""Issues that have been gathered → their pages."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, unquote, urljoin

from msgspec import Struct

from newsletter_cli.archive.addresses import PageAddress
from newsletter_cli.archive.feed import MOST_ENTRIES
from newsletter_cli.archive.index_page import IndexEntry
from newsletter_cli.archive.issue_page import Around, IssueFacts, Neighbour, page_context
from newsletter_cli.archive.pages import ENTRY, ISSUE, render_page
from newsletter_cli.archive.web_tree import WebRules
from newsletter_cli.flows.archiving.gathering import GatheredIssue
from newsletter_cli.render.dressing import Dress
from newsletter_cli.render.kept import Calendars
from newsletter_cli.render.names import CALENDAR
from newsletter_cli.render.renditions import render_calendar
from newsletter_cli.render.theme import Theme

# What the style sheet of the archive knows.
KNOWN = frozenset(("task", "turned"))
UNDATED = datetime.min.replace(tzinfo=UTC)


class Paged(Struct, frozen=True, kw_only=True):
    """An issue as the archive has it. `files` are those beside the page, by name; `calendar` a name and its bytes;
    `feed_html` is its text as the feed has it, where it is among the newest.
    """

    number: int
    address: PageAddress
    html: str
    feed_html: str | None
    entry: IndexEntry
    files: Mapping[str, Path]
    published: datetime | None
    is_draft: bool
    calendar: tuple[str, bytes] | None = None


def page_issues(
    gathered: Sequence[GatheredIssue], held: Mapping[int, IndexEntry], around: Around, theme: Theme
) -> list[Paged]:
    """The pages of the issues; `held` are others that keep theirs. Raises `RenderError` for a template."""
    titles = {number: (one.title, one.link) for number, one in held.items()}
    titles |= {one.number: (one.composed.shown.title, one.address.link) for one in gathered}
    links = {one.online_url.rstrip("/"): one.address.link for one in gathered if one.online_url is not None}
    order = sorted(titles)
    places = {number: place for place, number in enumerate(order)}
    fed = [one for one in gathered if is_in_feed(one)] if around.has_feed else []
    newest = {one.number for one in sorted(fed, key=lambda one: (one.published or UNDATED, one.number))[-MOST_ENTRIES:]}
    pages = []
    for one in gathered:
        place = places[one.number]
        before = titles[order[place - 1]] if place else None
        after = titles[order[place + 1]] if place + 1 < len(order) else None
        pages.append(_page(one, before, after, links, around, theme, is_fed=one.number in newest))
    return pages


def is_in_feed(issue: GatheredIssue) -> bool:
    """Whether a feed may have it: readers had it, and it is known when."""
    return issue.published is not None and not issue.chosen.is_draft


def _page(
    issue: GatheredIssue,
    before: tuple[str, str] | None,
    after: tuple[str, str] | None,
    links: Mapping[str, str],
    around: Around,
    theme: Theme,
    *,
    is_fed: bool,
) -> Paged:
    composed, address = issue.composed, issue.address
    facts = IssueFacts(
        number=issue.number,
        address=address,
        published=issue.published,
        is_draft=issue.chosen.is_draft,
        # Once is enough: not where the text shows it.
        cover=None if issue.parts.cover is None else issue.parts.cover.src,
        cover_size=issue.cover_size if issue.parts.cover is not None else None,
        has_plate=issue.parts.cover is not None and issue.parts.cover.has_plate,
        shared_cover=issue.cover,
        previous=_neighbour(before, address),
        next=_neighbour(after, address),
    )
    context = page_context(composed, facts, _rules(issue, links, around), around)
    is_local_cover = issue.cover is not None and issue.cover in issue.local
    return Paged(
        number=issue.number,
        address=address,
        html=render_page(theme, ISSUE, context),
        feed_html=render_page(theme, ENTRY, context) if is_fed else None,
        entry=IndexEntry(
            number=issue.number,
            link=address.link,
            title=composed.shown.title,
            day=None if composed.issue.date is None else composed.issue.date.date(),
            summary=composed.shown.summary,
            contents=tuple(one.title for one in composed.sections if one.title),
            cover=quote(address.folder) + issue.cover if is_local_cover and issue.cover else None,
            cover_size=issue.cover_size if is_local_cover else None,
            has_plate=is_local_cover and issue.cover in issue.parts.plates,
            is_draft=issue.chosen.is_draft,
        ),
        files={unquote(name): path for name, path in issue.files.items()},
        published=issue.published,
        is_draft=issue.chosen.is_draft,
        calendar=(CALENDAR, render_calendar(composed, Calendars())) if composed.issue.events else None,
    )


def _rules(issue: GatheredIssue, links: Mapping[str, str], around: Around) -> WebRules:
    frame, url = issue.composed.frame, issue.online_url
    up = issue.address.to_top
    addresses = {page: (up + link.removeprefix("./")) or "./" for page, link in links.items()}
    if url is not None:
        addresses.pop(url.rstrip("/"), None)
        addresses |= {urljoin(url, name): name for name in issue.local}
    return WebRules(
        dress=Dress(language=frame.language, direction=frame.direction, known=KNOWN),
        words=around.words,
        sizes=issue.parts.sizes,
        plates=issue.parts.plates,
        own_url=url,
        addresses=addresses,
    )


def _neighbour(other: tuple[str, str] | None, address: PageAddress) -> Neighbour | None:
    if other is None:
        return None
    title, link = other
    return Neighbour(title=title, link=address.to_top + posixpath.normpath(link) + ("/" if link.endswith("/") else ""))
