"""HedgeDoc 1 (CodiMD, HackMD): `{pad}/download` is the Markdown, its line ends being line breaks.

Whoever may not read a pad is sent to the front page, which says so to people only (`lib/errors.js`).
"""

from __future__ import annotations

from newsletter_cli.base.i18n import _
from newsletter_cli.pads.hosts.answers import PAGE_TYPES, status_refusal, text_of
from newsletter_cli.pads.hosts.reading import Read
from newsletter_cli.pads.markup import carry_over
from newsletter_cli.pads.pad import PadRefusal, PadText


def read(given: Read) -> PadText | PadRefusal:
    """The text of `/download`."""
    answer = given.answer
    refusal = status_refusal(answer)
    if refusal is not None:
        return refusal
    text = text_of(answer)
    if isinstance(text, PadRefusal):
        if answer.is_redirected and answer.media_type in PAGE_TYPES:
            return PadRefusal(
                reason=text.reason,
                hint=_("in the pad, set its permission to Freely, Editable or Locked: guests may then read it"),
            )
        return text
    carried = carry_over(text, origin=given.page, has_breaks=True, has_hard_breaks=given.has_hard_breaks)
    return PadText(text=carried.text, notes=carried.notes)
