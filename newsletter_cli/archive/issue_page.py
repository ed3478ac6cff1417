"""An issue, composed → its page."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from lxml import html
from markupsafe import Markup
from msgspec import Struct

from newsletter_cli.archive.addresses import STYLE, PageAddress
from newsletter_cli.archive.web_tree import WebRules, led, note_count, notes_html, web_html
from newsletter_cli.base.values import replace
from newsletter_cli.markdown.fragment import serialise_content
from newsletter_cli.render.cards import event_card, job_card
from newsletter_cli.render.compose import ComposedEvent, ComposedIssue, ComposedSection
from newsletter_cli.render.dates import format_day
from newsletter_cli.render.dressing import turned_direction
from newsletter_cli.render.frame import Frame
from newsletter_cli.render.masthead import ShownLogo
from newsletter_cli.render.names import CALENDAR
from newsletter_cli.render.words import ArchiveWords


class Around(Struct, frozen=True, kw_only=True):
    """What all pages of an archive share.

    `base` is the archive's address, ending in a slash; `style_mark` tells one style sheet from the next, for the
    browsers that keep them.
    """

    title: str
    frame: Frame
    words: ArchiveWords
    base: str | None = None
    has_feed: bool = False
    subscribe_url: str | None = None
    logo: ShownLogo | None = None
    style_mark: str = ""


class Neighbour(Struct, frozen=True, kw_only=True):
    """The issue before or after; `link` leads to it from the page."""

    title: str
    link: str


class IssueFacts(Struct, frozen=True, kw_only=True):
    """What the archive knows of an issue besides its text.

    `cover` is the address of the picture above its text, from its page, `shared_cover` that of the one which others are
    shown who share the page; `cover_size` in pixels. `published` is when readers had it.
    """

    number: int
    address: PageAddress
    published: datetime | None
    is_draft: bool = False
    cover: str | None = None
    cover_size: tuple[int, int] | None = None
    has_plate: bool = False
    shared_cover: str | None = None
    previous: Neighbour | None = None
    next: Neighbour | None = None


def page_context(composed: ComposedIssue, facts: IssueFacts, rules: WebRules, around: Around) -> dict[str, Any]:
    """What the template of an issue's page is filled in with."""
    frame, shown = composed.frame, composed.shown
    rules = replace(rules, note_count=note_count(composed.notes))
    top = facts.address.to_top
    url = None if around.base is None else around.base + facts.address.link.removeprefix("./")
    editorial = _html(composed.editorial, rules)
    return {
        **shared_context(around, top=top),
        "issue": {
            "number": facts.number,
            "title": shown.title,
            "summary": shown.summary,
            "date_text": None if composed.issue.date is None else _day(composed.issue.date, frame),
            "date_iso": None if composed.issue.date is None else composed.issue.date.date().isoformat(),
            "published_iso": None if facts.published is None else facts.published.isoformat(),
            "is_draft": facts.is_draft,
            "url": url,
            "cover": facts.cover,
            "cover_size": facts.cover_size,
            "has_plate": facts.has_plate,
            "cover_url": None if facts.shared_cover is None or url is None else urljoin(url, facts.shared_cover),
            "calendar": CALENDAR if composed.issue.events else None,
        },
        "editorial": editorial,
        "contents": [
            {"number": one.number, "title": one.title, "url": f"#{one.anchor}"}
            for one in composed.sections
            if one.title
        ],
        "sections": [_section(one, frame, rules) for one in composed.sections],
        "notes": _trusted(notes_html(composed.notes, rules)) if len(composed.notes) else None,
        "previous": facts.previous,
        "next": facts.next,
    }


def shared_context(around: Around, *, top: str) -> dict[str, Any]:
    """What the templates of all pages are filled in with; `top` leads to the archive's top."""
    frame = around.frame
    return {
        "lang": frame.language,
        "dir": frame.direction,
        "words": frame.words.as_dict() | {"archive": _words(around.words)},
        "newsletter": {"name": frame.name, "tagline": frame.tagline, "logo": around.logo},
        "archive": {
            "title": around.title,
            "top": top,
            "style": f"{STYLE}?{around.style_mark}",
            "has_feed": around.has_feed,
            "url": around.base,
            "subscribe": around.subscribe_url,
        },
        "footer": {
            "reply_to": frame.reply_to,
            "unsubscribe_url": frame.unsubscribe_url,
            "legal": list(frame.legal),
        },
    }


def _words(words: ArchiveWords) -> dict[str, str]:
    return {name: getattr(words, name) for name in words.__struct_fields__}


def _html(tree: html.HtmlElement, rules: WebRules) -> Markup:
    return _trusted(web_html(tree, rules))


def _trusted(cleaned: str) -> Markup:
    return Markup(cleaned)  # noqa: S704 - cleaned by markdown/sanitise.py


def _section(section: ComposedSection, frame: Frame, rules: WebRules) -> dict[str, Any]:
    return {
        "anchor": section.anchor,
        "dir": turned_direction(section.title, frame.direction),
        "number": section.number,
        "title": section.title,
        "title_html": _trusted(serialise_content(section.heading)),
        "events": [_event(one, frame, rules) for one in section.events],
        "jobs": [_led(job_card(one, frame), rules) for one in section.jobs],
        "body": _html(section.body, rules),
    }


def _event(composed: ComposedEvent, frame: Frame, rules: WebRules) -> dict[str, Any]:
    description = None if composed.description is None else _html(composed.description, rules)
    return {**_led(event_card(composed.event, frame), rules), "description": description}


def _led(card: dict[str, Any], rules: WebRules) -> dict[str, Any]:
    return {**card, "url": led(card["url"], rules) if card["url"] else None}


def _day(moment: datetime, frame: Frame) -> str:
    return format_day(moment.date(), frame.words, frame.language)
