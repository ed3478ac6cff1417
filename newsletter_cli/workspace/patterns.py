"""Patterns of titles and slugs: `Newsletter #{number}`, `lettre-{month}-{year}`."""

from __future__ import annotations

from datetime import date


def fill_slug(pattern: str, number: int, day: date | None, language: str) -> str:
    """The same for a slug, which stands in addresses and names of folders: the month without accents, `decembre`."""
    if day is not None and "{month}" in pattern:
        from slugify import slugify

        from newsletter_cli.render.dates import month_name

        pattern = pattern.replace("{month}", slugify(month_name(day, language)))
    return fill_pattern(pattern, number, day, language)


def fill_pattern(pattern: str, number: int, day: date | None, language: str) -> str:
    """The pattern with `{number}`, `{month}` (its name) and `{year}` filled in; without a date they stay empty."""
    values = {"number": str(number), "month": "", "year": ""}
    if day is not None:
        values["year"] = str(day.year)
        if "{month}" in pattern:
            from newsletter_cli.render.dates import month_name

            values["month"] = month_name(day, language)
    for name, value in values.items():
        pattern = pattern.replace(f"{{{name}}}", value)
    # An empty month leaves two spaces; a no-break space in the pattern is meant.
    return " ".join(part for part in pattern.split(" ") if part)
