from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from babel.core import Locale

from newsletter_cli.base.errors import ConfigError
from newsletter_cli.markdown.dates.names import MONTH_NAMES, WEEKDAY_NAMES
from newsletter_cli.model import Event
from newsletter_cli.render.dates import day_badge, format_day, format_event_time
from newsletter_cli.render.words import parse_words

FOLDER = Path(__file__).parents[2] / "templates" / "words"
WORDS = {
    language: parse_words((FOLDER / f"{language}.toml").read_text("utf-8"), file=language) for language in ("fr", "en")
}
PARIS, LONDON = ZoneInfo("Europe/Paris"), ZoneInfo("Europe/London")


def at(*when: int, zone: object = PARIS) -> datetime:
    return datetime(*when, tzinfo=zone)  # type: ignore[arg-type, misc]


def event(start: date, end: date | None = None) -> Event:
    return Event(title="x", start=start, end=end)


AFTERNOON = event(at(2023, 3, 30, 14), at(2023, 3, 30, 17, 30))
CASES = [
    (AFTERNOON, "jeudi 30 mars 2023, de 14~h à 17~h~30", "Thursday 30 March 2023, 2~pm to 5:30~pm"),
    (event(at(2023, 4, 6, 11)), "jeudi 6 avril 2023, à 11~h", "Thursday 6 April 2023, 11~am"),
    (event(at(2023, 4, 6, 9, 5)), "jeudi 6 avril 2023, à 9~h~05", "Thursday 6 April 2023, 9:05~am"),
    (event(date(2023, 3, 30)), "jeudi 30 mars 2023", "Thursday 30 March 2023"),
    (event(date(2023, 3, 30), date(2023, 3, 30)), "jeudi 30 mars 2023", "Thursday 30 March 2023"),
    (event(date(2023, 11, 1)), "mercredi 1er novembre 2023", "Wednesday 1 November 2023"),
    (
        event(date(2023, 6, 14), date(2023, 6, 17)),
        "du mercredi 14 au samedi 17 juin 2023",
        "Wednesday 14 to Saturday 17 June 2023",
    ),
    (event(date(2023, 3, 30), date(2023, 4, 2)), "du 30 mars au 2 avril 2023", "30 March to 2 April 2023"),
    (
        event(date(2023, 12, 30), date(2024, 1, 1)),
        "du 30 décembre 2023 au 1er janvier 2024",
        "30 December 2023 to 1 January 2024",
    ),
    (
        event(at(2023, 3, 30, 14), at(2023, 3, 31, 12)),
        "du jeudi 30 mars 2023 à 14~h au vendredi 31 mars 2023 à 12~h",
        "Thursday 30 March 2023, 2~pm to Friday 31 March 2023, 12~pm",
    ),
    # Midnight ends the day; an end that is not after the start is no end.
    (
        event(at(2023, 3, 30, 20), at(2023, 3, 31)),
        "jeudi 30 mars 2023, de 20~h à 0~h",
        "Thursday 30 March 2023, 8~pm to 12~am",
    ),
    (event(at(2023, 3, 30, 20), at(2023, 3, 30, 20)), "jeudi 30 mars 2023, à 20~h", "Thursday 30 March 2023, 8~pm"),
    (event(date(2023, 3, 30), date(2023, 3, 1)), "jeudi 30 mars 2023", "Thursday 30 March 2023"),
]


@pytest.mark.parametrize(("item", "french", "english"), CASES)
def test_shipped_languages(item: Event, french: str, english: str) -> None:
    assert format_event_time(item, WORDS["fr"], "fr", "Europe/Paris") == french.replace("~", "\u00a0")
    assert format_event_time(item, WORDS["en"], "en", "Europe/Paris") == english.replace("~", "\u00a0")


ZONES = [
    (at(2023, 3, 30, 9, zone=LONDON), " (heure d’été britannique)"),
    (at(2023, 3, 30, 9, zone=UTC), " (temps universel coordonné)"),
    (at(2023, 3, 30, 9, zone=timezone(timedelta(hours=-3))), " (UTC-03:00)"),
    # The same clock as the newsletter's needs no name: an offset as YAML reads it, a zone next door.
    (at(2023, 3, 30, 9, zone=timezone(timedelta(hours=2))), ""),
    (at(2023, 3, 30, 9, zone=ZoneInfo("Europe/Berlin")), ""),
    (datetime(2023, 3, 30, 9), ""),
]


