"""Lines of the plain text that run out of the window."""

from __future__ import annotations

import re
from collections.abc import Iterator

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.markdown.text_wrap import display_width
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="text-part-width", level=Level.INFO, title=_("Lines of the plain text are too long"))
MOST = 76
# An address cannot be broken; columns of a table and code must not be.
UNBROKEN = re.compile(r"[a-z][a-z0-9+.-]*:\S|\S {2,}\S|^ {4}", re.IGNORECASE)


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for all lines of more than 76 columns that could have been broken (RFC 3676 §4.2)."""
    long = [line for line in renditions.text.split("\n") if len(line) > MOST // 2 and _is_too_long(line)]
    if long:
        yield RULE.at(
            renditions.field("title"),
            ngettext(
                "{count} line of the plain text is longer than 76 columns: “{line}…”",
                "{count} lines of the plain text are longer than 76 columns: “{line}…”",
                len(long),
            ).format(count=len(long), line=long[0].strip()[:40]),
            suggestion=_("nothing of yours: please report it with the section"),
        )


def _is_too_long(line: str) -> bool:
    return display_width(line) > MOST and " " in line.strip() and not UNBROKEN.search(line)
