from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.markdown.dates import (
    Day,
    day_words,
    find_backward_hours,
    find_dates,
    fold,
    possible_years,
    weekday_name,
)
from tests.examples import examples

NEAR = date(2024, 5, 6)
MARK = "\ufffc"


def found(text: str, language: str = "fr") -> list[str]:
    """Each mention as `2024-05-14`, `2024-05-14, 2024-05-16`, `2024-05-14 > 2024-05-17`; `?` for no day."""
    rows = []
    for mention in find_dates(text.replace("|", MARK), language):
        joint = " > " if mention.is_range else ", "
        rows.append(joint.join("?" if day is None else day.isoformat() for day in mention.dates(NEAR)))
    return rows


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("le mardi 14 mai à midi", ["2024-05-14"]),
        ("MARDI 14 MAI", ["2024-05-14"]),
        ("||Mardi|| 14\nmai", ["2024-05-14"]),
        ("||Mardi 14 mai|| et ||jeudi||", ["2024-05-14"]),
        ("14\u00a0mai\u00a02025", ["2025-05-14"]),
        ("le 1er juin, le 1ᵉʳ juillet", ["2024-06-01, 2024-07-01"]),
        ("mar. 14 mai, 3 févr. 2025, 12 sept., 25 déc. 2023", ["2024-05-14, 2025-02-03, 2024-09-12, 2023-12-25"]),
        ("mar. 14/05, mer 15/05/24, 16/05/2024, 17.05.2024, 2024-05-18",
         ["2024-05-14, 2024-05-15, 2024-05-16, 2024-05-17, 2024-05-18"]),
        ("lundi 13 et mardi 14 mai", ["2024-05-13, 2024-05-14"]),
        ("les 13, 14 et 16 mai", ["2024-05-13, 2024-05-14, 2024-05-16"]),
        ("mardi 14 mai et jeudi 6 juin 2024", ["2024-05-14, 2024-06-06"]),
        ("14 au 17 mai 2024", ["2024-05-14 > 2024-05-17"]),
        ("du lundi 13 au mercredi 15 mai", ["2024-05-13 > 2024-05-15"]),
        ("du 30 mai au 2 juin", ["2024-05-30 > 2024-06-02"]),
        ("entre le 13 et le 15 mai", ["2024-05-13 > 2024-05-15"]),
        ("14-17 mai, 20–22 mai", ["2024-05-14 > 2024-05-17", "2024-05-20 > 2024-05-22"]),
        ("14/15 mai", ["2024-05-14, 2024-05-15"]),
        ("30 mai – 2 juin", ["2024-05-30 > 2024-06-02"]),
        ("du 28 décembre au 3 janvier 2025", ["2024-12-28 > 2025-01-03"]),
        ("du 20 décembre au 4 janvier", ["2023-12-20 > 2024-01-04"]),
        ("le 31 avril et le 30 février 2025", ["?, ?"]),
        ("le 14 juillet 1789", ["1789-07-14"]),
    ],
)  # fmt: skip
def test_french_days(text: str, days: list[str]) -> None:
    assert found(text) == days


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Tuesday, May 14", ["2024-05-14"]),
        ("on Tuesday 14 May 2024.", ["2024-05-14"]),
        ("the 14th of May, May 15th", ["2024-05-14, 2024-05-15"]),
        ("Tue. 14 May, Thurs 16 May", ["2024-05-14, 2024-05-16"]),
        ("May 14–17, 2025; June 3-5; June 10 to 12", ["2025-05-14 > 2025-05-17", "2024-06-03 > 2024-06-05",
                                                        "2024-06-10 > 2024-06-12"]),
        ("from 14 to 17 May", ["2024-05-14 > 2024-05-17"]),
        ("Monday, May 13 to Wednesday, May 15", ["2024-05-13 > 2024-05-15"]),
        ("05/14/2024 and 14/05/2024 but not 05/06/2024", ["2024-05-14, 2024-05-14"]),
    ],
)  # fmt: skip
def test_english_days(text: str, days: list[str]) -> None:
    assert found(text, "en") == days


