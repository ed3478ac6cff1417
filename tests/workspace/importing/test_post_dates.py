from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from newsletter_cli.workspace.importing.dates import ReadDate, parse_date, parse_date_in_name

DAY = date(2023, 3, 28)
PARIS = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (DAY, DAY),
        ("2023-03-28", DAY),
        (" 2023/3/28 ", DAY),
        (20230328, DAY),
        ("March 28, 2023", DAY),
        ("Tuesday, Mar. 28, 2023", DAY),
        ("28th March 2023", DAY),
        ("mardi 28 mars 2023", DAY),
        ("28 Mars, 2023", DAY),
        ("28. März 2023", DAY),
        ("28 de marzo de 2023", DAY),
        ("1er août 2023", date(2023, 8, 1)),
        ("2023年3月28日", DAY),
        ("28/03/2023", DAY),
        ("28.03.2023", DAY),
        ("03/28/2023", DAY),
        ("2023-03-28T13:00:00+01:00", datetime(2023, 3, 28, 13, tzinfo=PARIS)),
        ("2023-03-28 13:00:00 +0100", datetime(2023, 3, 28, 13, tzinfo=PARIS)),
        ("2023-03-28 13:00 -05", datetime(2023, 3, 28, 13, tzinfo=timezone(timedelta(hours=-5)))),
        ("2023-03-28T13:00:00.25Z", datetime(2023, 3, 28, 13, tzinfo=UTC)),
        ("2013-06-07 19:42", datetime(2013, 6, 7, 19, 42)),
        ("Tue, 28 Mar 2023 13:00:00 +0100", datetime(2023, 3, 28, 13, tzinfo=PARIS)),
    ],
)
def test_dates_as_posts_write_them(raw: Any, expected: date) -> None:
    read = parse_date(raw, "fr")
    assert read == ReadDate(expected)
    if isinstance(expected, datetime):
        assert read
        assert isinstance(read.value, datetime)
        assert read.value.utcoffset() == expected.utcoffset()


@pytest.mark.parametrize(
    ("language", "expected"), [("fr", date(2023, 3, 4)), ("de", date(2023, 3, 4)), ("en-US", date(2023, 4, 3))]
)
def test_a_date_with_two_readings_is_read_as_the_language_writes_it_and_said_so(language: str, expected: date) -> None:
    assert parse_date("04/03/2023", language) == ReadDate(expected, is_assumed=True)


def test_the_same_number_twice_has_one_reading() -> None:
    assert parse_date("03/03/2023", "en") == ReadDate(date(2023, 3, 3))


@pytest.mark.parametrize(
    "raw",
    [
        "today",
        "last-modified",
        "2023-02-30",
        "31/02/2023",
        "2023-03-28 25:00",
        "2023-03",
        "12 Brumaire 2023",
        "99999999",
        "2023-03-28 10:00 +99:00",
        "",
        True,
        2023,
        1.5,
        [],
        {},
    ],
)
def test_what_is_no_date(raw: Any) -> None:
    assert parse_date(raw, "fr") is None


def test_dates_in_file_names() -> None:
    assert parse_date_in_name("2023-03-28-news.md") == DAY
    assert parse_date_in_name("2023_03_28.md") == DAY
    assert parse_date_in_name("2023-03-281.md") is None
    assert parse_date_in_name("2023-13-28-news.md") is None
    assert parse_date_in_name("news-2023-03-28.md") is None
