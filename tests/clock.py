"""A clock that tests move: whatever module of `nl` asks what time it is now hears it."""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest

# It asks nobody what time it is, and keeps for good what it makes of the kind `datetime` the first time.
UNASKING = frozenset({"newsletter_cli.markdown.frontmatter.dump"})


class Clock:
    """Stands still until it is moved. `stop` gives the modules their own clock back."""

    def __init__(self, moment: datetime):
        self.moment = moment
        self._patch = pytest.MonkeyPatch()

    def start(self) -> None:
        """Have every module that has been imported ask this clock."""
        clock = self

        class Kind(type):
            def __instancecheck__(cls, value: object) -> bool:
                return isinstance(value, datetime)

        class Told(datetime, metaclass=Kind):
            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Any:
                return clock.moment.astimezone(tz)

        for name, module in list(sys.modules.items()):
            if name in UNASKING:
                continue
            if name.startswith("newsletter_cli.") and getattr(module, "datetime", None) is datetime:
                self._patch.setattr(module, "datetime", Told)

    def stop(self) -> None:
        self._patch.undo()

    def move(self, **by: float) -> None:
        """So many `days`, `hours` or `seconds` pass."""
        self.moment += timedelta(**by)

    def told(self, *, days_ago: float = 0) -> str:
        """The moment as `nl` writes it."""
        return (self.moment - timedelta(days=days_ago)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