@pytest.mark.parametrize(("start", "zone"), ZONES)
def test_a_zone_is_named_only_where_the_clock_differs(start: datetime, zone: str) -> None:
    result = format_event_time(event(start), WORDS["fr"], "fr", "Europe/Paris")
    assert result == "jeudi 30 mars 2023, à 9\u00a0h" + zone


def test_end_is_told_on_the_clock_of_the_start() -> None:
    item = event(at(2023, 3, 30, 9, zone=LONDON), at(2023, 3, 30, 12))
    assert "de 9\u00a0h à 11\u00a0h (heure d’été britannique)" in format_event_time(
        item, WORDS["fr"], "fr", "Europe/Paris"
    )


def test_offsets_across_a_change_of_clocks() -> None:
    winter, summer = timezone(timedelta(hours=1)), timezone(timedelta(hours=2))
    item = event(at(2023, 3, 25, 14, zone=winter), at(2023, 3, 27, 12, zone=summer))
    expected = "du samedi 25 mars 2023 à 14\u00a0h au lundi 27 mars 2023 à 12\u00a0h"
    assert format_event_time(item, WORDS["fr"], "fr", "Europe/Paris") == expected


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("de", "Donnerstag, 30. März 2023, 14:00 – 17:30"),
        ("ar", "الخميس، 30 مارس 2023"),
        ("ja", "2023年3月30日木曜日"),
        ("pt-BR", "quinta-feira, 30 de março de 2023"),
    ],
)
def test_any_language_has_generic_patterns(language: str, expected: str) -> None:
    # The words of another language lend no pattern: « Donnerstag, de 14 h » would be neither.
    assert format_event_time(AFTERNOON, WORDS["fr"], language, "Europe/Paris").startswith(expected)
    for item, _french, _english in CASES:
        result = format_event_time(item, WORDS["en"], language, "Europe/Paris")
        assert "2023" in result
        assert "'" not in result
        assert "{" not in result


def test_a_regional_tag_uses_the_language() -> None:
    assert format_day(date(2023, 3, 30), WORDS["fr"], "fr-FR") == "jeudi 30 mars 2023"
    assert format_day(date(2023, 3, 30), WORDS["fr"], "fr_XX") == "jeudi 30 mars 2023"


def test_format_day_of_a_datetime() -> None:
    assert format_day(at(2023, 5, 1, 23, 59), WORDS["fr"], "fr") == "lundi 1er mai 2023"


@pytest.mark.parametrize(
    ("item", "badge"),
    [
        (AFTERNOON, ("30", "mars")),
        (event(date(2023, 6, 14), date(2023, 6, 17)), ("14–17", "juin")),
        (event(date(2023, 3, 30), date(2023, 4, 2)), ("30–2", "mars–avr.")),
        (event(at(2023, 3, 30, 20), at(2023, 3, 31)), ("30", "mars")),
        (event(date(2023, 11, 1)), ("1", "novembre")),
        (event(date(2023, 3, 30), date(2023, 3, 1)), ("30", "mars")),
    ],
)
def test_day_badge(item: Event, badge: tuple[str, str]) -> None:
    assert day_badge(item, WORDS["fr"], "fr") == badge


def test_unknown_language_and_zone_are_named() -> None:
    with pytest.raises(ConfigError, match="xx-yy"):
        format_day(date(2023, 3, 30), WORDS["fr"], "xx-yy")
    for name in ("Europe/Pariss", "", "../etc", "Europe"):
        with pytest.raises(ConfigError, match="time zone"):
            format_event_time(AFTERNOON, WORDS["fr"], "fr", name)


def test_the_machine_has_no_say(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    monkeypatch.setenv("LC_ALL", "ja_JP.UTF-8")
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert format_event_time(AFTERNOON, WORDS["fr"], "fr", "Europe/Paris").startswith("jeudi 30 mars 2023")


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_names_are_those_of_cldr(language: str) -> None:
    locale = Locale.parse(language)
    assert dict(enumerate(MONTH_NAMES[language], 1)) == dict(locale.months["format"]["wide"])
    assert dict(enumerate(WEEKDAY_NAMES[language])) == dict(locale.days["format"]["wide"])
