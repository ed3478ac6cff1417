"""Requests that may be made again: what an unanswered one becomes, where its key tells the service that it is the same.

`delivery.repeat_until` is set in the very commit that precedes the first request, and taken back by every answer that
settles it. It is kept in `pending`, `claimed`, `deferred` and `attempting` only: the request may have been taken, so
nothing but the same request, by the same way and in time, may follow it. Past it, the delivery is in doubt.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from newsletter_cli.deliver.ledger.schema import OPEN, READY
from newsletter_cli.deliver.ledger.transactions import Database, database_errors

ENDED_EARLY = "nl: ended before the answer was recorded"
# For a delivery that is attempted; its values are until when the request may be made again, and the way. What left the
# first one open is not forgotten by the next.
OPENED = (
    "code = CASE repeat_until WHEN 0 THEN 0 ELSE code END,"
    " repeat_until = CASE repeat_until WHEN 0 THEN ? ELSE repeat_until END, way = ?"
)
# Its values: now, and the same moment later by as long as a key lasts. By a clock that was set back behind the first
# request it is not time yet: how late it is, nobody knows then.
IN_TIME = "repeat_until > ? AND repeat_until <= ?"
# For whoever only looks: whoever sends knows how long a key lasts.
ANY_SECONDS = 1 << 40


def leave_open(
    database: Database, which: str, values: Sequence[object], *, now: int, key_seconds: int = ANY_SECONDS
) -> tuple[int, int]:
    """Of the attempted deliveries that `which` (with its `values`) selects, whose sender is gone: those whose request
    may be made again wait for that, the others are in doubt; how many of each. In the caller's transaction.
    """
    waiting = database.execute(
        f"UPDATE delivery SET state = 'pending', due = 0, at = ?, reply = ? WHERE {which} AND {IN_TIME}",
        (now, ENDED_EARLY, *values, now, now + key_seconds),
    ).rowcount
    doubtful = database.execute(
        f"UPDATE delivery SET state = 'in_doubt', at = ?, code = 0, reply = ?, repeat_until = 0 WHERE {which}",
        (now, ENDED_EARLY, *values),
    ).rowcount
    return waiting, doubtful


def end_repeats(database: Database, issue: int, *, now: int, way: str | None, key_seconds: int = ANY_SECONDS) -> int:
    """What waits for its request to be made again, and cannot be any more, is in doubt: too late, or another way than
    `way` (`None`: any will do); how many. In the caller's transaction.
    """
    of_way = "" if way is None else " AND way = ?"
    return database.execute(
        "UPDATE delivery SET state = 'in_doubt', at = ?, repeat_until = 0"
        f" WHERE issue = ? AND repeat_until > 0 AND {READY} AND {OPEN} AND NOT ({IN_TIME}{of_way})",
        (now, issue, now, now + key_seconds, *([] if way is None else [way])),
    ).rowcount


class Repeats(NamedTuple):
    """How many `people` wait for their request to be made again; until when the first of them may be (seconds since
    1970), and the way that they wait for.
    """

    people: int = 0
    until: int = 0
    way: str = ""

    @property
    def transport(self) -> str:
        """The way, without the mark of its account."""
        return self.way.partition(" ")[0]


def read_repeats(database: Database, issue: int) -> Repeats:
    """Who waits for their request to be made again. Raises `LedgerError`."""
    with database_errors():
        people, until, way = database.execute(
            "SELECT count(*), min(repeat_until), min(way) FROM delivery"
            f" WHERE issue = ? AND repeat_until > 0 AND {READY}",
            (issue,),
        ).fetchone()
    return Repeats(people=people, until=until or 0, way=way or "")
