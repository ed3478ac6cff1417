"""`[bounces]` → when what may pass has lasted."""

from __future__ import annotations

from newsletter_cli.after.deciding import Rules
from newsletter_cli.config import Config


def read_rules(config: Config) -> Rules:
    """The rules of this newsletter."""
    settings = config.bounces
    return Rules(issues=settings.issues, days=settings.days, is_suppressing=settings.then == "suppress")
