"""How moments and lengths of time are said."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from newsletter_cli.flows.clearance.moment_telling import said_in_full, said_length

PARIS = ZoneInfo("Europe/Paris")
MONDAY_EVENING = datetime(2026, 11, 30, 22, 30, tzinfo=PARIS)


def test_it_is_said_in_full_over_a_change_of_clocks_too() -> None:
    moment = datetime(2026, 12, 3, 9, 30, tzinfo=PARIS)
    said = said_in_full(moment, now=MONDAY_EVENING)
    assert said.startswith("Thursday 3 December 2026 at 09:30, Europe/Paris")
    assert said.endswith("in 2 days 11 hours")
    # From Saturday noon to Sunday noon, 25 hours pass.
    saturday, sunday = (datetime(2026, 10, day, 12, tzinfo=PARIS) for day in (24, 25))
    assert said_in_full(sunday, now=saturday).endswith("in 1 day 1 hour")
    assert said_length(86400 + 180) == "1 day"
