"""Etherpad (Framapad…): `{pad}/export/txt` is its text, as people typed it."""

from __future__ import annotations

from newsletter_cli.pads.hosts.answers import status_refusal, text_of
from newsletter_cli.pads.hosts.reading import Read
from newsletter_cli.pads.markup import carry_over
from newsletter_cli.pads.pad import PadRefusal, PadText


def read(given: Read) -> PadText | PadRefusal:
    """The text of the export. It has no mark-up of its own, and its lines end where people ended them."""
    refusal = status_refusal(given.answer)
    if refusal is not None:
        return refusal
    text = text_of(given.answer)
    if isinstance(text, PadRefusal):
        return text
    carried = carry_over(text, origin=given.page, has_breaks=True, has_hard_breaks=given.has_hard_breaks)
    return PadText(text=carried.text, notes=carried.notes)
