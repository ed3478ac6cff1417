"""Lengths of time and moments as people type them: `30m`, `4h`, `2026-12-17T18:00`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.model.moment import parse_moment

DURATION = re.compile(r"(\d+(?:[.,]\d+)?)\s*(s|sec|m|min|h|d|j)?", re.IGNORECASE)
# Ten years; beyond a few thousand, Python itself loses count.
LONGEST_SECONDS = 10 * 366 * 86400
SECONDS = {"s": 1, "sec": 1, "m": 60, "min": 60, "h": 3600, "d": 86400, "j": 86400}


def parse_duration(text: str) -> float:
    """`90s`, `30m`, `4h`, `2d` in seconds; a bare number is minutes. Raises `UsageError`."""
    found = DURATION.fullmatch(text.strip())
    if found is None:
        raise UsageError(_("“{text}” is no length of time").format(text=text), hint=_("for instance: 30m, 4h"))
    seconds = float(found[1].replace(",", ".")) * SECONDS[(found[2] or "min").lower()]
    if seconds > LONGEST_SECONDS:
        raise UsageError(_("“{text}” is longer than anybody waits").format(text=text), hint=_("for instance: 30m, 4h"))
    return seconds


def parse_send_by(text: str, timezone: str) -> datetime:
    """A moment in the newsletter's time zone, or a length of time from now. Raises `UsageError`."""
    if DURATION.fullmatch(text.strip()):
        return datetime.now(UTC) + timedelta(seconds=parse_duration(text))
    moment = parse_moment(text.strip())
    if moment is None or not 2000 <= moment.year < 2200:
        raise UsageError(_("“{text}” is no moment").format(text=text), hint=_("for instance: 2026-12-17T18:00, or 24h"))
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(23, 59, 59))
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(timezone))
