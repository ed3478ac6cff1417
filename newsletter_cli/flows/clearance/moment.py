"""Moments as an editor types them for `nl send --at`: `2026-12-03T09:30`, `jeudi 9h30`, `tomorrow 9am`.

The words are those of the newsletter's language; the other language's are understood where they are whole names. What
is not understood to its last letter is refused: a send at another hour than was meant cannot be taken back.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _, interface_language
from newsletter_cli.flows.clearance.moment_telling import said_in_full, said_short, seconds_until
from newsletter_cli.markdown.dates import day_words, fold
from newsletter_cli.markdown.dates.names import MONTHS, WEEKDAYS, numbers_of
from newsletter_cli.model.moment import parse_moment

MOST_WEEKS = 8
DAYS = {
    "today": 0, "aujourd'hui": 0, "tomorrow": 1, "demain": 1, "day after tomorrow": 2, "the day after tomorrow": 2,
    "apres-demain": 2, "apres demain": 2,
}  # fmt: skip
HOUR = (
    r"(?P<hour>\d{1,2}) ?(?::|h(?:eures?)?) ?(?P<minute>\d\d) ?(?P<half>[ap]\.?m\.?)?"
    r"|(?P<whole>\d{1,2}) ?(?:h(?:eures?)?|(?P<whole_half>[ap]\.?m\.?))|(?P<noon>noon|midi)"
)
HOUR_BEHIND = re.compile(rf"(?:^|[ ,]+|(?<=\d)t)(?:(?:at|a|@) ?)?(?:{HOUR})$")
HOUR_BEFORE = re.compile(rf"(?:(?:at|a|@) ?)?(?:{HOUR})(?:[ ,]+|$)")
LEADS = r"(?:(?:le|on|the) )?"
WEEKDAY = re.compile(rf"{LEADS}(?P<next>next )?(?P<weekday>[a-z]+)\.?(?P<prochain> prochain)?")
WEEKDAY_BEFORE = re.compile(rf"{LEADS}(?P<weekday>[a-z]+)\.?,? (?=.*\d)")
ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)")
DAY_MONTH = re.compile(
    rf"{LEADS}(?P<day>\d{{1,2}})(?:er|st|nd|rd|th)? (?:(?:de|of) )?(?P<name>[a-z]+)\.?(?:,? (?P<year>\d{{4}}))?"
)
MONTH_DAY = re.compile(r"(?P<name>[a-z]+)\.? (?P<day>\d{1,2})(?:st|nd|rd|th)?(?:,? (?P<year>\d{4}))?")
FIGURES = re.compile(rf"{LEADS}(?P<first>\d{{1,2}})[/.](?P<second>\d{{1,2}})(?:[/.](?P<year>\d{{4}}))?")


def parse_at(text: str, *, language: str, timezone: str, now: datetime) -> datetime:
    """The moment that is meant, in the newsletter's time zone. `language` is the newsletter's, `now` knows its zone.

    It may be past. Raises `UsageError` for what is not understood, or is no one moment.
    """
    typed = " ".join(text.split())
    zone = ZoneInfo(timezone)
    here = now.astimezone(zone)
    said = parse_moment(typed)
    if isinstance(said, datetime):
        return said.astimezone(zone) if said.tzinfo else _one_moment(said, zone)
    folded = fold(typed).replace("’", "'").strip(" ,")
    found = HOUR_BEHIND.search(folded)
    rest = folded[: found.start()] if found else folded
    if found is None:
        found = HOUR_BEFORE.match(folded)
        rest = folded[found.end() :] if found else folded
    reader = _Reader(typed=typed, language=language.lower().partition("-")[0], today=here.date())
    if found is None:
        raise reader.without_hour(folded)
    hour = _hour(found, typed, reader.language)
    day, is_movable = reader.day(rest.strip(" ,"))
    moment = _one_moment(datetime.combine(day, hour), zone)
    if is_movable and seconds_until(moment, now=now) <= 0:
        moment = _one_moment(datetime.combine(day + timedelta(days=7), hour), zone)
    return moment


def refuse_unreachable(moment: datetime, *, now: datetime) -> None:
    """Raises `UsageError` for a moment that is past, or too far away for anybody to remember."""
    seconds = seconds_until(moment, now=now)
    if seconds <= 0:
        raise UsageError(
            _("that moment is past already: {moment}").format(moment=said_in_full(moment, now=now)),
            hint=_("name a later one; without --at it goes now"),
        )
    if seconds > MOST_WEEKS * 7 * 86400:
        raise UsageError(
            _("{moment}: that is more than {count} weeks away").format(
                moment=said_in_full(moment, now=now), count=MOST_WEEKS
            ),
            hint=_("is the year right? A send is ordered some days before"),
        )


def _hour(found: re.Match[str], typed: str, language: str) -> time:
    if found["noon"]:
        return time(12)
    hour, minute = int(found["hour"] or found["whole"]), int(found["minute"] or 0)
    half = (found["half"] or found["whole_half"] or "")[:1]
    if hour > (12 if half else 23) or minute > 59 or (half and not hour):
        raise UsageError(
            _("“{text}”: there is no such hour").format(text=typed),
            hint=_("for instance: {at}").format(at=_example(language)),
        )
    return time(hour % 12 + 12 * (half == "p") if half else hour, minute)


class _Reader(Struct, frozen=True, kw_only=True):
    """Reads the day. `typed` is what errors quote."""

    typed: str
    language: str
    today: date

    def without_hour(self, text: str) -> UsageError:
        """What is wrong with a day without its hour. Raises `UsageError` where it is no day either."""
        self.day(text)
        return UsageError(
            _("“{text}”: at what hour?").format(text=self.typed), hint=_("for instance: {at}").format(at=self._example)
        )

    def day(self, text: str) -> tuple[date, bool]:
        """The day, and whether it is the one a week later where its hour is over. Raises `UsageError`."""
        if not text:
            raise UsageError(
                _("“{text}”: on what day?").format(text=self.typed),
                hint=_("for instance: {at}").format(at=self._example),
            )
        if text in DAYS:
            return self.today + timedelta(days=DAYS[text]), False
        found = WEEKDAY.fullmatch(text)
        weekday = self._weekday(found["weekday"]) if found else None
        if found and weekday is not None:
            return self._on_weekday(weekday, found)
        announced = WEEKDAY_BEFORE.match(text)
        weekday = self._weekday(announced["weekday"]) if announced else None
        if announced and weekday is not None:
            text = text[announced.end() :]
        day = self._dated(text)
        if day is None:
            raise UsageError(
                _("“{text}” is no moment that is understood").format(text=self.typed),
                hint=_("for instance: {at}, or 2026-12-03T09:30").format(at=self._example),
            )
        if weekday is not None and weekday != day.weekday():
            raise UsageError(
                _("“{text}”: that day is a {weekday}").format(
                    text=self.typed, weekday=day_words(day, interface_language(), has_weekday=True, has_year=True)
                ),
                hint=_("which of the two is meant?"),
            )
        return day, False

    def _on_weekday(self, weekday: int, found: re.Match[str]) -> tuple[date, bool]:
        """The next such day, today included where the hour is still ahead. “prochain”: the first after today; English
        “next” where that is the same as what everybody means by it.
        """
        days = (weekday - self.today.weekday()) % 7
        is_next = bool(found["next"] or found["prochain"])
        first = self.today + timedelta(days=days or 7 * is_next)
        if found["next"] and self.today.weekday() < weekday:
            raise UsageError(
                _("“{text}” may be {first} or {second}").format(
                    text=self.typed,
                    first=day_words(first, interface_language(), has_weekday=True),
                    second=day_words(first + timedelta(days=7), interface_language(), has_weekday=True),
                ),
                hint=_("say the date: {date}T09:30").format(date=first.isoformat()),
            )
        return first, not is_next

    def _dated(self, text: str) -> date | None:
        if found := ISO.fullmatch(text):
            return self._date(int(found["year"]), int(found["month"]), int(found["day"]))
        if found := DAY_MONTH.fullmatch(text) or MONTH_DAY.fullmatch(text):
            month = self._month(found["name"])
            return None if month is None else self._date(_year(found), month, int(found["day"]))
        if found := FIGURES.fullmatch(text):
            first, second = int(found["first"]), int(found["second"])
            if self.language == "fr":
                return self._date(_year(found), second, first)
            # Americans write the month first, the British the day.
            raise UsageError(
                _("“{text}”: which is the day, and which the month?").format(text=self.typed),
                hint=_("say the date: {date}T09:30").format(date=self.today.isoformat()),
            )
        return None

    def _date(self, year: int | None, month: int, day: int) -> date:
        """That day; without its year the next one. Raises `UsageError` where there is none."""
        try:
            if year is not None:
                return date(year, month, day)
            this = date(self.today.year, month, day)
            return this if this >= self.today else date(self.today.year + 1, month, day)
        except ValueError:
            raise UsageError(
                _("“{text}”: there is no such day").format(text=self.typed),
                hint=_("for instance: {at}").format(at=self._example),
            ) from None

    def _weekday(self, name: str) -> int | None:
        return _number(name, WEEKDAYS, self.language)

    def _month(self, name: str) -> int | None:
        found = _number(name, MONTHS, self.language)
        return None if found is None else found + 1

    @property
    def _example(self) -> str:
        return _example(self.language)


def _example(language: str) -> str:
    return "jeudi 9h30" if language == "fr" else "thursday 9:30"


def _year(found: re.Match[str]) -> int | None:
    return int(found["year"]) if found["year"] else None


def _number(name: str, names: Mapping[str, str], language: str) -> int | None:
    """The number of a day or month: every form in the newsletter's language, whole names in the other. “mar” is Tuesday
    in French and March in English.
    """
    own = language if language in names else "en"
    found = numbers_of(names[own]).get(name)
    if found is not None:
        return found
    others = [forms.split("|")[0] for one, words in names.items() if one != own for forms in words.split()]
    return others.index(name) % (len(others) // (len(names) - 1)) if name in others else None


def _one_moment(naive: datetime, zone: ZoneInfo) -> datetime:
    """The moment that clocks of the zone show so. Raises `UsageError` where they never do, or twice."""
    first, second = naive.replace(tzinfo=zone, fold=0), naive.replace(tzinfo=zone, fold=1)
    if first.utcoffset() == second.utcoffset():
        return first
    if first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) != naive:
        later = first.astimezone(UTC).astimezone(zone)
        raise UsageError(
            _("{moment} does not exist in {zone}: clocks are put forward then").format(
                moment=said_short(naive), zone=zone.key
            ),
            hint=_("for instance: {at}").format(at=later.replace(tzinfo=None).isoformat(timespec="minutes")),
        )
    raise UsageError(
        _("{moment} comes twice in {zone}: clocks are put back then").format(moment=said_short(naive), zone=zone.key),
        hint=_("say which: {first} or {second}").format(
            first=first.isoformat(timespec="minutes"), second=second.isoformat(timespec="minutes")
        ),
    )
