"""One item of a list in a header, an event or a job offer: its fields, read strictly."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from newsletter_cli.base.errors import ContentError
from newsletter_cli.base.i18n import _
from newsletter_cli.base.strict import nearest
from newsletter_cli.markdown.frontmatter import Header
from newsletter_cli.markdown.frontmatter.header import NEAR
from newsletter_cli.workspace.typed_dates import NotThatDay, read_typed_moment

# 14, 14:00, 14:00:00, 14h, 14h30, 14 h 30
CLOCK = re.compile(r"(\d{1,2})(?:\s*(?::|h)\s*(\d{2})?(?::00)?)?", re.IGNORECASE)
# Beyond them a slip of the finger (0206 for 2026), which calendars cannot hold besides.
YEARS = range(1900, 2201)
MOST_REVISIONS = 9999

T = TypeVar("T")


class Entry(Struct, frozen=True):
    """One item of a list in a header. `faults`: all that is wrong with it."""

    header: Header
    key: str
    index: int
    values: Mapping[str, Any]
    faults: list[ContentError] = field(default_factory=list)

    def read(self, read: Callable[[], T]) -> T | None:
        """What `read` gives; `None` where it raises `ContentError`, which is remembered."""
        try:
            return read()
        except ContentError as fault:
            self.faults.append(fault)
            return None

    @property
    def line(self) -> int:
        """The line on which it begins."""
        return self.header.line(self.key, self.index)

    def line_of(self, name: str) -> int:
        """The line of one of its fields."""
        return self.header.line(self.key, self.index, name)

    def fault(self, message: str, name: str, hint: str | None = None) -> ContentError:
        """What is wrong with one of its fields."""
        return self.header.fault(message, self.key, self.index, name, hint=hint)

    def missing(self, name: str, example: str) -> ContentError:
        """A field that must be there is not."""
        message = _("entry {position} of “{key}” has no {name}").format(
            position=self.index + 1, key=self.key, name=name
        )
        return self.fault(message, name, hint=_("write for instance: {example}").format(example=example))

    def typed(self, name: str) -> str:
        """The value as it was typed: YAML makes 1050 of 17:30, 7 of 007 and false of No."""
        value = self.values[name]
        return value if isinstance(value, str) else self.header.typed.get((self.key, self.index, name), str(value))

    def text(self, name: str, *, is_block: bool = False) -> str | None:
        """A field that holds a text; lines are joined, but for a block."""
        value = self.values.get(name)
        if value is None:
            return None
        if isinstance(value, list | dict):
            raise self.fault(_("“{key}” must be a text").format(key=name), name, hint=_("put it in double quotes"))
        text = self.typed(name).strip()
        return (text if is_block else " ".join(text.split("\n"))) or None

    def count(self, name: str) -> int:
        """How often something happened: 0 where nothing is said."""
        value = self.values.get(name)
        if value is None or value == "":
            return 0
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_REVISIONS:
            return value
        raise self.fault(
            _("“{key}” is a number: how often it was changed after it went out").format(key=name),
            name,
            hint=_("write for instance: {example}").format(example=f"{name}: 1"),
        )

    def required(self, name: str) -> str:
        """A text that must be there. Raises `ContentError`."""
        text = self.text(name)
        if text is None:
            raise self.missing(name, example=f"{name}: …")
        return text

    def url(self, name: str) -> str | None:
        """A field that holds an address."""
        text = self.text(name)
        if text is not None and not re.match(r"(https?://|mailto:|tel:|/|\.{0,2}/|www\.)", text, re.IGNORECASE):
            raise self.fault(
                _("“{value}” is no address").format(value=text), name, hint=_("an address begins with https://")
            )
        return f"https://{text}" if text is not None and text.lower().startswith("www.") else text

    def moment(
        self, name: str, timezone: str, language: str, after: date | datetime | None = None
    ) -> date | datetime | None:
        """A day or a moment; an hour alone is one of the day `after`."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, date):
            value = self.typed(name)
            clock = CLOCK.fullmatch(value.strip())
            if clock and isinstance(after, datetime):
                return self._at(after, int(clock[1]), int(clock[2] or 0), name)
            try:
                value = read_typed_moment(value, language)
            except NotThatDay as error:
                raise self.fault(str(error), name, hint=_("correct the day or the date")) from None
        if isinstance(value, datetime) and value.tzinfo is None:
            value = value.replace(tzinfo=ZoneInfo(timezone))
        if isinstance(value, date) and value.year in YEARS:
            return value
        raise self.fault(
            _("“{value}” is no date").format(value=self.typed(name)),
            name,
            hint=_("write a day as 2026-06-11, with its hour as 2026-06-11T14:00"),
        )

    def _at(self, day: datetime, hour: int, minute: int, name: str) -> datetime:
        if hour == 24 and minute == 0:
            return datetime.combine(day.date() + timedelta(days=1), time(0), day.tzinfo)
        if hour > 23 or minute > 59:
            raise self.fault(_("“{value}” is no hour").format(value=self.typed(name)), name)
        return day.replace(hour=hour, minute=minute)


def read_list(header: Header, key: str, known: tuple[str, ...], read: Callable[[Entry], T]) -> tuple[T, ...]:
    """The items of a list in a header. Raises `ContentError`, with the other faults in its `also`."""
    value = header.values.get(key)
    if value is None:
        return ()
    if not isinstance(value, list):
        raise header.fault(
            _("“{key}” must be a list").format(key=key), key, hint=_("each entry begins with a dash: - title: …")
        )
    entries: list[T] = []
    faults: list[ContentError] = []
    for index, item in enumerate(value):
        if not isinstance(item, dict):
            faults.append(
                header.fault(
                    _("entry {position} of “{key}” is not made of keys and values").format(position=index + 1, key=key),
                    key,
                    index,
                    hint=_("it begins with: - title: …"),
                )
            )
            continue
        entry = Entry(header, key, index, item)
        entry.faults.extend(_unknown_keys(entry, known))
        entries.append(read(entry))
        faults += entry.faults
    if faults:
        faults[0].also = tuple(faults[1:])
        raise faults[0]
    return tuple(entries)


def _unknown_keys(entry: Entry, known: tuple[str, ...]) -> Iterator[ContentError]:
    for name in entry.values:
        if name not in known:
            close = nearest(str(name), list(known), cutoff=NEAR)
            yield entry.fault(
                _("the key “{key}” does not exist here").format(key=f"{entry.key}.{name}"),
                str(name),
                hint=_("did you mean “{key}”?").format(key=close)
                if close
                else _("the keys here are: {keys}").format(keys=", ".join(known)),
            )
