"""The views of files as they are written: the e-mail's HTML, the announcement, the calendar. Made when asked for."""

from __future__ import annotations

from newsletter_cli.flows.render import Rendered, compose_sources
from newsletter_cli.preview.agenda import calendar_page
from newsletter_cli.preview.documents import text_page
from newsletter_cli.preview.personal import message_part
from newsletter_cli.preview.sources import source_page
from newsletter_cli.render.names import ANNOUNCEMENT, CALENDAR, EMAIL
from newsletter_cli.render.renditions import render_mail

HTML, ANNOUNCE, AGENDA = "html", "announce", "calendar"
FILE_VIEWS = (HTML, ANNOUNCE, AGENDA)


def file_view(name: str, rendered: Rendered, *, message: bytes = b"") -> str:
    """The document of a view of `FILE_VIEWS`. `message`: the one whose HTML is shown; by default that of every reader,
    as `nl assemble` writes it.
    """
    renditions, frame = rendered.renditions, rendered.composed.frame
    if name == HTML:
        written = message_part(message, "html") if message else render_mail(*compose_sources(rendered.sources))[EMAIL]
        return source_page(written, language=frame.language, syntax="html")
    if name == ANNOUNCE:
        return text_page(str(renditions[ANNOUNCEMENT]), language=frame.language)
    calendar = renditions.get(CALENDAR)
    return calendar_page(calendar.encode() if isinstance(calendar, str) else calendar, frame)
