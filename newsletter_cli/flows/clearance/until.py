"""Until when an answer to a proof is wanted, as an editor types it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.config import Config
from newsletter_cli.model.moment import parse_moment


def parse_until(text: str, config: Config, *, now: datetime) -> date | datetime:
    """A day, or a moment in the newsletter's time zone. Raises `UsageError` for neither, and for what is past."""
    zone = ZoneInfo(config.newsletter.timezone)
    found = parse_moment(text)
    if found is None:
        raise UsageError(_("“{text}” is no moment").format(text=text), hint=_("for instance: 2026-12-17T18:00"))
    if isinstance(found, datetime):
        found = found if found.tzinfo else found.replace(tzinfo=zone)
        is_past = found < now
    else:
        is_past = found < now.astimezone(zone).date()
    if is_past:
        raise UsageError(_("--until: that moment is past already"), hint=_("for instance: 2026-12-17T18:00"))
    return found
