"""A picture that an editor put in and no reader sees: its address is of a kind that is taken out."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.check.subjects.vanished import vanished
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="image-vanished", level=Level.WARNING, title=_("An image is left out"))
SHOWN = 60  # characters of an address


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each typed image without an address after the cleaning; `data:` has a rule of its own."""
    for one in vanished(renditions, "image"):
        if one.href[:5].lower() != "data:":
            yield RULE.at(
                one.place,
                _("the image “{address}” is left out: no mail reader can fetch it from there").format(
                    address=one.address[:SHOWN]
                ),
                suggestion=_("write an address that begins with https://, or put the file beside the section"),
                subject=one.address,
            )
