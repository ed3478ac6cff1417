"""A weekday that does not fall on its date: half of the readers come on the wrong day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from newsletter_cli.base.i18n import _
from newsletter_cli.check.subjects.manuscript import Manuscript
from newsletter_cli.check.texts.passages import Passage, issue_day, mentions
from newsletter_cli.check.texts.pattern import Pattern
from newsletter_cli.markdown.dates import Day, Mention, day_words, fold, possible_years, weekday_name
from newsletter_cli.model import Finding, Level, Rule

RULE = Rule(slug="weekday-wrong", level=Level.WARNING, title=_("A weekday does not fall on its date"))
# Farther away, a number behind a month may be something else: “le 30 mars 2000 personnes”.
CLOSE_YEARS = 2
# Then it may be the same day of another year.
OTHER_YEAR = Pattern(
    r"\b(?:l['’]an (?:dernier|passe|prochain)|annee (?:derniere|passee|prochaine|precedente|suivante)"
    r"|il y a un an|(?:last|next|previous) year(?!['’]s eve)|a year ago)\b"
)


def check(manuscript: Manuscript) -> Iterator[Finding]:
    """One finding for each such day; an error where the year was typed.

    A year that was left out is inferred from the issue's date: an agenda speaks of what is to come, any other text
    of the nearest such day; far from the issue either year will do.
    """
    near = issue_day(manuscript)
    for passage, mention in mentions(manuscript):
        for index, day in enumerate(mention.days):
            if day.weekday is not None and day.is_possible:
                yield from _check_day(manuscript, passage, mention, index, near)


def _check_day(
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
    yield RULE.at(
        passage.place(day.start, day.end),
        _("“{words}”: the weekday of {date} is “{weekday}”").format(
            words=passage.words(day.start, day.end),
            date=day_words(meant, language, has_year=True),
            weekday=weekday_name(meant.weekday(), language),
        ),
        suggestion=_suggestion(day, meant, language),
        level=Level.ERROR if is_certain else Level.WARNING,
    )


def _suggestion(day: Day, meant: date, language: str) -> str:
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
