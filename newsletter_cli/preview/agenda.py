"""The view of the calendar file: its entries as a calendar will have them, then its source. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from html import escape
from typing import Any

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.model import Event
from newsletter_cli.preview.documents import linked, page_around
from newsletter_cli.preview.sources import CSS as SOURCE_CSS
from newsletter_cli.preview.sources import source_block
from newsletter_cli.render.dates import day_badge, format_event_time
from newsletter_cli.render.frame import Frame

CSS = """
main{max-width:44rem;margin:0 auto;padding:1.25rem 1.25rem 3rem;overflow-wrap:anywhere}
h1{margin:0 0 1rem;font-size:1.25rem}
article{display:grid;grid-template-columns:4.5rem minmax(0,1fr);gap:0 1rem;padding:1rem 0;
border-top:1px solid light-dark(#d5dcdf,#30383c)}
.day{align-self:start;display:grid;justify-items:center;padding:.4rem .3rem;border-radius:10px;line-height:1.2;
background:light-dark(#e0f1f3,#12343a);color:light-dark(#0e6470,#7fd1dc);font-size:.85rem}
.day b{font-size:1.25rem}
h2{margin:0;font-size:1.05rem;line-height:1.35}
article p{margin:.2rem 0 0}
.when{font-weight:600}
.text{white-space:pre-line;color:light-dark(#536067,#a5b0b5)}
.empty{padding:4rem 1rem;text-align:center;color:light-dark(#536067,#a5b0b5)}
summary{padding:.75rem 1.25rem;border-top:1px solid light-dark(#d5dcdf,#30383c);cursor:pointer;font-weight:600}
"""


def calendar_page(content: bytes | None, frame: Frame) -> str:
    """The entries of `agenda.ics`, in the newsletter's language; `None` where the issue has no event."""
    if not content:
        return page_around(
            f'<main><p class="empty">{escape(_("No event in this issue: there is no calendar file."))}</p></main>',
            CSS,
            frame.language,
        )
    from icalendar import Calendar

    entries = list(Calendar.from_ical(content).walk("VEVENT"))
    said = ngettext("{count} event", "{count} events", len(entries)).format(count=len(entries))
    shown = "".join(_article(entry, frame) for entry in entries)
    source = source_block(content.decode("utf-8", "replace"), "calendar")
    return page_around(
        f"<main><h1>{escape(said)}</h1>{shown}</main>"
        f"<details><summary>{escape(_('The file itself'))} (agenda.ics)</summary>{source}</details>",
        SOURCE_CSS + CSS,
        frame.language,
    )


def _article(entry: Any, frame: Frame) -> str:
    event = _event(entry)
    days, month = day_badge(event, frame.words, frame.language)
    return (
        f'<article><div class="day" aria-hidden="true"><b>{escape(days)}</b>{escape(month)}</div>'
        f"<div><h2>{escape(event.title)}</h2>{''.join(_details(event, frame))}</div></article>"
    )


def _details(event: Event, frame: Frame) -> Iterator[str]:
    yield f'<p class="when">{escape(format_event_time(event, frame.words, frame.language, frame.timezone))}</p>'
    if event.place:
        yield f"<p>{escape(event.place)}</p>"
    if event.description:
        yield f'<p class="text">{linked(event.description)}</p>'
    if event.url and event.url not in (event.description or ""):
        yield f"<p>{linked(event.url)}</p>"


def _event(entry: Any) -> Event:
    """An entry as the event that it stands for: the last day of a calendar's span is the one after."""
    start, end = entry.decoded("DTSTART"), entry.decoded("DTEND", None)
    if isinstance(end, date) and not isinstance(end, datetime):
        end = end - timedelta(days=1)
    text = {name: str(entry[name]) if name in entry else None for name in ("SUMMARY", "LOCATION", "URL", "DESCRIPTION")}
    return Event(
        title=text["SUMMARY"] or "",
        start=start,
        end=None if end == start else end,
        place=text["LOCATION"],
        url=text["URL"],
        description=text["DESCRIPTION"],
    )
