"""What every list source can do. CSV, managed list, Grist and SQL differ behind it and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from newsletter_cli.audience.row import Candidate, Tally


class ListSource(Protocol):
    """A list of candidates, read as a stream.

    `kind` is `csv`, `managed`, `grist` or `sql`; `name` is the list as its editor knows it (no secret in it).
    """

    @property
    def kind(self) -> str:
        """`csv`, `managed`, `grist` or `sql`."""
        ...

    @property
    def name(self) -> str:
        """The list as its editor knows it."""
        ...

    @property
    def has_doubles(self) -> bool:
        """Whether two candidates can have the same key; where they cannot, nobody need look."""
        ...

    def read(self, tally: Tally) -> Iterator[Candidate]:
        """Every candidate in the source's order, counted in `tally`. Raises `ListError`."""
        ...

    def read_gone(self) -> Iterator[Candidate]:
        """The candidates whose row says that they left (unsubscribed, bounced, complained).

        Read before the others: somebody who stands twice on the list and left once has left. Nothing where a
        row has no status, or nobody can stand there twice.
        """
        ...
