"""Tables that only arrange things: a screen reader must not count their rows and columns aloud."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree, html

from newsletter_cli.base.i18n import _, ngettext
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="table-role", level=Level.WARNING, title=_("A layout table is read aloud as a table"))
TABLE = re.compile(r"<table\b[^<>]*>", re.IGNORECASE)
ROLE = re.compile(r"\brole\s*=\s*[\"']?(?:presentation|none)\b", re.IGNORECASE)


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for the theme's tables without `role="presentation"`, comments for Outlook included (RGAA 5.3).

    The tables of the editors' texts are data, and so is one with header cells of its own.
    """
    count = 0
    for table in renditions.body.iter("table"):
        if table.get("role") not in ("presentation", "none") and not _has_headers(table):
            # Last: it looks for the table in every text.
            count += renditions.origins.find(table) is None
    for comment in renditions.page.iter(etree.Comment):
        count += sum(not ROLE.search(tag) for tag in TABLE.findall(comment.text or ""))
    if count:
        yield RULE.at(
            renditions.theme,
            ngettext(
                '{count} table that only arranges things lacks role="presentation"',
                '{count} tables that only arrange things lack role="presentation"',
                count,
            ).format(count=count),
            suggestion=_("screen readers count the rows and columns of every other table aloud"),
        )


def _has_headers(table: html.HtmlElement) -> bool:
    return any(next(cell.iterancestors("table")) is table for cell in table.iter("th"))
