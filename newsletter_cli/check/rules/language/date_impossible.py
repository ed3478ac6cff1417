"""A day that no calendar has: 31 April."""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from collections.abc import Iterator
from datetime import date

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.passages import Passage, issue_day, mentions
from newsletter_cli.markdown.dates import Day, day_words, fold
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="date-impossible", level=Level.ERROR, title=_("A day does not exist"))
LAST_DAY = 31
# What announces a date where the number could count something else: “45 mai”.
ANNOUNCED = re.compile(r"\b(?:le|du|au|the|on|of)[\s\ufffc]{1,8}\Z")
# “Le 30 février n’existe pas.”
SAID = re.compile(r"\A[^.!?;]{0,15}\b(?:n['’]exist|does not exist|doesn['’]t exist|did not exist|is no day)")
# A 29 February so near to the issue is meant to be one of these weeks.
NEAR_DAYS = 60


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each such day, and for a 29 February of a year that has none."""
    near = issue_day(manuscript)
    for passage, mention in mentions(manuscript):
        if not mention.is_sure and not mention.is_range:
            continue
        for day in mention.days:
            if day.is_possible:
                yield from _leap_day(passage, day, near)
            else:
                yield from _impossible(manuscript, passage, day)


def _impossible(manuscript: Manuscript, passage: Passage, day: Day) -> Iterator[Finding]:
    words = passage.words(day.start, day.end)
    if SAID.search(fold(passage.prose[day.end : day.end + 40])):
        return
    place = passage.place(day.start, day.end)
    if not 1 <= day.month <= 12:
        if "/" in words and 1 <= day.day <= 12 and day.month <= LAST_DAY:
            yield RULE.at(
                place,
                _("“{words}” has its month first: read from the left, there is no such day").format(words=words),
                suggestion=_("write the day first, or the month in letters"),
                level=Level.WARNING,
            )
        return
    is_day = 1 <= day.day <= LAST_DAY
    if not is_day and day.weekday is None and not ANNOUNCED.search(fold(passage.prose[: day.start])):
        return
    # Any leap year will do where none was typed: 30 February is in none.
    year = day.year or 2024
    last = date(year, day.month, monthrange(year, day.month)[1])
    yield RULE.at(
        place,
        _("“{words}” is no day: the month ends on {date}").format(
            words=words, date=day_words(last, manuscript.language, has_year=day.year is not None)
        ),
        suggestion=_("look the date up"),
    )


def _leap_day(passage: Passage, day: Day, near: date | None) -> Iterator[Finding]:
    if (day.day, day.month, day.year) != (29, 2, None) or near is None or isleap(near.year):
        return
    if abs(date(near.year, 3, 1) - near).days <= NEAR_DAYS:
        yield RULE.at(
            passage.place(day.start, day.end),
            _("“{words}” is no day of {year}: its February has 28").format(
                words=passage.words(day.start, day.end), year=near.year
            ),
            suggestion=_("look the date up"),
            level=Level.WARNING,
        )
