"""A job offer."""

from __future__ import annotations

from datetime import date

from msgspec import Struct


class Job(Struct, frozen=True, kw_only=True):
    """A position to fill. `line` is the entry's line in its section file, `url_line` that of `url`."""

    title: str
    employer: str | None = None
    url: str | None = None
    reference: str | None = None
    deadline: date | None = None
    line: int | None = None
    url_line: int | None = None
