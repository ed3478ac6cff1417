"""Events that take place again and again, in words or as a rule; anything else is refused plainly."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from newsletter_cli.workspace.recurring import NoRepetition, read_repetition

THURSDAY = datetime(2026, 12, 17, 14, tzinfo=ZoneInfo("Europe/Paris"))


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("weekly until 2027-01-07", [0, 7, 14, 21]),
        ("every week, 3 times", [0, 7, 14]),
        ("every 2 weeks until 2027-01-20", [0, 14, 28]),
        ("every other week until 2027-01-20", [0, 14, 28]),
        ("Thursdays until 2027-01-07", [0, 7, 14, 21]),
        ("every Thursday until 2027-01-06", [0, 7, 14]),
        ("daily until 2026-12-19", [0, 1, 2]),
        ("toutes les semaines jusqu’au 7 janvier 2027", [0, 7, 14, 21]),
        ("toutes les deux semaines jusqu'au 20/01/2027", [0, 14, 28]),
        ("tous les jeudis jusqu’au 7 janvier 2027", [0, 7, 14, 21]),
        ("chaque jeudi, 3 fois", [0, 7, 14]),
        ("hebdomadaire jusqu'au jeudi 7 janvier 2027", [0, 7, 14, 21]),
        ("FREQ=WEEKLY;UNTIL=20270107T235959Z", [0, 7, 14, 21]),
        ("RRULE:FREQ=WEEKLY;INTERVAL=2;COUNT=3;BYDAY=TH;WKST=MO", [0, 14, 28]),
    ],
)
def test_what_is_understood(text: str, days: list[int]) -> None:
    assert [one.days for one in read_repetition(text, THURSDAY, "fr")] == days
    assert [one.days for one in read_repetition(text, THURSDAY.date(), "fr")] == days


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("weekly", "until when"),
        ("tous les jeudis", "until when"),
        ("FREQ=WEEKLY", "until when"),
        ("monthly until 2027-06-01", "no repetition"),
        ("le premier jeudi du mois jusqu'au 1er juin 2027", "no repetition"),
        ("FREQ=MONTHLY;COUNT=3", "days and weeks"),
        ("FREQ=WEEKLY;COUNT=3;BYDAY=TU,TH", "another day"),
        ("every Monday until 2027-01-07", "another day"),
        ("weekly until soon", "no date"),
        ("hebdomadaire jusqu'au lundi 7 janvier 2027", "jeudi"),
        ("weekly until 2026-12-10", "before it begins"),
        ("weekly until 2030-01-01", "more than 60"),
        ("every 0 weeks until 2027-01-07", "no repetition"),
    ],
)
def test_what_is_refused(text: str, why: str) -> None:
    with pytest.raises(NoRepetition, match=why):
        read_repetition(text, THURSDAY, "fr")
