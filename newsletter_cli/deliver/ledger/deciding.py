"""What a person decides of deliveries that `nl` cannot or must not settle by itself."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from newsletter_cli.deliver.ledger.database import transaction
from newsletter_cli.model.delivery import DECISIONS, DeliveryState


class NotAmongThem(LookupError):
    """So many of the people named have no delivery to decide about."""

    def __init__(self, count: int):
        super().__init__(count)
        self.count = count


class Decision(StrEnum):
    """What is to become of them."""

    RESEND = "resend"
    SKIP = "skip"
    SENT = "sent"


def decide(
    connection: sqlite3.Connection,
    issue: int,
    state: DeliveryState,
    decision: Decision,
    *,
    keys: Iterable[str] | None,
    now: int,
) -> int:
    """Settle the deliveries of the issue that are in doubt or refused: all, or those of `keys`; how many.

    `resend` makes them pending; `skip` leaves them without the issue, for good; `sent` (in doubt only) takes their
    having got it for known. `now` is in seconds since 1970. Raises `LedgerError`, and `NotAmongThem` where some of
    `keys` are not in that state: nothing is decided then.
    """
    if decision is Decision.RESEND:
        change, after = "state = 'pending', due = 0, settled = 0, reply = ?", DeliveryState.PENDING
    elif decision is Decision.SENT:
        change, after = "state = 'sent', settled = 1, reply = ?", DeliveryState.SENT
    else:
        # The server's own words stay with whom it refused.
        words = "reply = CASE state WHEN 'refused' THEN reply || ' (' || ? || ')' ELSE ? END"
        change, after = f"state = 'refused', settled = 1, {words}", DeliveryState.REFUSED
    if after is not state and after not in DECISIONS[state]:
        raise ValueError(f"{state} cannot become {after}")
    note = f"nl: decided: {decision}"
    words_count = change.count("?")
    values: list[Any] = [note] * words_count + [now, issue, state.value]
    statement = (
        f"UPDATE delivery SET {change}, at = ? WHERE issue = ? AND state = ? AND state <> 'sent' AND settled = 0"
    )
    with transaction(connection):
        if keys is None:
            return connection.execute(statement, values).rowcount
        wanted = list(keys)
        count = sum(connection.execute(f"{statement} AND key = ?", [*values, key]).rowcount for key in wanted)
        if count < len(wanted):
            raise NotAmongThem(len(wanted) - count)
        return count
