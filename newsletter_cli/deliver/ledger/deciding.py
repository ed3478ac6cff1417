"""What a person decides of deliveries that `nl` cannot or must not settle by itself."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from newsletter_cli.audience.address import parse_address
from newsletter_cli.deliver.ledger.schema import GONE_NOTE, OPEN, READY, REHEARSED
from newsletter_cli.deliver.ledger.transactions import Database, database_errors, stream, transaction
from newsletter_cli.model.delivery import DECISIONS, DeliveryState


class NotAmongThem(LookupError):
    """So many of the people named have no delivery to decide about."""

    def __init__(self, count: int):
        super().__init__(count)
        self.count = count


REHEARSED_NOTE = "rehearsed"


class Decision(StrEnum):
    """What is to become of them."""

    RESEND = "resend"
    SKIP = "skip"
    SENT = "sent"


def decided(what: str) -> str:
    """What is noted of a decision in place of a server's words."""
    return f"nl: decided: {what}"


def decide(
    connection: Database,
    issue: int,
    state: DeliveryState,
    decision: Decision,
    *,
    keys: Iterable[str] | None,
    now: int,
) -> int:
    """Settle the deliveries of the issue that are in doubt or refused: all, or those of `keys`; how many.

    `resend` makes them pending; `skip` leaves them without the issue, for good; `sent` (in doubt only) takes their
    having got it for known. `now` is in seconds since 1970. Raises `NotAmongThem` where some of
    `keys` are not in that state. In the caller's transaction.
    """
    if decision is Decision.RESEND:
        change, after = "state = 'pending', due = 0, settled = 0, reply = :note", DeliveryState.PENDING
    elif decision is Decision.SENT:
        change, after = "state = 'sent', settled = 1, reply = :note", DeliveryState.SENT
    else:
        # The server's own words stay with whom it refused.
        words = "reply = CASE state WHEN 'refused' THEN reply || ' (' || :note || ')' ELSE :note END"
        change, after = f"state = 'refused', settled = 1, {words}", DeliveryState.REFUSED
    if after is not state and after not in DECISIONS[state]:
        raise ValueError(f"{state} cannot become {after}")
    values = {"note": decided(decision), "now": now, "issue": issue, "state": state.value}
    statement = (
        f"UPDATE delivery SET {change}, at = :now WHERE issue = :issue AND state = :state AND {OPEN} AND settled = 0"
    )
    count = _change(connection, statement, values, keys)
    if decision is Decision.RESEND:
        _write_to_present_addresses(connection, issue, decided(decision))
    return count


def _write_to_present_addresses(connection: Database, issue: int, note: str) -> None:
    """What is sent again goes to the address that its person has now, be it that the first time it was another one."""
    rows = stream(
        connection,
        f"SELECT id, key, address FROM delivery WHERE issue = ? AND {READY} AND reply = ? AND address <> ''",
        (issue, note),
    )
    moved = [(row,) for row, key, address in rows if parse_address(address).key != key]
    if moved:
        connection.executemany("UPDATE delivery SET address = '' WHERE id = ?", moved)


def _change(connection: Database, statement: str, values: dict[str, object], keys: Iterable[str] | None) -> int:
    """Run the update for all, or for those of `keys`; how many rows changed. Raises `NotAmongThem`."""
    if keys is None:
        return connection.execute(statement, values).rowcount
    wanted = list(keys)
    count = sum(connection.execute(f"{statement} AND key = :key", values | {"key": key}).rowcount for key in wanted)
    if count < len(wanted):
        raise NotAmongThem(len(wanted) - count)
    return count


def settle_left(connection: Database, issue: int, keys: Iterable[str]) -> int:
    """Those who wait and have left the list since they were chosen do without; how many. Raises `LedgerError`."""
    with transaction(connection):
        count = connection.executemany(
            "UPDATE delivery SET state = 'refused', settled = 1, code = 0, reply = ?"
            # Whoever may have it already is not said to do without.
            f" WHERE issue = ? AND key = ? AND repeat_until = 0 AND {READY}",
            ((GONE_NOTE, issue, key) for key in keys),
        ).rowcount
    return max(0, count)


def set_send_by(connection: Database, issue: int, send_by: str) -> None:
    """What waits may be sent until then (ISO 8601, UTC). Raises `LedgerError`."""
    with database_errors():
        connection.execute("UPDATE wave SET send_by = ? WHERE issue = ?", (send_by, issue))


def resend_rehearsed(connection: Database, issue: int, *, keys: Iterable[str] | None, now: int) -> int:
    """Whoever got the issue into a folder only waits for it again, as if nothing had been tried: all, or those of
    `keys`; how many.

    `now` is in seconds since 1970. Raises `NotAmongThem` where some of `keys` did not. In the caller's transaction.
    """
    count = _change(
        connection,
        "UPDATE delivery SET state = 'pending', tries = 0, due = 0, code = 0, settled = 0, reply = :note, at = :now"
        f" WHERE issue = :issue AND {REHEARSED}",
        {"note": decided(REHEARSED_NOTE), "now": now, "issue": issue},
        keys,
    )
    _write_to_present_addresses(connection, issue, decided(REHEARSED_NOTE))
    return count
