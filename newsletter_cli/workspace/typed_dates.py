"""Days and hours in the words of an editor: `11 mai 2023 à 18h30`, `jeudi 11/05/2023`."""

from __future__ import annotations

import re
from datetime import date, datetime, time

from newsletter_cli.base.i18n import _
from newsletter_cli.base.pattern import Pattern
from newsletter_cli.model.moment import parse_moment

HOUR = Pattern(
    r"(?P<day>.*?\d)[\s,]*(?:[–-]|à|a|at|um)?\s*\b(?P<hour>\d{1,2})\s*(?:h|:)\s*(?P<minute>\d{2})?", re.IGNORECASE
)
FIRST_WORD = Pattern(r"(?P<word>[^\W\d_]+)\.?,?\s+(?P<rest>.*)")


class NotThatDay(ValueError):
    """The date exists and is another day of the week than the one named; the message says which."""


def read_typed_moment(text: str, language: str) -> date | datetime | None:
    """The day or moment that is meant, `None` for none.

    `language` is the newsletter's: in English `04/05/2026` could be either day, and is no date. Raises `NotThatDay`.
    """
    text = " ".join(text.split())
    if (moment := parse_moment(text)) is not None:
        return moment
    hour = HOUR.fullmatch(text)
    if hour is not None and (day := _day(hour["day"], language)) is not None:
        if int(hour["hour"]) > 23 or int(hour["minute"] or 0) > 59:
            return None
        return datetime.combine(day, time(int(hour["hour"]), int(hour["minute"] or 0)))
    return _day(text, language)


def split_starts(text: str, language: str) -> list[str]:
    """The days of a text that names several; itself alone for any other."""
    parts = re.split(r"\s*(?:[,;&]|\bet\b|\band\b)\s*", text)
    try:
        are_days = len(parts) > 1 and all(read_typed_moment(part, language) is not None for part in parts)
    except NotThatDay:
        return [text]
    return parts if are_days else [text]


def _day(text: str, language: str) -> date | None:
    # Most days are typed as dates, which need none of these.
    from newsletter_cli.markdown.dates import day_words, fold, weekday_name
    from newsletter_cli.markdown.dates.names import WEEKDAYS, numbers_of
    from newsletter_cli.workspace.importing.dates import parse_date

    weekday = None
    if (first := FIRST_WORD.fullmatch(text)) is not None:
        weekday = next(
            (days[fold(first["word"])] for days in map(numbers_of, WEEKDAYS.values()) if fold(first["word"]) in days),
            None,
        )
        text = text if weekday is None else first["rest"].removeprefix("le ")
    text = text.removeprefix("le ")
    if re.fullmatch(r"\d*", text):
        return None
    read = parse_date(text, language)
    if read is None or isinstance(read.value, datetime) or (read.is_assumed and language.lower().startswith("en")):
        return None
    day = read.value
    if weekday is not None and weekday != day.weekday():
        raise NotThatDay(
            _("{date} is a {weekday}").format(
                date=day_words(day, language, has_year=True), weekday=weekday_name(day.weekday(), language)
            )
        )
    return day
