"""A link that an editor wrote and no reader can follow: its address is of a kind that is taken out."""

from __future__ import annotations

from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.check.subjects.vanished import vanished
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="link-vanished", level=Level.WARNING, title=_("A link is left out"))
SHOWN = 60  # characters of an address


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each typed link without an address after the cleaning: not to be parsed, or of a strange kind."""
    for one in vanished(renditions, "link"):
        yield RULE.at(
            one.place,
            _("the link to “{address}” is lost: readers see its words only").format(address=one.address[:SHOWN]),
            suggestion=_("write a whole address that begins with https:// or mailto:"),
            subject=one.address,
        )
