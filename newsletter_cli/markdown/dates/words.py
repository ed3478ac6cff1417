"""A day in words: for messages that quote what should stand in the text."""

from __future__ import annotations

from datetime import date

from newsletter_cli.markdown.dates.names import MONTH_NAMES, WEEKDAY_NAMES


def weekday_name(weekday: int, language: str) -> str:
    """`jeudi`, `Thursday`; 0 is Monday."""
    return WEEKDAY_NAMES[_primary(language)][weekday]


def day_words(day: date, language: str, *, has_weekday: bool = False, has_year: bool = False) -> str:
    """`jeudi 30 mars`, `1er avril 2023`, `Thursday, March 30`."""
    primary = _primary(language)
    month = MONTH_NAMES[primary][day.month - 1]
    weekday = weekday_name(day.weekday(), language) if has_weekday else ""
    if primary == "fr":
        number = "1er" if day.day == 1 else str(day.day)
        return " ".join(part for part in (weekday, number, month, str(day.year) if has_year else "") if part)
    words = f"{month} {day.day}" + (f", {day.year}" if has_year else "")
    return f"{weekday}, {words}" if weekday else words


def _primary(language: str) -> str:
    primary = language.lower().partition("-")[0]
    return primary if primary in WEEKDAY_NAMES else "en"
