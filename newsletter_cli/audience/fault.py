"""What is wrong with a list as a whole: a fault that could hide people, or their wish to leave.

A row that cannot be read leaves out one person and says so; the run goes on. A fault of the list may leave out, or
write to, anybody: an import, a dry run and a send all stop at it, and `nl list check` shows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from newsletter_cli.base.errors import ListFaulty
from newsletter_cli.base.i18n import _

# More of them than these are counted, not told: a broken file has one on each row.
MOST_FAULTS = 20
UNCLEAR_COLUMN = "list-column-unclear"
LOST_ROWS = "list-rows-lost"


class ListFault(NamedTuple):
    """One fault of the list. `rule` is a rule of `nl list check`, `row` counts as a spreadsheet does."""

    rule: str
    message: str
    hint: str
    row: int | None = None

    def __str__(self) -> str:
        return (
            self.message if self.row is None else _("row {row}: {message}").format(row=self.row, message=self.message)
        )


def refuse_faults(faults: Sequence[ListFault], *, list_name: str) -> None:
    """Raises `ListFaulty` for the first of the faults, the others in its `also`."""
    errors = [
        ListFaulty(one.message, file=list_name, line=one.row, hint=one.hint)
        # One hint for all that a file has of one kind is enough.
        if one.hint not in {other.hint for other in faults[:number]}
        else ListFaulty(one.message, file=list_name, line=one.row)
        for number, one in enumerate(faults)
    ]
    if errors:
        errors[0].also = tuple(errors[1:])
        raise errors[0]
