"""A stretch of a text."""

from __future__ import annotations

from msgspec import Struct


class Span(Struct, frozen=True, kw_only=True):
    """A stretch of a text; `end` is exclusive."""

    start: int
    end: int
