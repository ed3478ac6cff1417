"""What the ledger says of an issue in parts: by domain, over time, by run. SQLite counts: a million rows stay where
they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from msgspec import Struct

from newsletter_cli.deliver.ledger.schema import OPEN
from newsletter_cli.deliver.ledger.transactions import Database, database_errors, stream
from newsletter_cli.model.delivery import DeliveryState

# Whom a message went to, or is to go to.
_ADDRESS = "CASE address WHEN '' THEN key ELSE address END"
# What stands behind the first @ is the domain, but for a quoted local part that holds one.
_DOMAIN = "CASE instr(d, '@') WHEN 0 THEN d ELSE substr(d, length(rtrim(d, replace(d, '@', ''))) + 1) END"
# What a person decided later tells no pace.
_SENT_NOW = "state = 'sent' AND settled = 0 AND at > 0"


class DomainCounts(Struct, frozen=True, kw_only=True):
    """What became of those of one domain (in ASCII)."""

    domain: str
    counts: dict[DeliveryState, int]

    @property
    def total(self) -> int:
        """How many they are."""
        return sum(self.counts.values())


class Span(Struct, frozen=True, kw_only=True):
    """When messages left: the first and the last (seconds since 1970), how many, how many of them not at once."""

    first: int
    last: int
    count: int
    late: int


class RunRow(NamedTuple):
    """A run of a send. Moments are ISO 8601, UTC; `ended_at` and `ending` are empty where it did not end by itself."""

    started_at: str
    ended_at: str
    ending: str
    is_rehearsal: bool


class SaidRow(NamedTuple):
    """An answer that left a delivery without its message, and what is known of the person it is about."""

    state: DeliveryState
    code: int
    reply: str
    address: str
    name: str
    fields: str


def read_domains(connection: Database, issue: int, *, most: int, fewest: int) -> list[DomainCounts]:
    """The `most` domains with the most recipients, those with fewer than `fewest` left out."""
    sums = ", ".join(f"count(*) FILTER (WHERE state = '{state.value}')" for state in DeliveryState)
    with database_errors():
        rows = connection.execute(
            f"SELECT lower({_DOMAIN}), {sums}, count(*) FROM (SELECT substr(a, instr(a, '@') + 1) AS d, state FROM"
            f" (SELECT {_ADDRESS} AS a, state FROM delivery WHERE issue = ?) t WHERE instr(a, '@') > 0) u"
            " GROUP BY 1 HAVING count(*) >= ? ORDER BY count(*) DESC, 1 LIMIT ?",
            (issue, fewest, most),
        ).fetchall()
    return [
        DomainCounts(domain=domain, counts=dict(zip(DeliveryState, counts, strict=True)))
        for domain, *counts, _total in rows
    ]


def read_span(connection: Database, issue: int) -> Span | None:
    """When the messages left; `None` where none did."""
    with database_errors():
        first, last, count, late = connection.execute(
            "SELECT min(at), max(at), count(*), count(*) FILTER (WHERE tries > 1) FROM delivery"
            f" WHERE issue = ? AND {_SENT_NOW}",
            (issue,),
        ).fetchone()
    return Span(first=first, last=last, count=count, late=late) if count else None


def read_pace(connection: Database, issue: int, *, width_seconds: int, offset_seconds: int) -> dict[int, int]:
    """How many messages left in each stretch of that width; stretches are counted from 1970, moved by the offset."""
    with database_errors():
        return dict(
            connection.execute(
                f"SELECT (at + ?) / ?, count(*) FROM delivery WHERE issue = ? AND {_SENT_NOW} GROUP BY 1 ORDER BY 1",
                (offset_seconds, width_seconds, issue),
            )
        )


def read_runs(connection: Database, issue: int) -> list[RunRow]:
    """The runs of the send, the first one first."""
    with database_errors():
        rows = connection.execute(
            "SELECT started_at, ended_at, ending, transport LIKE 'maildir:%' FROM run WHERE issue = ? ORDER BY id",
            (issue,),
        ).fetchall()
    return [
        RunRow(started_at=started, ended_at=ended, ending=ending, is_rehearsal=bool(is_rehearsal))
        for started, ended, ending, is_rehearsal in rows
    ]


def read_said(connection: Database, issue: int) -> Iterator[SaidRow]:
    """What was answered to those who have not got the issue, one by one, as a stream."""
    with database_errors():
        for state, code, reply, address, name, fields in stream(
            connection,
            f"SELECT state, code, reply, {_ADDRESS}, name, fields FROM delivery"
            f" WHERE issue = ? AND state IN ('refused', 'deferred', 'in_doubt') AND {OPEN}",
            (issue,),
        ):
            yield SaidRow(state=DeliveryState(state), code=code, reply=reply, address=address, name=name, fields=fields)
