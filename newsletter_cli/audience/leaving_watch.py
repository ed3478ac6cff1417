"""What a list says of somebody’s leaving where `nl` does not read it: each such column is a fault, told once."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from newsletter_cli.audience.columns import Columns, remark_hint, unclear_hint
from newsletter_cli.audience.fault import UNCLEAR_COLUMN, ListFault
from newsletter_cli.audience.leaving import GONE_VALUES, gone_words, header_words, is_remark_column
from newsletter_cli.base.i18n import _


class LeavingWatch:
    """Looks for a word that says “left” in columns that are not read for it: once each, it is a fault of the list."""

    def __init__(self, columns: Columns, on_fault: Callable[[ListFault], None]):
        self._columns = columns
        self._on_fault = on_fault
        read = {place for field, place in columns.places.items() if field not in {"groups", "consent_how"}}
        # Each column is told of once; those the editor knows of, never.
        self._known = {*read, *(mark.place for mark in columns.marks), *columns.quiet}
        # The columns of remarks that nothing was found in yet.
        self.remarks = {
            place for place, name in columns.attributes.items()
            if place not in self._known and is_remark_column(header_words(name))
        }  # fmt: skip

    def look_at(self, number: int, cells: Sequence[str]) -> None:
        """A row with a word that says that somebody left."""
        for place, cell in enumerate(cells):
            if cell in GONE_VALUES and place not in self._known and place not in self.remarks:
                self._known.add(place)
                name = self._columns.name_of(place)
                message = _("the column “{column}” says “{text}”, and it is not used").format(column=name, text=cell)
                self._on_fault(ListFault(rule=UNCLEAR_COLUMN, message=message, hint=unclear_hint(name), row=number))

    def look_at_remarks(self, number: int, cells: Sequence[str]) -> None:
        """Somebody who would be written to, and whose remark says that they left in words of its own."""
        for place in tuple(self.remarks):
            if place < len(cells) and (said := cells[place]) and (words := gone_words(said)):
                self.remarks.discard(place)
                if place not in self._known:
                    self._known.add(place)
                    name = self._columns.name_of(place)
                    message = _("a remark in the column “{column}” says “{text}”, and it is not read").format(
                        column=name, text=words
                    )
                    self._on_fault(ListFault(rule=UNCLEAR_COLUMN, message=message, hint=remark_hint(name), row=number))
