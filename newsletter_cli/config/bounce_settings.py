"""The part of the configuration that says when deliveries that fail for a time have failed for good: `[bounces]`."""

from __future__ import annotations

from typing import Literal

from newsletter_cli.base.tables import Table, option


class BounceSettings(Table, frozen=True, kw_only=True):
    """Table `[bounces]`: full mailboxes, and faults that may pass."""

    issues: int = option(
        3, doc="So many issues in a row that came back for a reason that may pass are too many.", minimum=1, maximum=100
    )
    days: int = option(14, doc="Over so many days at least.", minimum=0, maximum=3650)
    then: Literal["review", "suppress"] = option(
        "review", doc="What happens then: a person decides, or they are taken off the list."
    )
