"""Days and hours that cannot be meant as they stand, in French and English."""

from __future__ import annotations

from calendar import isleap, monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.check.rule import rule
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.passages import Passage, all_passages, issue_day, mentions
from newsletter_cli.markdown.dates import (
    Day,
    Mention,
    day_words,
    find_backward_hours,
    find_dates,
    fold,
    possible_years,
    weekday_name,
)
from newsletter_cli.model import Finding, Level

LAST_DAY = 31
# What announces a date where the number could count something else: “45 mai”.
ANNOUNCED = Pattern(r"\b(?:le|du|au|the|on|of)[\s\ufffc]{1,8}\Z")
# “Le 30 février n’existe pas.”
SAID = Pattern(r"\A[^.!?;]{0,15}\b(?:n['’]exist|does not exist|doesn['’]t exist|did not exist|is no day)")
# A 29 February so near to the issue is meant to be one of these weeks.
NEAR_DAYS = 60


@rule(
    "date-impossible",
    Level.ERROR,
    _("A day does not exist"),
    why="""
        A day does not exist. Readers cannot know which one is meant. A warning for a 29 February that the year to
        come does not have, and for a date in figures with its month first.
    """,
    bad="`Le 31 avril, visite des serres.`",
    good="`Le 30 avril, visite des serres.`",
)
def date_impossible(manuscript: Manuscript) -> Iterator[Finding]:
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
            yield date_impossible.at(
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
    yield date_impossible.at(
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
        yield date_impossible.at(
            passage.place(day.start, day.end),
            _("“{words}” is no day of {year}: its February has 28").format(
                words=passage.words(day.start, day.end), year=near.year
            ),
            suggestion=_("look the date up"),
            level=Level.WARNING,
        )


ANY_DAY = date(2024, 7, 1)
# “Avancée de 16 h à 14 h”, “cut from 12:00 to 8:00”: no row, but what was and what is; and how long a thing takes.
CHANGED = Pattern(
    r"\b(?:(?:pass(?:e|es|ent|er|ant|ait|aient|era)|(?:est|sont|ete) avance(?:e|s|es)?|changements?|changee?s?"
    r"|cut|fell|falls?|down|went|goes|brought|mov(?:e|es|ed|ing))\b"
    r"|redui|ramen|baiss|descen|raccourc|diminu|deplac|reporte|decal|reduc|drop|shorten|shrink|shrank|resched|shift)"
    r"[^.!?\n]*\Z|\btomb\w+\s+(?:de\s+)?\Z"
)


@rule(
    "date-range-backwards",
    Level.WARNING,
    _("A row of days or hours ends before it begins"),
    why="""
        A row of days or hours ends before it begins. Rows over New Year and over midnight are fine, and so is what
        was and what is: “moved from 16:00 to 14:00”.
    """,
    bad="`du 17 au 14 juin, de 16h à 14h`.",
    good="`du 14 au 17 juin, de 14h à 16h`; `du 20 décembre au 4 janvier`; `de 22h à 2h`.",
)
def date_range_backwards(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each such row; those over New Year or midnight are none."""
    primary = manuscript.language.lower().partition("-")[0]
    if primary not in ("fr", "en"):
        return
    near = issue_day(manuscript) or ANY_DAY
    for passage in all_passages(manuscript):
        for mention in find_dates(passage.prose, manuscript.language):
            if _is_backward(mention, near) and not _is_change(passage, mention.start):
                yield date_range_backwards.at(
                    passage.place(mention.start, mention.end),
                    _("“{words}” ends before it begins").format(words=passage.words(mention.start, mention.end)),
                    suggestion=_("exchange the two days, or give each its month"),
                )
        if any(map(str.isdigit, passage.prose)):
            for hours in find_backward_hours(fold(passage.prose), primary):
                if _is_change(passage, hours.start):
                    continue
                yield date_range_backwards.at(
                    passage.place(hours.start, hours.end),
                    _("“{words}” ends before it begins").format(words=passage.words(hours.start, hours.end)),
                    suggestion=_("exchange the two hours, or fix one of them"),
                )


def _is_backward(mention: Mention, near: date) -> bool:
    if not mention.is_range or not mention.is_sure:
        return False
    first, *_between, last = mention.dates(near)
    return first is not None and last is not None and first > last


def _is_change(passage: Passage, start: int) -> bool:
    return CHANGED.search(fold(passage.prose[:start])) is not None


# Farther away, a number behind a month may be something else: “le 30 mars 2000 personnes”.
CLOSE_YEARS = 2
# Then it may be the same day of another year.
OTHER_YEAR = Pattern(
    r"\b(?:l['’]an (?:dernier|passe|prochain)|annee (?:derniere|passee|prochaine|precedente|suivante)"
    r"|il y a un an|(?:last|next|previous) year(?!['’]s eve)|a year ago)\b"
)


@rule(
    "weekday-wrong",
    Level.WARNING,
    _("A weekday does not fall on its date"),
    why="""
        A weekday does not fall on its date; half of the readers come on the wrong day. An error where the year was
        typed. Both ways out are suggested: the weekday of that date, and the nearest date with that weekday. Where
        the weekday was right a year ago the finding says so: the text may be a copy.
    """,
    bad=", in an issue of May 2026: `Rendez-vous jeudi 17 juin.`",
    good="`Rendez-vous jeudi 18 juin.`",
)
def weekday_wrong(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each such day; an error where the year was typed.

    A year that was left out is inferred from the issue's date: an agenda speaks of what is to come, any other text
    of the nearest such day; far from the issue either year will do.
    """
    near = issue_day(manuscript)
    for passage, mention in mentions(manuscript):
        for index, day in enumerate(mention.days):
            if day.weekday is not None and day.is_possible:
                yield from _weekday_faults(manuscript, passage, mention, index, near)


def _weekday_faults(
    manuscript: Manuscript, passage: Passage, mention: Mention, index: int, near: date | None
) -> Iterator[Finding]:
    day = mention.days[index]
    leaning = mention.leaning if mention.leaning != "either" else "ahead" if passage.is_agenda else "either"
    meant = mention.dates(near, leaning)[index]
    years = [*possible_years(day, near, leaning)]
    if day.year is None and near is not None and OTHER_YEAR.search(fold(passage.prose)):
        years += [near.year - 1, near.year + 1]
    others = [one for year in years if (one := day.on(year))]
    if meant is None or any(one.weekday() == day.weekday for one in (meant, *others)):
        return
    language = manuscript.language
    is_written = day.year is not None
    is_certain = is_written and (near is None or abs(meant.year - near.year) <= CLOSE_YEARS)
    yield weekday_wrong.at(
        passage.place(day.start, day.end),
        _("“{words}”: the weekday of {date} is “{weekday}”").format(
            words=passage.words(day.start, day.end),
            date=day_words(meant, language, has_year=True),
            weekday=weekday_name(meant.weekday(), language),
        ),
        suggestion=_weekday_suggestion(day, meant, language),
        level=Level.ERROR if is_certain else Level.WARNING,
    )


def _weekday_suggestion(day: Day, meant: date, language: str) -> str:
    closest = min(
        (meant + timedelta(days=step) for step in range(-3, 4)),
        key=lambda one: (one.weekday() != day.weekday, abs(one - meant)),
    )
    both = _("write “{right}” or “{closest}”").format(
        right=day_words(meant, language, has_weekday=True), closest=day_words(closest, language, has_weekday=True)
    )
    if day.year is None:
        former = day.on(meant.year - 1)
        if former is not None and former.weekday() == day.weekday:
            return both + _("; in {year} the weekday was right: is it a copy?").format(year=former.year)
    return both
