"""Values as databases and Grist hand them over → the cells of a row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from typing import Any

from newsletter_cli.audience.columns import ColumnFault, Columns, match_columns
from newsletter_cli.audience.row import Row, Tally
from newsletter_cli.base.errors import ListError
from newsletter_cli.base.i18n import _
from newsletter_cli.config.list_settings import ListColumnSettings

MAX_TEXT = 131_072  # as for a cell of a CSV


def table_columns(names: Sequence[str], wanted: ListColumnSettings, *, unused: Sequence[str], source: str) -> Columns:
    """What the columns hold. Raises `ListError` when none holds addresses."""
    try:
        return match_columns(names, wanted, unused=unused)
    except ColumnFault as fault:
        raise ListError(
            str(fault),
            file=source,
            hint=_('say which column holds the address: [list.columns] address = "…" in newsletter.toml'),
        ) from None


def table_rows(records: Iterable[Sequence[Any]], tally: Tally) -> Iterator[Row]:
    """The records as rows, numbered from 1, counted; records without any value are blank."""
    for number, record in enumerate(records, 1):
        cells = [cell_text(value) for value in record]
        if not any(cells):
            tally.blank_rows += 1
            continue
        tally.rows += 1
        if max(map(len, cells)) > MAX_TEXT:
            yield Row(number, [cell[:MAX_TEXT] for cell in cells], _("a cell is far too long"))
        else:
            yield Row(number, cells)


def cell_text(value: Any) -> str:
    """One value as the text a person would have typed."""
    if isinstance(value, str):
        text = _listed(value) if value.startswith('["') else value
    elif value is None:
        text = ""
    elif isinstance(value, bool):
        text = "true" if value else "false"
    elif isinstance(value, (list, tuple)):
        # Grist marks a list with "L".
        text = "; ".join(cell_text(part) for part in (value[1:] if value[:1] == ["L"] else value))
    elif isinstance(value, (datetime, date)):
        text = value.isoformat()
    else:
        text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return text


def _listed(text: str) -> str:
    # Grist's SQL gives a list of choices as JSON text.
    try:
        parts = json.loads(text)
    except ValueError:
        return text
    return "; ".join(map(str, parts)) if isinstance(parts, list) else text
