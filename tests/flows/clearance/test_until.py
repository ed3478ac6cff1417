"""`nl proof --until`: a day or a moment, in the newsletter's language."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from newsletter_cli.base.errors import UsageError
from newsletter_cli.config.reader import parse_config
from newsletter_cli.flows.clearance.until import parse_until

# A Monday, in winter: Paris is an hour ahead.
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)


def until(text: str, language: str = "fr") -> date | datetime:
    config = parse_config(f'[newsletter]\nname = "x"\nlanguage = "{language}"\n')
    return parse_until(text, config, now=NOW)


@pytest.mark.parametrize(
    ("text", "language", "meant"),
    [
        ("2026-12-02", "fr", "2026-12-02"),
        ("2026-12-02T18:00", "fr", "2026-12-02T18:00:00+01:00"),
        ("vendredi", "fr", "2026-12-04"),
        ("vendredi 12h", "fr", "2026-12-04T12:00:00+01:00"),
        ("demain", "fr", "2026-12-01"),
        ("friday 5pm", "en", "2026-12-04T17:00:00+01:00"),
        ("today", "en", "2026-11-30"),
    ],
)
def test_as_it_is_typed(text: str, language: str, meant: str) -> None:
    assert until(text, language).isoformat() == meant


@pytest.mark.parametrize("text", ["2026-11-29", "2026-11-30T09:59", "hier", "soon", ""])
def test_what_is_past_or_nothing_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        until(text)
