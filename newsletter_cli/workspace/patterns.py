"""Patterns of titles and slugs: `Newsletter #{number}`, `lettre-{month}-{year}`."""

from __future__ import annotations

from datetime import date


def fill_pattern(pattern: str, number: int, day: date | None, language: str) -> str:
    """The pattern with `{number}`, `{month}` (its name) and `{year}` filled in; without a date they stay empty."""
    values = {"number": str(number), "month": "", "year": ""}
    if day is not None:
        values["year"] = str(day.year)
        if "{month}" in pattern:
            values["month"] = _month_name(day, language)
    for name, value in values.items():
        pattern = pattern.replace(f"{{{name}}}", value)
    return " ".join(pattern.split(" ")).strip()


def _month_name(day: date, language: str) -> str:
    from babel.dates import format_date

    return format_date(day, "LLLL", locale=language.replace("-", "_"))
