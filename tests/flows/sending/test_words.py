"""Lengths of time and moments as people type them."""

from __future__ import annotations

import pytest

from newsletter_cli.base.errors import UsageError
from newsletter_cli.flows.sending.words import parse_duration, parse_send_by


@pytest.mark.parametrize(("text", "seconds"), [("90s", 90), ("30m", 1800), ("4h", 14_400), ("1,5 h", 5400), ("2", 120)])
def test_lengths(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "soon", "4 weeks", "-1h", "99999999999d", "9" * 400])
def test_what_is_no_length(text: str) -> None:
    with pytest.raises(UsageError):
        parse_duration(text)


def test_moments_are_on_the_clock_of_the_newsletter() -> None:
    assert parse_send_by("2026-12-17T18:00", "Europe/Paris").isoformat() == "2026-12-17T18:00:00+01:00"
    assert parse_send_by("2026-12-17", "Europe/Paris").isoformat() == "2026-12-17T23:59:59+01:00"


@pytest.mark.parametrize("text", ["tomorrow", "9999-12-31T23:59-12:00", "0500-01-01", "99999999999d"])
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(UsageError):
        parse_send_by(text, "Europe/Paris")
