"""Links checked while something else is done."""

from __future__ import annotations

from newsletter_cli.check.links.report import LinkReport
from newsletter_cli.check.underway import Underway


class LinksUnderway(Underway[LinkReport]):
    """`check_links` running in a thread of its own."""
