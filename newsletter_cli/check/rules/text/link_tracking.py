"""An address that tells on the reader: parameters of a campaign, of a share, of a click."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.given_links import given_links, is_web
from newsletter_cli.check.texts.tracking import strip_tracking
from newsletter_cli.check.texts.wording import shown_address
from newsletter_cli.markdown.survey import Span, Survey
from newsletter_cli.model import Finding, Level, Place, Rule

RULE = Rule(
    slug="link-tracking", level=Level.WARNING, title=_("An address carries tracking parameters"), is_fixable=True
)


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each link, and each definition of one, with parameters that surely only track.

    They are what goes; the rest of the address stays byte for byte.
    """
    for one in given_links(manuscript):
        if one.link is not None and one.text is not None:
            if one.link.kind != "reference" and is_web(one.href):
                span = one.link.address_span or one.link.span
                yield from _finding(one.link.address, one.place, one.text.survey, span)
        elif is_web(one.href):
            yield from _finding(one.href, one.place)
    for text in manuscript.texts:
        for definition in text.survey.definitions:
            if is_web(definition.href):
                place = text.survey.place(definition.span)
                yield from _finding(definition.address, place, text.survey, definition.span)


def _finding(address: str, place: Place, survey: Survey | None = None, span: Span | None = None) -> Iterator[Finding]:
    stripped = strip_tracking(address)
    if not stripped.names:
        return
    names = ", ".join(dict.fromkeys(stripped.names))
    is_exact = survey is not None and span is not None and survey.source.text[span.start : span.end] == address
    yield RULE.at(
        place,
        _("the address {address} carries what only tracks the reader: {names}").format(
            address=shown_address(stripped.address), names=names
        ),
        suggestion=_("end it before: {address}").format(address=shown_address(stripped.address))
        if address.startswith(stripped.address)
        else _("take these out of the address"),
        subject=address,
        edits=survey.edits(span, stripped.address) if is_exact and survey and span else (),
    )
