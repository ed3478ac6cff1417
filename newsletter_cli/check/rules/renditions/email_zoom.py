"""A viewport that keeps readers from enlarging the text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="email-zoom", level=Level.WARNING, title=_("Readers cannot enlarge the e-mail"))
LOCK = re.compile(r"user-scalable\s*=\s*(?:no|0)\b|maximum-scale\s*=\s*[\d.]+", re.IGNORECASE)


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for `maximum-scale` or `user-scalable=no` (WCAG 2.2, 1.4.4)."""
    for meta in renditions.page.iter("meta"):
        found = LOCK.search(meta.get("content") or "")
        if (meta.get("name") or "").lower() == "viewport" and found:
            yield RULE.at(
                renditions.theme,
                _("“{setting}” keeps readers from enlarging the text").format(setting=found[0]),
                suggestion=_("width=device-width, initial-scale=1 is enough"),
            )
