"""The dates in an issue's header, beside its own."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.model import Finding, Level

NUMERIC_DATE = Pattern(
    r"(?<!\d)(?P<year>20\d\d)[-_](?P<month>0[1-9]|1[0-2])(?:[-_](?P<day>0[1-9]|[12]\d|3[01]))?(?!\d)"
)
MONTHS = (
    "janvier january",
    "février fevrier february",
    "mars march",
    "avril april",
    "mai may",
    "juin june",
    "juillet july",
    "août aout august",
    "septembre september",
    "octobre october",
    "novembre november",
    "décembre decembre december",
)
NEAR_DAYS = 14
NEAR_WEEKS = 2
SHORT_DATE = Pattern(r"20\d\d[-_]\d\d")
WEEKLY = Pattern(r"week|semaine|hebdo|\bwoche", re.IGNORECASE)
# In a summary: no more than a name for the issue. “Retour sur mars 2023, et l'agenda” speaks of other things.
NAME_WORDS = 5


@rule(
    "date-differs",
    Level.WARNING,
    _("Two dates of the issue disagree"),
    why="""
        The slug, the title, the subject or a short summary holds a date that is not the issue's: most often last
        month's, copied. Nothing is said where the issue comes out some days earlier or later, nor of the letter of
        March that comes out in April, nor of what is to come, nor of the numbers of weeks and issues (`2026-07`). A
        note where a slug is a month early.
    """,
    bad="`slug: 2026-03-letter` with `date: 2026-06-11`.",
    good="`slug: 2026-06-letter` with `date: 2026-06-11`.",
)
def date_differs(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each of slug, title, subject and summary with a month or day that the issue's date is not in.

    The letter of March may well come out on the second of April.
    """
    issue = manuscript.issue
    if issue.date is None:
        return
    day = issue.date.date()
    for name in ("slug", "title", "subject", "summary"):
        value = getattr(issue, name)
        if not value or name not in issue.lines or (name == "summary" and len(value.split()) > NAME_WORDS):
            continue
        found = next(_dates_in(value), None)
        if found is None:
            continue
        words, year, month, day_of_month = found
        apart = (day.year - year) * 12 + day.month - month
        if apart == 0 and day_of_month in (None, day.day):
            continue
        # Words may speak of what is to come; a slug names the issue.
        is_ahead = name != "slug" and (year, month) > (day.year, day.month)
        if is_ahead or _is_near(day, year, month, day_of_month) or _is_numbering(manuscript, words, value):
            continue
        yield date_differs.at(
            manuscript.field(name),
            _("“{words}” in “{key}” and the date {date} disagree").format(words=words, key=name, date=day.isoformat()),
            suggestion=_("fix one of the two"),
            level=Level.INFO if apart == -1 and day_of_month is None else None,
        )


def _is_near(day: date, year: int, month: int, day_of_month: int | None) -> bool:
    """Whether an issue of that date may well bear that day or month: written early, or come out late."""
    if day_of_month is not None:
        try:
            return abs(day - date(year, month, day_of_month)) <= timedelta(days=NEAR_DAYS)
        except ValueError:
            return False
    last = date(year, month, monthrange(year, month)[1])
    # The letter of March comes out in the last days of February, or all through April.
    return date(year, month, 1) - timedelta(days=NEAR_DAYS) <= day <= last + timedelta(days=31)


def _is_numbering(manuscript: Manuscript, words: str, value: str) -> bool:
    """Whether a year with two digits behind is the number of a week, or of an issue within the year: `2019-07`."""
    day = manuscript.issue.date
    if day is None or not SHORT_DATE.fullmatch(words):
        return False
    number = int(words[-2:])
    if number == manuscript.issue.number or WEEKLY.search(value):
        return True
    if words[:4] == str(day.year) and abs(day.isocalendar().week - number) <= NEAR_WEEKS:
        return True
    former = manuscript.earlier[0] if manuscript.earlier else None
    return (
        former is not None
        and former.date is not None
        and abs(day.date() - former.date) <= timedelta(days=21)
        and f"{words[:-2]}{number - 1:02}" in (former.slug + " " + former.title)
    )


def _dates_in(value: str) -> Iterator[tuple[str, int, int, int | None]]:
    """Each (words, year, month, day of the month if any) in a text."""
    for found in NUMERIC_DATE.finditer(value):
        yield found[0], int(found["year"]), int(found["month"]), int(found["day"]) if found["day"] else None
    for found in _named_dates().finditer(value):
        yield found[0], int(found["year"]), _month_number(found["month"]), int(found["day"]) if found["day"] else None


@cache
def _named_dates() -> re.Pattern[str]:
    names = "|".join(" ".join(MONTHS).split())
    return re.compile(
        rf"(?:(?<!\d)(?P<day>[0-3]?\d)(?:er)?[\s\u00a0_-]+)?\b(?P<month>{names})[\s\u00a0_-]+(?P<year>20\d\d)(?!\d)",
        re.IGNORECASE,
    )


def _month_number(name: str) -> int:
    return next(number for number, names in enumerate(MONTHS, 1) if name.lower() in names.split())
