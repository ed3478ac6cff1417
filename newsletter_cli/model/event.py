"""An event of the agenda."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import date, datetime, timedelta

from msgspec import Struct


class Event(Struct, frozen=True, kw_only=True):
    """Something readers may attend.

    `start` and `end` are both dates (whole days, `end` being the last day, inclusive) or both
    aware datetimes. `description` is Markdown. `revised` says how often it was changed after it went out: calendars
    take a change only with a higher number. `line` is the entry's line in its section file, `url_line` and
    `description_line` those of its keys.
    """

    title: str
    start: date | datetime
    end: date | datetime | None = None
    place: str | None = None
    url: str | None = None
    description: str | None = None
    revised: int = 0
    line: int | None = None
    url_line: int | None = None
    description_line: int | None = None

    @property
    def last_day(self) -> date:
        """The day the event ends, inclusive.

        An event that ends at midnight ends the day before: nobody attends the first second of a day.
        """
        end = self.end if self.end is not None else self.start
        if isinstance(end, datetime):
            if self.end is not None and end.time() == end.min.time() and end > self.start:
                return (end - timedelta(days=1)).date()
            return end.date()
        return end

    @property
    def identity(self) -> tuple[str, date]:
        """What calendars know an event by, and keep through a change: its title and its first day."""
        day = self.start.date() if isinstance(self.start, datetime) else self.start
        return " ".join(unicodedata.normalize("NFKC", self.title).split()).casefold(), day

    @property
    def digest(self) -> str:
        """The identity in a few characters, from which nobody reads the title."""
        title, day = self.identity
        return hashlib.sha256(f"{title}\0{day.isoformat()}".encode("utf-8", "surrogatepass")).hexdigest()[:16]

    @property
    def span(self) -> str:
        """Start and end as ISO 8601 has them: `2026-06-11T14:00:00+02:00/…`."""
        return f"{self.start.isoformat()}/{'' if self.end is None else self.end.isoformat()}"

    @property
    def sort_key(self) -> tuple[date, bool, str, str]:
        """By day, whole days first, then by hour, then by title: stable whatever the file's order."""
        if isinstance(self.start, datetime):
            return (self.start.date(), True, self.start.isoformat(), self.title)
        return (self.start, False, "", self.title)


class ToldEvent(Struct, frozen=True, kw_only=True):
    """What readers were told of an event: its hours, and how often they had changed by then."""

    digest: str
    span: str
    revised: int

    @classmethod
    def of(cls, event: Event) -> ToldEvent:
        """What an issue tells of the event."""
        return cls(digest=event.digest, span=event.span, revised=event.revised)

    def __str__(self) -> str:
        return f"{self.digest} {self.span} {self.revised}"
