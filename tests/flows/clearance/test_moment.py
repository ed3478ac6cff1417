"""The moment that an editor types for a send."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.base.errors import UsageError
from newsletter_cli.flows.clearance.moment import parse_at, refuse_unreachable

PARIS = ZoneInfo("Europe/Paris")
MONDAY_EVENING = datetime(2026, 11, 30, 22, 30, tzinfo=PARIS)


def parsed(text: str, *, language: str = "fr", now: datetime = MONDAY_EVENING) -> str:
    return parse_at(text, language=language, timezone="Europe/Paris", now=now).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-03T09:30", "2026-12-03T09:30+01:00"),
        ("2026-12-03 9h30", "2026-12-03T09:30+01:00"),
        ("2026-12-03 9:30", "2026-12-03T09:30+01:00"),
        ("2026-12-03T09:30Z", "2026-12-03T10:30+01:00"),
        ("jeudi 9h30", "2026-12-03T09:30+01:00"),
        ("Jeudi\u00a09\u202fh\u202f30 ", "2026-12-03T09:30+01:00"),
        ("jeu. 9h", "2026-12-03T09:00+01:00"),
        ("jeudi prochain à 9 h", "2026-12-03T09:00+01:00"),
        ("9h30 jeudi", "2026-12-03T09:30+01:00"),
        ("jeudi midi", "2026-12-03T12:00+01:00"),
        ("demain 8h", "2026-12-01T08:00+01:00"),
        ("après-demain à 8 heures", "2026-12-02T08:00+01:00"),
        ("aujourd’hui 23h", "2026-11-30T23:00+01:00"),
        ("le 3 décembre à 9h30", "2026-12-03T09:30+01:00"),
        ("jeudi 3 déc. 2026, 9h30", "2026-12-03T09:30+01:00"),
        ("1er janvier 9h", "2027-01-01T09:00+01:00"),
        ("3/12/2026 9h", "2026-12-03T09:00+01:00"),
        ("thursday 9:30", "2026-12-03T09:30+01:00"),
        ("tomorrow 9am", "2026-12-01T09:00+01:00"),
        ("at 9:30 p.m. on Thursday", "2026-12-03T21:30+01:00"),
        ("December 3 at 12 pm", "2026-12-03T12:00+01:00"),
        ("Thursday, 3rd of December 12am", "2026-12-03T00:00+01:00"),
        ("next monday 9:30", "2026-12-07T09:30+01:00"),
        # Today while its hour is ahead; else in a week.
        ("lundi 23h", "2026-11-30T23:00+01:00"),
        ("lundi 9h", "2026-12-07T09:00+01:00"),
        ("lundi prochain 23h", "2026-12-07T23:00+01:00"),
        # “mar” is Tuesday here, and no month.
        ("mar 9h", "2026-12-01T09:00+01:00"),
    ],
)
def test_what_is_understood(text: str, moment: str) -> None:
    assert parsed(text) == moment


@pytest.mark.parametrize(
    ("text", "language", "complaint"),
    [
        ("jeudi", "fr", "at what hour?"),
        ("2026-12-03", "fr", "at what hour?"),
        ("9h30", "fr", "on what day?"),
        ("", "fr", "on what day?"),
        ("vendredi 3 décembre 9h", "fr", "that day is a Thursday"),
        ("31 novembre 9h", "fr", "no such day"),
        ("2026-13-03T09:30", "fr", "no such day"),
        ("jeudi 25h", "fr", "no such hour"),
        ("thursday 13pm", "en", "no such hour"),
        ("thursday 0am", "en", "no such hour"),
        ("3/12/2026 9h", "en", "which is the day"),
        ("next thursday 9:30", "en", "may be Thursday, December 3 or Thursday, December 10"),
        ("mar 3 9h", "fr", "no moment"),
        ("jeudi 9h30 ou vendredi", "fr", "no moment"),
        ("jeudi 9h30 et quelques", "fr", "no moment"),
        ("whenever 9h", "en", "no moment"),
        ("thursday 9", "en", "no moment"),
    ],
)
def test_what_is_refused_with_its_reason(text: str, language: str, complaint: str) -> None:
    with pytest.raises(UsageError) as told:
        parsed(text, language=language)
    assert complaint in told.value.message
    assert told.value.hint


@pytest.mark.parametrize(("language", "example"), [("fr", "jeudi 9h30"), ("en", "thursday 9:30")])
def test_the_example_is_in_the_language_of_the_newsletter(language: str, example: str) -> None:
    with pytest.raises(UsageError) as raised:
        parsed("2026-12-04 35h", language=language)
    assert example in (raised.value.hint or "")


def test_an_hour_that_clocks_skip_or_show_twice() -> None:
    with pytest.raises(UsageError, match="does not exist") as skipped:
        parsed("2027-03-28 2h30")
    assert "2027-03-28T03:30" in str(skipped.value.hint)
    with pytest.raises(UsageError, match="comes twice") as twice:
        parsed("2026-10-25T02:30", now=datetime(2026, 10, 20, tzinfo=UTC))
    for one in ("2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00"):
        assert one in str(twice.value.hint)
        assert parsed(one) == one


def test_moments_that_nobody_can_mean() -> None:
    for moment, complaint in (
        (MONDAY_EVENING - timedelta(minutes=1), "past already: Monday 30 November 2026 at 22:29"),
        (MONDAY_EVENING + timedelta(weeks=9), "more than 8 weeks away"),
    ):
        with pytest.raises(UsageError, match=complaint):
            refuse_unreachable(moment, now=MONDAY_EVENING)
    refuse_unreachable(MONDAY_EVENING + timedelta(weeks=8), now=MONDAY_EVENING)


@given(
    moment=st.datetimes(datetime(2026, 12, 1), datetime(2027, 1, 20)).map(lambda one: one.replace(second=0)),
    how=st.sampled_from(["{0:%Y-%m-%dT%H:%M}", "{0.day}/{0.month}/{0.year} à {0.hour}h{0:%M}"]),
)
def test_any_minute_is_read_as_it_was_written(moment: datetime, how: str) -> None:
    assert parsed(how.format(moment)) == moment.replace(tzinfo=PARIS).isoformat(timespec="minutes")
