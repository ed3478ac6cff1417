"""Any address that answers Markdown: a file in a forge, on a site, the export of another program."""

from __future__ import annotations

from newsletter_cli.pads.hosts.answers import status_refusal, text_of
from newsletter_cli.pads.hosts.reading import Read
from newsletter_cli.pads.pad import PadRefusal, PadText


def read(given: Read) -> PadText | PadRefusal:
    """The text as it is: whoever writes Markdown into a file means it as Markdown."""
    refusal = status_refusal(given.answer)
    if refusal is not None:
        return refusal
    text = text_of(given.answer)
    return text if isinstance(text, PadRefusal) else PadText(text=text)
