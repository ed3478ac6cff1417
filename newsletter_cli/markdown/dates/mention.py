"""What is found: a mention of one or more days."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from msgspec import Struct

Leaning = Literal["ahead", "behind", "either"]
# An agenda names what has just been rather than what is ten months away.
LOOKING_BACK = timedelta(days=60)
# Farther from the issue than this, a day without its year may well be of the year next to it.
UNSURE = timedelta(days=120)
LONGEST_SPAN_MONTHS = 8


class Day(Struct, frozen=True, kw_only=True):
    """A day as it was typed, from `start` to `end` (offsets into the text), its weekday included.

    `year` is `None` where it was left out; `weekday` is 0 for Monday, `None` where none was typed.
    `month` may be above 12 and `day` above 31: people type such.
    """

    start: int
    end: int
    day: int
    month: int
    year: int | None = None
    weekday: int | None = None

    def on(self, year: int) -> date | None:
        """The day of that year, `None` where it has none."""
        try:
            return date(year, self.month, self.day)
        except ValueError:
            return None

    @property
    def is_possible(self) -> bool:
        """Whether any year (the one that was typed, if one was) has such a day."""
        return self.on(self.year if self.year is not None else 2024) is not None


class Mention(Struct, frozen=True, kw_only=True):
    """One day, a list of days, or (`is_range`) the first and the last of a row.

    `leaning` is what the words behind say: “dernier”, “prochain”. `is_sure`: nothing else can be meant.
    """

    start: int
    end: int
    days: tuple[Day, ...]
    is_range: bool = False
    leaning: Leaning = "either"
    is_sure: bool = True

    def dates(self, near: date | None, leaning: Leaning = "either") -> tuple[date | None, ...]:
        """The date of each day, years left out inferred from `near` (the likeliest); `None`: none can be told."""
        leaning = leaning if self.leaning == "either" else self.leaning
        found = []
        for day in self.days:
            years = possible_years(day, near, leaning)
            found.append(day.on(years[0]) if years else None)
        if self.is_range:
            (one, following), (first, last) = self.days, found
            # From December to January: a year has ended between.
            if one.year is None and first and last and first > last and turns_year(one, following):
                found[0] = one.on(last.year - 1)
        return tuple(found)


def turns_year(one: Day, following: Day) -> bool:
    """Whether the months of two days without a year tell of a New Year between them: at most eight months apart."""
    return one.month > following.month and (following.month - one.month) % 12 <= LONGEST_SPAN_MONTHS


def possible_years(day: Day, near: date | None, leaning: Leaning = "either") -> tuple[int, ...]:
    """The years that may be meant, the likeliest first; empty where nothing tells.

    A year that was typed is the only one. An agenda leans ahead, and “dernier” behind; else the nearest is meant,
    or, of two that are far away, either.
    """
    if day.year is not None:
        return (day.year,)
    if near is None:
        return ()
    found = [(one, one - near) for year in range(near.year - 1, near.year + 2) if (one := day.on(year)) is not None]
    if leaning == "ahead":
        found = [(one, gap) for one, gap in found if gap >= -LOOKING_BACK]
        return tuple(one.year for one, _gap in sorted(found, key=lambda pair: pair[1])[:1])
    if leaning == "behind":
        found = [(one, gap) for one, gap in found if gap <= timedelta(0)]
    by_distance = sorted((abs(gap), one) for one, gap in found)
    if not by_distance:
        return ()
    closest = by_distance[0][0]
    keep = closest + UNSURE if closest > UNSURE / 2 and leaning == "either" else closest
    return tuple(one.year for distance, one in by_distance if distance <= keep)
