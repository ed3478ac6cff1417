"""Rows without an address: a total, the header once more, a rule are nobody’s; or the address is in another column."""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsletter_cli.audience.columns import Columns
from newsletter_cli.audience.csv_layout import is_address
from newsletter_cli.audience.words import plain
from newsletter_cli.base.i18n import _

_TOTAL = re.compile(
    r"\W*(?:sous[- ])?(?:total|totaux|somme|sum|count|nombre|nb|effectif|moyenne|average)\b.*"
    r"|\(?\d+ (?:rows?|lignes?|records?|abonn\w*|inscri\w*|contacts?|personnes?|membres?|subscribers?)\b.*"
    r"|(?:export\w*|extrait\w*|extraction|generated|downloaded|edite|mis a jour|source|fin)\b.*"
)


def why_nobodys(cells: Sequence[str], columns: Columns) -> str:
    """Why a row without an address is nobody's, or where its address is; `""`: there is nothing to say."""
    at = columns.places["address"]
    text = cells[at].strip()
    if "@" in text:
        return ""
    place = next((place for place, cell in enumerate(cells) if place != at and is_address(cell)), None)
    if place is not None:
        return _("there is no address in the column “{column}”, but one in the column “{other}”: put it there").format(
            column=columns.name_of(at), other=columns.name_of(place)
        )
    filled = [cell.strip() for cell in cells if cell.strip()]
    if plain(text) == plain(columns.name_of(at)):
        return _("it is the header once more: take the row out")
    if filled and all(set(cell) <= set("-=_:|+ ") for cell in filled):
        return _("it is a rule between rows: take it out")
    if any(_TOTAL.fullmatch(plain(cell)) for cell in filled) or (len(filled) == 1 and filled[0].isdecimal()):
        return _("it is a total or a remark below the list, and nobody’s row: take it out")
    return ""
