"""Rows of hours that end before they begin: “de 16h à 14h”."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from msgspec import Struct

# Beyond midnight, or a night's work: what ends in the morning, or many hours before it began, is meant.
EARLIEST_END_MINUTES = 8 * 60
LONGEST_STEP_MINUTES = 6 * 60


class HourRange(Struct, frozen=True, kw_only=True):
    """From `start` to `end` (offsets into the text), a row of hours."""

    start: int
    end: int


@cache
def _pattern(language: str) -> re.Pattern[str]:
    gap = r"[ \u00a0\u202f]"
    clock = rf"(\d{{1,2}}){gap}?[h:]{gap}?(\d\d)?(?![\w:])"
    if language == "fr":
        return re.compile(rf"(?<![\w.,:/-]){clock}(?:{gap}a{gap}|{gap}?[-–]{gap}?){clock}")
    half = rf"(\d{{1,2}})(?::(\d\d))?{gap}?([ap])\.?m\b\.?"
    return re.compile(
        rf"(?<![\w.,:/-])(?:{half}(?:{gap}to{gap}|{gap}?[-–]{gap}?){half}|"
        rf"(\d{{1,2}}):(\d\d)(?:{gap}to{gap}|{gap}?[-–]{gap}?)(\d{{1,2}}):(\d\d)(?![\w:]|{gap}?[ap]\.?m))"
    )


def find_backward_hours(folded: str, language: str) -> Iterator[HourRange]:
    """The rows of hours of one day whose end stands before their start; those over midnight are none.

    `folded` is text as `fold` gives it.
    """
    for found in _pattern(language).finditer(folded):
        hours = _minutes(found, language)
        if hours is None:
            continue
        start, end = hours
        if end < start and end >= EARLIEST_END_MINUTES and start - end <= LONGEST_STEP_MINUTES:
            yield HourRange(start=found.start(), end=found.end())


def _minutes(found: re.Match[str], language: str) -> tuple[int, int] | None:
    groups = found.groups()
    clocks: list[tuple[str | None, ...]]
    if language == "fr":
        clocks = [(groups[0], groups[1], None), (groups[2], groups[3], None)]
    elif groups[0] is not None:
        clocks = [groups[0:3], groups[3:6]]
    else:
        clocks = [(groups[6], groups[7], None), (groups[8], groups[9], None)]
    found_minutes = []
    for hour, minute, half in clocks:
        hours = int(hour or 0) % 12 + 12 * (half == "p") if half else int(hour or 0)
        if hours > 24 or int(minute or 0) > 59:
            return None
        found_minutes.append(hours * 60 + int(minute or 0))
    return found_minutes[0], found_minutes[1]
