"""Until when an answer to a proof is wanted, as an editor types it: `vendredi`, `friday 5pm`, `2026-12-02T18:00`."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from newsletter_cli.base.errors import UsageError
from newsletter_cli.base.i18n import _
from newsletter_cli.config import Config
from newsletter_cli.flows.clearance.moment import parse_at
from newsletter_cli.flows.clearance.moment_telling import seconds_until
from newsletter_cli.model.moment import parse_moment

# The hour that makes a moment of a day.
DAYS_END = "23:59"


def parse_until(text: str, config: Config, *, now: datetime) -> date | datetime:
    """A day, or a moment in the newsletter's time zone. Raises `UsageError` for neither, and for what is past."""
    found = _read(text, config, now)
    today = now.astimezone(ZoneInfo(config.newsletter.timezone)).date()
    is_past = seconds_until(found, now=now) < 0 if isinstance(found, datetime) else found < today
    if is_past:
        raise UsageError(_("--until: that moment is past already"), hint=_("for instance: 2026-12-17T18:00"))
    return found


def _read(text: str, config: Config, now: datetime) -> date | datetime:
    language, timezone = config.newsletter.language, config.newsletter.timezone
    found = parse_moment(text)
    if found is not None and not isinstance(found, datetime):
        return found
    try:
        # A day without its hour lasts until its end.
        return parse_at(f"{text} {DAYS_END}", language=language, timezone=timezone, now=now).date()
    except UsageError:
        return parse_at(text, language=language, timezone=timezone, now=now)