@pytest.mark.parametrize(
    "text",
    [
        "mardi",
        "rendez-vous jeudi 30",
        "version 30/03, fraction 3/4, mardi 1/2 journée, jeudi 1/4 de finale",
        "01 30 03 20 24",
        "Mars est loin, avril aussi",
        "14h30 mai, 1,5 mars, B12-14 juin, Covid-19 mars",
        "114 mai, #14 mai, 2024-14 mai",
        "/2024/05-14/ et 14.05.2024.3",
        "",
    ],
)
def test_what_is_no_day(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize("text", ["May I?", "we march on", "may 14", "March on 3", "sat 14 may", "14 Mayflower"])
def test_what_is_no_day_in_english(text: str) -> None:
    assert found(text, "en") == []


def test_a_mention_knows_what_it_is_made_of() -> None:
    text = "Du mardi 14 au 16 mai 2024"
    (mention,) = find_dates(text, "fr")
    first, last = mention.days
    assert text[mention.start : mention.end] == "mardi 14 au 16 mai 2024"
    assert text[first.start : first.end] == "mardi 14"
    assert (first.day, first.month, first.year, first.weekday) == (14, 5, 2024, 1)
    assert (last.day, last.weekday) == (16, None)
    assert find_dates(text, "de") == ()


def test_words_say_which_year() -> None:
    day = Day(start=0, end=0, day=14, month=11)
    assert possible_years(day, NEAR) == (2023, 2024)
    assert possible_years(day, NEAR, "ahead") == (2024,)
    assert possible_years(day, NEAR, "behind") == (2023,)
    assert possible_years(day, None) == ()
    assert possible_years(Day(start=0, end=0, day=12, month=1), date(2022, 12, 10)) == (2023,)
    assert possible_years(Day(start=0, end=0, day=29, month=2), date(2025, 5, 6), "ahead") == ()
    assert find_dates("mardi 14 mai dernier", "fr")[0].leaning == "behind"
    assert find_dates("mardi 14 mai prochain", "fr")[0].leaning == "ahead"
    assert find_dates("last Tuesday, May 14", "en")[0].leaning == "behind"


DAYS = st.dates(date(1995, 1, 1), date(2090, 12, 31))


@examples(30)
@given(
    DAYS, st.sampled_from(["fr", "en"]), st.booleans(), st.booleans(), st.sampled_from(["", "mot ", "(", "||", "\n"])
)
def test_a_day_in_words_is_found_again(
    day: date, language: str, has_weekday: bool, has_year: bool, before: str
) -> None:
    before = before.replace("|", MARK)
    words = day_words(day, language, has_weekday=has_weekday, has_year=has_year)
    (mention,) = find_dates(f"{before}{words}, fin.", language)
    (one,) = mention.days
    assert (one.day, one.month) == (day.day, day.month)
    assert one.year == (day.year if has_year else None)
    assert one.weekday == (day.weekday() if has_weekday else None)
    assert f"{before}{words}, fin."[one.start : one.end] == words
    for gap in (-55, 0, 55):
        near = day + timedelta(days=gap)
        assert mention.dates(near) == (day,)


PIECES = [
    "mardi", "mar.", "Tuesday", "14", "1er", "31", "2024", "mai", "mai.", "May", "mars", "au", "et", "to", "and", "les",
    "entre le", "dernier", " ", " ", " ", "\n", MARK, "-", "–", "/", ",", ".", "h", ":", "14h30", "İ", "é", "05",
]  # fmt: skip


@examples(50)
@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join), st.sampled_from(["fr", "en"]))
def test_mentions_lie_in_the_text_in_order(text: str, language: str) -> None:
    assert len(fold(text)) == len(text)
    position = 0
    for mention in find_dates(text, language):
        assert position <= mention.start < mention.end <= len(text)
        position = mention.end
        assert len(mention.dates(NEAR)) == len(mention.days)
        assert not mention.is_range or len(mention.days) == 2
        for day in mention.days:
            assert mention.start <= day.start < day.end <= mention.end
            assert str(day.day) in text[day.start : day.end]
            if day.weekday is not None:
                word = re.split(r"\W", fold(text[day.start : day.end]), maxsplit=1)[0]
                assert fold(weekday_name(day.weekday, language)).startswith(word)
    list(find_backward_hours(fold(text), language))


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("de 16h à 14h", "fr", "16h à 14h"),
        ("16h30 - 15h00", "fr", "16h30 - 15h00"),
        ("14:00–13:00", "en", "14:00–13:00"),
        ("2pm to 1 p.m.", "en", "2pm to 1 p.m."),
        ("12 pm to 11 am", "en", "12 pm to 11 am"),
        ("de 22h à 2h, de 18h à 8h, 10h-12h, 26h-25h", "fr", None),
        ("12 pm to 1 pm, 11 am–12 pm, 10:00-11:30", "en", None),
    ],
)
def test_hours_that_run_backwards(text: str, language: str, words: str | None) -> None:
    shown = [text[one.start : one.end] for one in find_backward_hours(fold(text), language)]
    assert shown == ([] if words is None else [words])
