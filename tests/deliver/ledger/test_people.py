"""Decisions, one person's rights, and reports."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from newsletter_cli.deliver.ledger.deciding import Decision, NotAmongThem, decide
from newsletter_cli.deliver.ledger.people import LedgerPeople
from newsletter_cli.deliver.ledger.reading import read_deliveries, read_replies, read_report
from newsletter_cli.deliver.ledger.records import Batch, DeliveryOutcome, Records
from newsletter_cli.deliver.ledger.transactions import transaction
from newsletter_cli.deliver.ledger.waiting import read_ends
from newsletter_cli.model.delivery import DeliveryState, Reply
from tests.deliver.shared import octets_of
from tests.deliver.stage import ISSUE, freeze_people, recipient, states

S = DeliveryState
UNKNOWN = Reply(550, "5.1.1 <…>: unknown")


@pytest.fixture
def sent(ledger: sqlite3.Connection) -> sqlite3.Connection:
    """One sent, one in doubt, one refused, one put off, one waiting."""
    freeze_people(ledger, [recipient(number) for number in range(1, 6)])
    records = Records(ledger, ISSUE, clock=lambda: 1_800_000_000)
    records.claim("", 4)
    records.commit(Batch(attempting=[1, 2]))
    records.commit(
        Batch(
            outcomes=[
                DeliveryOutcome(row=1, before=S.ATTEMPTING, after=S.SENT, reply=Reply(250, "2.0.0 Ok")),
                DeliveryOutcome(row=2, before=S.ATTEMPTING, after=S.IN_DOUBT),
                DeliveryOutcome(row=3, before=S.CLAIMED, after=S.REFUSED, reply=UNKNOWN),
                DeliveryOutcome(row=4, before=S.CLAIMED, after=S.DEFERRED, reply=Reply(450, "later"), due=5),
            ]
        )
    )
    return ledger


def test_the_report_says_where_everybody_stands(sent: sqlite3.Connection) -> None:
    assert read_report(sent, ISSUE).as_dict() == {
        "issue": ISSUE,
        "candidates": 5,
        "excluded": {},
        "counts": {
            "pending": 1, "claimed": 0, "attempting": 0, "sent": 1, "deferred": 1, "refused": 1, "in_doubt": 1,
        },
        "complete": False, "in_folder_only": 0,
    }  # fmt: skip
    assert read_replies(sent, ISSUE, S.REFUSED, 5) == [(UNKNOWN.text, 550, 1)]
    assert read_ends(sent, ISSUE) == ("reader4@example.org", "reader5@example.org")
    first = next(read_deliveries(sent, ISSUE))
    assert (first.state, first.at, first.reply) == ("sent", "2027-01-15T08:00:00Z", "2.0.0 Ok")


@pytest.mark.parametrize(
    ("before", "decision", "after"),
    [
        (S.IN_DOUBT, Decision.RESEND, "pending"),
        (S.IN_DOUBT, Decision.SENT, "sent"),
        (S.IN_DOUBT, Decision.SKIP, "refused"),
        (S.REFUSED, Decision.RESEND, "pending"),
        (S.REFUSED, Decision.SKIP, "refused"),
    ],
)
def test_a_person_decides(before: S, decision: Decision, after: str, sent: sqlite3.Connection) -> None:
    row = 2 if before is S.IN_DOUBT else 3
    assert decide(sent, ISSUE, before, decision, keys=None, now=5) == 1
    assert sent.execute("SELECT state FROM delivery WHERE id = ?", (row,)).fetchone() == (after,)
    assert decide(sent, ISSUE, before, decision, keys=None, now=5) == 0


def test_a_refused_message_cannot_be_called_sent(sent: sqlite3.Connection) -> None:
    with pytest.raises(ValueError, match="cannot become"):
        decide(sent, ISSUE, S.REFUSED, Decision.SENT, keys=None, now=5)


def test_what_was_decided_keeps_the_server_s_words(sent: sqlite3.Connection) -> None:
    decide(sent, ISSUE, S.REFUSED, Decision.SKIP, keys=None, now=5)
    assert sent.execute("SELECT reply FROM delivery WHERE id = 3").fetchone()[0].startswith(UNKNOWN.text)


def test_only_those_named(sent: sqlite3.Connection) -> None:
    both = ["reader2@example.org", "reader1@example.org"]
    with pytest.raises(NotAmongThem), transaction(sent):
        decide(sent, ISSUE, S.IN_DOUBT, Decision.SKIP, keys=both, now=5)
    assert read_report(sent, ISSUE).counts[S.IN_DOUBT] == 1
    assert decide(sent, ISSUE, S.IN_DOUBT, Decision.SKIP, keys=["reader2@example.org"], now=5) == 1


def test_settled_is_complete(sent: sqlite3.Connection) -> None:
    sent.execute("UPDATE delivery SET state = 'sent' WHERE state IN ('pending', 'deferred')")
    decide(sent, ISSUE, S.IN_DOUBT, Decision.SKIP, keys=None, now=5)
    assert not read_report(sent, ISSUE).is_complete
    decide(sent, ISSUE, S.REFUSED, Decision.SKIP, keys=None, now=5)
    assert read_report(sent, ISSUE).is_complete


def test_one_person_s_records(state: Path, sent: sqlite3.Connection) -> None:
    people = LedgerPeople(state)
    (record,) = people.export_person("reader1@example.org")
    assert record["issue"] == ISSUE
    assert record["state"] == "sent"
    assert people.export_person("nobody@example.org") == []


def test_a_person_forgotten_leaves_a_count(state: Path, sent: sqlite3.Connection) -> None:
    people = LedgerPeople(state)
    assert people.forget_person("reader1@example.org") == 1
    assert people.forget_person("reader5@example.org") == 1
    assert people.compact()
    assert people.export_person("reader1@example.org") == []
    report = read_report(sent, ISSUE)
    assert report.counts[S.SENT] == 1
    # Whoever waited is not written to any more.
    assert report.counts[S.PENDING] == 0
    assert report.candidates == 5
    assert b"reader1@example.org" not in octets_of(state)
    assert "erased:1" in states(state)


@pytest.mark.parametrize("end", ["refused", "deferred", "released", "killed"])
def test_a_person_forgotten_while_a_send_holds_their_delivery(
    state: Path, ledger: sqlite3.Connection, end: str
) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 4)])
    records = Records(ledger, ISSUE)
    assert len(records.claim("", 3)) == 3
    records.commit(Batch(attempting=[3]))
    for number in (1, 3):
        assert LedgerPeople(state).forget_person(f"reader{number}@example.org") == 1
    # The send knows nothing of it, and its transitions hold.
    others = [
        DeliveryOutcome(row=2, before=S.CLAIMED, after=S.PENDING),
        DeliveryOutcome(row=3, before=S.ATTEMPTING, after=S.SENT),
    ]
    if end == "refused":
        records.commit(
            Batch(outcomes=[*others, DeliveryOutcome(row=1, before=S.CLAIMED, after=S.REFUSED, is_settled=True)])
        )
    elif end == "deferred":
        records.commit(Batch(outcomes=[*others, DeliveryOutcome(row=1, before=S.CLAIMED, after=S.DEFERRED, due=0)]))
        assert {row.id: row.is_erased for row in records.claim("", 2)} == {1: True, 2: False}
        records.release_claims([1, 2])
    elif end == "released":
        records.commit(Batch(outcomes=others))
        records.release_claims([1])
    else:
        records.commit(Batch(outcomes=others))
        records.recover()
    report = read_report(ledger, ISSUE)
    assert (report.counts[S.SENT], report.counts[S.PENDING], report.counts[S.REFUSED]) == (1, 1, 1)
    assert not report.unsettled_refusals
    assert LedgerPeople(state).compact()
    assert b"reader1@" not in octets_of(state)


def test_records_kept_long_enough_lose_their_names(state: Path, sent: sqlite3.Connection) -> None:
    people = LedgerPeople(state)
    assert people.count_due("2026-01-01T00:00:00Z") == 0
    assert people.count_due("2030-01-01T00:00:00Z") == 5
    assert people.purge("2030-01-01T00:00:00Z") == 5
    assert people.count_due("2030-01-01T00:00:00Z") == 0
    assert read_report(sent, ISSUE).counts[S.SENT] == 1
