"""What became of one issue, in parts: read from the ledger, and nothing personal in it."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from msgspec import Struct

from newsletter_cli.deliver.alike import Saying, Sayings
from newsletter_cli.deliver.ledger.breakdown import (
    DomainCounts,
    RunRow,
    read_domains,
    read_pace,
    read_runs,
    read_said,
    read_span,
)
from newsletter_cli.deliver.ledger.reading import Report, one_look, read_report
from newsletter_cli.deliver.ledger.transactions import Database
from newsletter_cli.flows.sending.ledger import open_existing_ledger
from newsletter_cli.flows.sending.words import noted
from newsletter_cli.model.delivery import DeliveryState, Reply
from newsletter_cli.workspace.folder import Workspace

# A domain with fewer readers may name one of them: it is among the others.
FEWEST_OF_DOMAIN = 5
MOST_DOMAINS = 12
MOST_SAYINGS = 12
MINUTE, HOUR, DAY = 60, 3600, 86400
# How long the stretches are that messages are counted in.
WIDTHS = (
    1, 2, 5, 10, 30, MINUTE, 2 * MINUTE, 5 * MINUTE, 10 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 3 * HOUR,
    6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 56 * DAY,
)  # fmt: skip
MOST_STRETCHES = 48


class Pace(Struct, frozen=True, kw_only=True):
    """How many messages left in each stretch of time.

    `begin` is the first stretch's, in seconds since 1970; `late` messages needed more than one try.
    """

    begin: int
    width_seconds: int
    counts: tuple[int, ...]
    first: datetime
    last: datetime
    late: int

    @property
    def a_minute(self) -> int:
        """The most that left within one minute, as far as the stretches tell."""
        if self.width_seconds < MINUTE:
            stretches = MINUTE // self.width_seconds
            return max(sum(self.counts[at : at + stretches]) for at in range(len(self.counts)))
        return math.ceil(max(self.counts) * MINUTE / self.width_seconds)

    def moment(self, number: int) -> datetime:
        """When a stretch begins."""
        return datetime.fromtimestamp(self.begin + number * self.width_seconds, self.first.tzinfo)

    def position(self, moment: datetime) -> float:
        """How many stretches after the beginning that is."""
        return (moment.timestamp() - self.begin) / self.width_seconds


class Outcome(Struct, frozen=True, kw_only=True):
    """What became of an issue. `others` are the recipients of all domains but `domains`, and those without one."""

    numbers: Report
    domains: tuple[DomainCounts, ...]
    others: dict[DeliveryState, int]
    pace: Pace | None
    runs: tuple[RunRow, ...]
    sayings: tuple[Saying, ...]


def gather_outcome(workspace: Workspace, number: int) -> Outcome:
    """Raises `UsageError` for an issue that was never sent, `LedgerError`."""
    zone = ZoneInfo(workspace.config.newsletter.timezone)
    with open_existing_ledger(workspace, number, is_looking=True) as connection, one_look(connection):
        numbers = read_report(connection, number)
        domains = read_domains(connection, number, most=MOST_DOMAINS, fewest=FEWEST_OF_DOMAIN)
        shown = {state: sum(one.counts[state] for one in domains) for state in DeliveryState}
        return Outcome(
            numbers=numbers,
            domains=tuple(domains),
            others={state: numbers.counts[state] - shown[state] for state in DeliveryState},
            pace=gather_pace(connection, number, zone),
            runs=tuple(read_runs(connection, number)),
            sayings=tuple(gather_sayings(connection, number)),
        )


def gather_pace(connection: Database, number: int, zone: tzinfo) -> Pace | None:
    """How fast the messages left, in stretches that begin at round hours and minutes; `None` where none did."""
    span = read_span(connection, number)
    if span is None:
        return None
    first, last = (datetime.fromtimestamp(one, UTC).astimezone(zone) for one in (span.first, span.last))
    offset = int((first.utcoffset() or timedelta()).total_seconds())
    width = next(
        (one for one in WIDTHS if (span.last + offset) // one - (span.first + offset) // one < MOST_STRETCHES),
        WIDTHS[-1],
    )
    counts = read_pace(connection, number, width_seconds=width, offset_seconds=offset)
    begin, end = min(counts), max(counts)
    return Pace(
        begin=begin * width - offset,
        width_seconds=width,
        counts=tuple(counts.get(one, 0) for one in range(begin, end + 1)),
        first=first,
        last=last,
        late=span.late,
    )


def gather_sayings(connection: Database, number: int) -> list[Saying]:
    """The answers that left people without the issue, counted where they say the same; beyond `MOST_SAYINGS`, those
    that are left are one.
    """
    sayings, notes = Sayings(), set()
    for row in read_said(connection, number):
        note = noted(Reply(row.code, row.reply))
        if note is not None:
            notes.add(note)
        sayings.add(row, note=note)
    found = sayings.groups(notes)
    kept, rest = found[:MOST_SAYINGS], found[MOST_SAYINGS:]
    for state in dict.fromkeys(one.state for one in rest):
        count = sum(one.count for one in rest if one.state is state)
        kept.append(Saying(state=state, status="", text="", count=count))
    return kept
