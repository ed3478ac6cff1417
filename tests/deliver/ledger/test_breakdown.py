"""What the ledger says of an issue in parts."""

from __future__ import annotations

import sqlite3

from newsletter_cli.deliver.ledger.breakdown import read_domains, read_pace, read_runs, read_said, read_span
from newsletter_cli.model.delivery import DeliveryState


def add(ledger: sqlite3.Connection, key: str, state: str = "sent", **values: object) -> None:
    row = {
        "issue": 1,
        "wave": 1,
        "key": key,
        "address": "",
        "name": "",
        "fields": "",
        "pace": "",
        "state": state,
    } | values
    names = ", ".join(row)
    ledger.execute(f"INSERT INTO delivery({names}) VALUES ({', '.join('?' * len(row))})", tuple(row.values()))


def domains(ledger: sqlite3.Connection, *, most: int = 9, fewest: int = 1) -> dict[str, int]:
    return {one.domain: one.total for one in read_domains(ledger, 1, most=most, fewest=fewest)}


def test_domains_from_the_largest(ledger: sqlite3.Connection) -> None:
    for number in range(3):
        add(ledger, f"a{number}@one.example", "refused" if number else "sent")
    add(ledger, "b@two.example")
    add(ledger, "b@other.example", issue=2)
    found = read_domains(ledger, 1, most=9, fewest=1)
    assert [one.domain for one in found] == ["one.example", "two.example"]
    assert found[0].counts[DeliveryState.REFUSED] == 2
    assert domains(ledger, fewest=2) == {"one.example": 3}
    assert domains(ledger, most=1) == {"one.example": 3}


def test_the_domain_stands_behind_the_last_at(ledger: sqlite3.Connection) -> None:
    add(ledger, '"léa@secret"@one.example')
    assert domains(ledger) == {"one.example": 1}


def test_somebody_who_was_erased_has_no_domain(ledger: sqlite3.Connection) -> None:
    add(ledger, "erased:7")
    assert domains(ledger) == {}


def test_who_moved_counts_where_the_message_went(ledger: sqlite3.Connection) -> None:
    add(ledger, "léa@new.example", address="Lea@OLD.example")
    assert domains(ledger) == {"old.example": 1}


def test_the_pace_is_that_of_the_send(ledger: sqlite3.Connection) -> None:
    assert read_span(ledger, 1) is None
    for number, at in enumerate((1000, 1001, 1061, 1500)):
        add(ledger, f"a{number}@one.example", at=at, tries=1 + (at == 1500))
    # What a person decided a week later, what is not sent, what another issue is.
    add(ledger, "b@one.example", at=900_000, settled=1)
    add(ledger, "c@one.example", "deferred", at=800_000)
    add(ledger, "a@one.example", at=700_000, issue=2)
    span = read_span(ledger, 1)
    assert span is not None
    assert (span.first, span.last, span.count, span.late) == (1000, 1500, 4, 1)
    assert read_pace(ledger, 1, width_seconds=60, offset_seconds=0) == {16: 2, 17: 1, 25: 1}
    assert read_pace(ledger, 1, width_seconds=60, offset_seconds=40) == {17: 2, 18: 1, 25: 1}


def test_runs_name_no_machine_and_no_account(ledger: sqlite3.Connection) -> None:
    for transport, ended in (("smtp://ada@mail.example.org", ""), ("maildir:state/outbox", "2026-06-11T09:30:00Z")):
        ledger.execute(
            "INSERT INTO run(issue, host, pid, transport, started_at, ended_at) VALUES (1, 'laptop', 7, ?, ?, ?)",
            (transport, "2026-06-11T09:00:00Z", ended),
        )
    runs = read_runs(ledger, 1)
    assert [(run.is_rehearsal, run.ended_at) for run in runs] == [(False, ""), (True, "2026-06-11T09:30:00Z")]
    assert "ada" not in repr(runs)
    assert "laptop" not in repr(runs)


def test_what_was_said_to_those_without_the_issue(ledger: sqlite3.Connection) -> None:
    add(ledger, "a@one.example", reply="2.0.0 Ok", code=250)
    add(ledger, "b@one.example", "refused", reply="no", code=550, name="Ben", fields='{"x": "y"}')
    add(ledger, "c@one.example", "pending")
    (row,) = read_said(ledger, 1)
    assert tuple(row) == (DeliveryState.REFUSED, 550, "no", "b@one.example", "Ben", '{"x": "y"}')
