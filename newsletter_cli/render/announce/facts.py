"""What an announcement may say of an issue: its title, dates, job offers, and what each section is about."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from newsletter_cli.render.announce.leads import find_lead
from newsletter_cli.render.compose import ComposedIssue, ComposedSection
from newsletter_cli.render.dates import format_day, format_event_time, format_short_time
from newsletter_cli.render.renditions import heading_of
from newsletter_cli.render.words import AnnounceWords, Words

CONTROL = dict.fromkeys([*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029], " ")


class Date(Struct, frozen=True, kw_only=True):
    """An event. `when` is the day and the hours in full, `short` the day and the hour."""

    title: str
    when: str
    short: str
    place: str
    url: str


class Offer(Struct, frozen=True, kw_only=True):
    """A job offer."""

    title: str
    employer: str
    url: str


class Highlight(Struct, frozen=True, kw_only=True):
    """A section. `line` is what it is about, `topics` what its parts are called."""

    title: str
    line: str
    topics: tuple[str, ...]


class Facts(Struct, frozen=True, kw_only=True):
    """All that templates may say, as plain texts of one line each; empty where there is nothing to say.

    `sections` are those of this issue alone: neither carried from issue to issue, nor told by their dates or offers.
    `words` are the newsletter's own.
    """

    heading: str
    newsletter: str
    title: str
    number: int
    day: str
    summary: str
    url: str
    contents: tuple[str, ...]
    dates: tuple[Date, ...]
    offers: tuple[Offer, ...]
    sections: tuple[Highlight, ...]
    words: Words
    announce: AnnounceWords


def gather_facts(composed: ComposedIssue, announce: AnnounceWords) -> Facts:
    """The facts of an issue. Raises `ConfigError` for an unknown language or zone."""
    shown, frame = composed.shown, composed.frame
    summary = one_line(shown.summary or "")
    return Facts(
        heading=one_line(heading_of(frame.name, shown.title, frame.words)),
        newsletter=one_line(frame.name),
        title=one_line(shown.title),
        number=shown.number,
        day="" if shown.date is None else format_day(shown.date, frame.words, frame.language),
        summary="" if summary == one_line(shown.title) else summary,
        url=(frame.online_url or "").strip(),
        contents=tuple(filter(None, (one_line(one.title) for one in composed.sections))),
        dates=tuple(_dates(composed)),
        offers=tuple(
            Offer(title=one_line(one.title), employer=one_line(one.employer or ""), url=_web(one.url))
            for section in composed.sections
            for one in section.jobs
        ),
        sections=tuple(_highlights(composed)),
        words=frame.words,
        announce=announce,
    )


def _dates(composed: ComposedIssue) -> Iterator[Date]:
    frame = composed.frame
    events = [one.event for section in composed.sections for one in section.events]
    for event in sorted(events, key=lambda event: event.sort_key):
        yield Date(
            title=one_line(event.title),
            when=format_event_time(event, frame.words, frame.language, frame.timezone),
            short=format_short_time(event, frame.words, frame.language, frame.timezone),
            place=one_line(event.place or ""),
            url=_web(event.url),
        )


def _highlights(composed: ComposedIssue) -> Iterator[Highlight]:
    for section in composed.sections:
        if section.section.is_standing or section.events or section.jobs or not section.title:
            continue
        yield _highlight(section)


def _highlight(section: ComposedSection) -> Highlight:
    lead = find_lead(section.body)
    return Highlight(
        title=one_line(section.title),
        line=one_line(lead.line),
        topics=tuple(filter(None, map(one_line, lead.topics))),
    )


def one_line(text: str) -> str:
    """The text on one line, without signs that are none; non-breaking spaces stay."""
    return " ".join(part for part in text.translate(CONTROL).split(" ") if part)


def _web(address: str | None) -> str:
    """An address of a page; one of a mailbox is nobody's business in a chat."""
    address = (address or "").strip()
    return address if address.lower().startswith(("http://", "https://")) and " " not in address else ""
