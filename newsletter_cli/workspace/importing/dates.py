"""Dates as posts write them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Any

from msgspec import Struct

from newsletter_cli.base.pattern import Pattern
from newsletter_cli.workspace.importing.matching import normalise_title

# English, French, German, Spanish, Italian, Portuguese; without accents, as `normalise_title` leaves them.
MONTHS: dict[str, int] = {
    name: number
    for names in (
        "january february march april may june july august september october november december",
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre",
        "janv fevr mars avr mai juin juil aout sept oct nov dec",
        "januar februar marz april mai juni juli august september oktober november dezember",
        "jan feb maerz apr mai jun jul aug sept okt nov dez",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
        "janeiro fevereiro marco abril maio junho julho agosto setembro outubro novembro dezembro",
    )
    for number, name in enumerate(names.split(), 1)
}
ISO = re.compile(
    r"(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})"
    r"(?:(?:[ \t]+|T|t)(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?"
    r"[ \t]*(?P<zone>Z|z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?"
)
# "2023年4月1日"
CJK = Pattern(r"(?P<year>\d{4})年(?P<month>\d{1,2})月(?P<day>\d{1,2})日")
NUMERIC = re.compile(r"(?P<first>\d{1,2})[/.-](?P<second>\d{1,2})[/.-](?P<year>\d{4})")
# "March 28, 2023", "28 mars 2023", "28. März 2023", "28 de marzo de 2023", "1er avril 2023".
MONTH_FIRST = Pattern(r"(?P<month>[^\W\d_]+)\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?,? (?P<year>\d{4})")
DAY_FIRST = Pattern(r"(?P<day>\d{1,2})(?:er|st|nd|rd|th|\.)? (?:de )?(?P<month>[^\W\d_]+)\.?,? (?:de )?(?P<year>\d{4})")
NAME_DATE = Pattern(r"(?P<year>\d{4})[-_](?P<month>\d{2})[-_](?P<day>\d{2})(?!\d)")


class ReadDate(Struct, frozen=True):
    """A date as read. `is_assumed`: day and month could have been the other way round."""

    value: date | datetime
    is_assumed: bool = False


def parse_date(raw: Any, language: str) -> ReadDate | None:
    """The date that a header's value means, `None` when it means none.

    A time without offset stays without. `28/03/2023` can be read in one way only; `04/03/2023` is read
    day first, month first when `language` is English.
    """
    if isinstance(raw, date):
        return ReadDate(raw)
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        return None
    text = " ".join(str(raw).split())
    try:
        return _iso(text) or _numeric(text, language) or _worded(text) or _rfc_2822(text)
    except ValueError:
        return None


def parse_date_in_name(name: str) -> date | None:
    """The date a file name begins with (`2023-03-28-news.md`, as Jekyll wants them)."""
    found = NAME_DATE.match(name)
    try:
        return date(int(found["year"]), int(found["month"]), int(found["day"])) if found else None
    except ValueError:
        return None


def is_month(word: str) -> bool:
    """Whether the word is the name of a month in a language known here."""
    return normalise_title(word) in MONTHS


def _iso(text: str) -> ReadDate | None:
    if re.fullmatch(r"\d{8}", text):
        return ReadDate(date.fromisoformat(text))
    found = ISO.fullmatch(text) or CJK.fullmatch(text)
    if not found:
        return None
    day = date(int(found["year"]), int(found["month"]), int(found["day"]))
    if found.re is CJK.compiled or not found["hour"]:
        return ReadDate(day)
    moment = time(int(found["hour"]), int(found["minute"]), int(found["second"] or 0))
    return ReadDate(datetime.combine(day, moment, _zone(found["zone"])))


def _zone(text: str | None) -> timezone | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    digits = text[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return timezone(-offset if text[0] == "-" else offset)


def _numeric(text: str, language: str) -> ReadDate | None:
    found = NUMERIC.fullmatch(text)
    if not found:
        return None
    first, second, year = int(found["first"]), int(found["second"]), int(found["year"])
    is_ambiguous = first <= 12 and second <= 12 and first != second
    is_month_first = second > 12 or (is_ambiguous and language.lower().startswith("en"))
    day, month = (second, first) if is_month_first else (first, second)
    return ReadDate(date(year, month, day), is_ambiguous)


def _worded(text: str) -> ReadDate | None:
    for pattern in (MONTH_FIRST, DAY_FIRST):
        # A weekday may stand before; an hour after it is not read.
        found = re.fullmatch(rf"(?:[^\W\d_]+\.?,? )?{pattern.pattern}", text)
        if found and normalise_title(found["month"]) in MONTHS:
            return ReadDate(date(int(found["year"]), MONTHS[normalise_title(found["month"])], int(found["day"])))
    return None


def _rfc_2822(text: str) -> ReadDate | None:
    # The parser is lenient to a fault: without a month's name it makes a date of almost anything.
    if not re.match(r"(?:[A-Za-z]{3}, )?\d{1,2} [A-Za-z]{3} \d{4} \d", text):
        return None
    from email.utils import parsedate_to_datetime

    return ReadDate(parsedate_to_datetime(text))
