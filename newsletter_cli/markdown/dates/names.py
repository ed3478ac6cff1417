"""Names of days and months: as messages quote them, and as the patterns look for them."""

from __future__ import annotations

from datetime import date

WEEKDAY_NAMES = {
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
MONTH_NAMES = {
    "fr": (
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre",
        "décembre",
    ),
    "en": (
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ),
}  # fmt: skip
# Behind each other: whole names and what they are shortened to.
WEEKDAYS = {
    "fr": "lundi|lun mardi|mar mercredi|mer jeudi|jeu vendredi|ven|vend samedi|sam dimanche|dim",
    "en": "monday|mon tuesday|tue|tues wednesday|wed|weds thursday|thu|thur|thurs friday|fri saturday|sat sunday|sun",
}
MONTHS = {
    "fr": "janvier|janv|jan fevrier|fevr|fev mars avril|avr mai juin juillet|juil|juill aout septembre|sept|sep "
    "octobre|oct novembre|nov decembre|dec",
    "en": "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sept|sep "
    "october|oct november|nov december|dec",
}
# One character each: offsets stay.
FOLDED = str.maketrans("àâäáéèêëîïíôöóùûüúçñÀÂÄÁÉÈÊËÎÏÍÔÖÓÙÛÜÚÇÑ", "aaaaeeeeiiiooouuuucnAAAAEEEEIIIOOOUUUUCN")


def numbers_of(names: str) -> dict[str, int]:
    """Each name and short form with its place in the row, from 0."""
    return {form: index for index, forms in enumerate(names.split()) for form in forms.split("|")}


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
