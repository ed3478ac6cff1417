"""A table of data whose cells say nothing of what they are about."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import html

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.renditions import Renditions
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="table-header", level=Level.WARNING, title=_("A table does not say what its columns are"))
LAYOUT_ROLES = ("presentation", "none")


def check(renditions: Renditions) -> Iterator[Finding]:
    """One finding for each table of data without header cells, or with some that lack `scope` (RGAA 5.6, 5.7).

    A table of one row or one column, or of pictures, is layout more likely than data.
    """
    for table in renditions.body.iter("table"):
        if table.get("role") in LAYOUT_ROLES:
            continue
        rows = [_cells(row) for row in table.iter("tr") if next(row.iterancestors("table")) is table]
        headers = [cell for row in rows for cell in row if cell.tag == "th"]
        place = renditions.origin_of(table)
        if not headers and _is_data(rows) and place != renditions.theme:
            yield RULE.at(
                place,
                _("the table has no header cells: a screen reader cannot say what a figure is about"),
                suggestion=_('begin it with a row of headings; in HTML, <th scope="col">'),
            )
        elif any(not cell.get("scope") and cell.text_content().strip() for cell in headers):
            yield RULE.at(
                place,
                _("header cells of the table do not say whether they head a row or a column"),
                suggestion=_('<th scope="row"> or <th scope="col">'),
            )


def _cells(row: html.HtmlElement) -> list[html.HtmlElement]:
    return [cell for cell in row if cell.tag in ("td", "th")]


def _is_data(rows: list[list[html.HtmlElement]]) -> bool:
    told = [[cell for cell in row if cell.text_content().strip()] for row in rows]
    return len([row for row in told if len(row) > 1]) > 1
