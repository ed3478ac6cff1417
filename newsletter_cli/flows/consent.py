"""When somebody agreed, as an editor types it: the proof of a consent, read before it is kept."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.moments import timestamp
from newsletter_cli.workspace.folder import Workspace
from newsletter_cli.workspace.importing.dates import ReadDate, parse_date

# Nobody agreed to a newsletter by e-mail before there was any.
FIRST_YEAR = 1971
_EXCEL_DAY = re.compile(r"[3-5]\d{4}(?:[.,]\d+)?", re.ASCII)
_SECONDS = re.compile(r"1\d{9}", re.ASCII)


def parse_consent_date(workspace: Workspace, text: str, *, now: datetime | None = None) -> str:
    """A day as `2026-03-03`, a moment as `2026-03-03T09:30:00Z`; an hour without an offset is the newsletter's.

    Raises `UsageError` for what is no date, could be two, or has not come yet.
    """
    config = workspace.config.newsletter
    read = _by_number(text.strip()) or parse_date(text, config.language)
    hint = _("write a day as 2026-06-11, with its hour as 2026-06-11T14:00")
    if read is None or read.value.year < FIRST_YEAR:
        raise UsageError(_("“{value}” is no date").format(value=text), hint=hint)
    if read.is_assumed and config.language.lower().startswith("en"):
        raise UsageError(_("“{value}” could be either of two days").format(value=text), hint=hint)
    zone = ZoneInfo(config.timezone)
    now = now or datetime.now(UTC)
    moment = read.value
    if isinstance(moment, datetime):
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        is_to_come, normal = moment > now, timestamp(moment)
    else:
        # Somewhere it is tomorrow already.
        is_to_come, normal = moment > _latest_day(now), moment.isoformat()
    if is_to_come:
        raise UsageError(
            _("“{value}” is yet to come: nobody can have agreed then").format(value=text),
            hint=_("without --consent-date, it is now"),
        )
    return normal


def _by_number(text: str) -> ReadDate | None:
    """A date as Excel keeps it, in days since 1900, or as programs do, in seconds since 1970."""
    if _EXCEL_DAY.fullmatch(text):
        return ReadDate(date(1899, 12, 30) + timedelta(days=int(text[:5])))
    return ReadDate(datetime.fromtimestamp(int(text), UTC)) if _SECONDS.fullmatch(text) else None


def _latest_day(now: datetime) -> date:
    return (now + timedelta(hours=14)).date()
