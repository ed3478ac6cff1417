"""A date in the issue's slug or title that is not the issue's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.pattern import Pattern
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="date-differs", level=Level.WARNING, title=_("Two dates of the issue disagree"))
NUMERIC = Pattern(r"(?<!\d)(?P<year>20\d\d)[-_](?P<month>0[1-9]|1[0-2])(?:[-_](?P<day>0[1-9]|[12]\d|3[01]))?(?!\d)")
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
# In a summary: no more than a name for the issue. “Retour sur mars 2023, et l'agenda” speaks of other things.
MOST_WORDS = 5


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each of slug, title, subject and summary with a month or day that the issue's date is not in.

    Info where they are a month apart: the letter of March may well come out on the second of April.
    """
    issue = manuscript.issue
    if issue.date is None:
        return
    day = issue.date.date()
    for name in ("slug", "title", "subject", "summary"):
        value = getattr(issue, name)
        if not value or name not in issue.lines or (name == "summary" and len(value.split()) > MOST_WORDS):
            continue
        found = next(_dates(value), None)
        if found is None:
            continue
        words, year, month, day_of_month = found
        apart = abs((day.year - year) * 12 + day.month - month)
        if apart == 0 and day_of_month in (None, day.day):
            continue
        yield RULE.at(
            manuscript.field(name),
            _("“{words}” in “{key}” and the date {date} disagree").format(words=words, key=name, date=day.isoformat()),
            suggestion=_("mend one of the two"),
            level=Level.INFO if apart == 1 and day_of_month is None else None,
        )


def _dates(value: str) -> Iterator[tuple[str, int, int, int | None]]:
    """Each (words, year, month, day of the month if any) in a text."""
    for found in NUMERIC.finditer(value):
        yield found[0], int(found["year"]), int(found["month"]), int(found["day"]) if found["day"] else None
    for found in _named().finditer(value):
        yield found[0], int(found["year"]), _number(found["month"]), int(found["day"]) if found["day"] else None


@cache
def _named() -> re.Pattern[str]:
    names = "|".join(" ".join(MONTHS).split())
    return re.compile(
        rf"(?:(?<!\d)(?P<day>[0-3]?\d)(?:er)?[\s\u00a0_-]+)?\b(?P<month>{names})[\s\u00a0_-]+(?P<year>20\d\d)(?!\d)",
        re.IGNORECASE,
    )


def _number(name: str) -> int:
    return next(number for number, names in enumerate(MONTHS, 1) if name.lower() in names.split())
