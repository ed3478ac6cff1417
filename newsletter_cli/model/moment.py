"""Days and hours as people type them."""

from __future__ import annotations

import re
from datetime import date, datetime

DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
# 2026-06-11 14h, 2026-06-11T14h30
DAY_AND_FRENCH_HOUR = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\s*(\d{1,2})\s*h\s*(\d{2})?", re.IGNORECASE)


def parse_moment(text: str) -> date | datetime | None:
    """`2026-06-11` as a day; with an hour (`T14:00`, ` 14:00+02:00`, ` 14 h 30`) as a moment; `None` for anything else.

    Of ISO 8601's other forms (20260611, 2026-W24) none is taken: they are slips more often than meant.
    """
    text = text.strip()
    in_french = DAY_AND_FRENCH_HOUR.fullmatch(text)
    if in_french:
        text = f"{in_french[1]}T{in_french[2]:0>2}:{in_french[3] or '00'}"
    try:
        if DAY.fullmatch(text):
            return date.fromisoformat(text)
        return datetime.fromisoformat(text) if DAY.match(text) else None
    except ValueError:
        return None
