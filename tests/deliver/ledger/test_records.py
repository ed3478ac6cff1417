"""Claims and transitions: compare-and-set, durable together, exact after a crash."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from newsletter_cli.base.errors import LedgerError
from newsletter_cli.deliver.ledger.database import open_database
from newsletter_cli.deliver.ledger.records import Batch, DeliveryOutcome, Records
from newsletter_cli.model.delivery import DECISIONS, TRANSITIONS, DeliveryState, Reply
from tests.deliver.stage import ISSUE, counts, freeze_people, recipient, states

S = DeliveryState


def test_claims_come_in_the_order_of_the_list(ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 8)])
    records = Records(ledger, ISSUE)
    assert [row.id for row in records.claim("", 3)] == [1, 2, 3]
    assert [row.id for row in records.claim("", 10)] == [4, 5, 6, 7]
    assert records.claim("", 10) == []


def test_a_claim_is_durable_with_the_next_commit(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(1)])
    records = Records(ledger, ISSUE)
    records.claim("", 1)
    assert counts(state) == {"pending": 1}
    records.commit(Batch())
    assert counts(state) == {"claimed": 1}


def test_a_batch_is_durable_as_a_whole(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 5)])
    records = Records(ledger, ISSUE)
    records.claim("", 4)
    records.commit(Batch(attempting=[1, 2]))
    records.commit(
        Batch(
            attempting=[3],
            outcomes=[
                DeliveryOutcome(row=1, before=S.ATTEMPTING, after=S.SENT, reply=Reply(250, "Ok")),
                DeliveryOutcome(row=4, before=S.CLAIMED, after=S.REFUSED),
            ],
        )
    )
    assert list(states(state).values()) == ["sent", "attempting", "attempting", "refused"]
    assert ledger.execute("SELECT code, reply, tries FROM delivery WHERE id = 1").fetchone() == (250, "Ok", 1)


@pytest.mark.parametrize(
    "batch",
    [
        Batch(attempting=[2]),
        Batch(attempting=[1, 1]),
        Batch(outcomes=[DeliveryOutcome(row=1, before=S.ATTEMPTING, after=S.SENT)]),
        Batch(attempting=[1], outcomes=[DeliveryOutcome(row=9, before=S.ATTEMPTING, after=S.SENT)]),
    ],
)
def test_a_transition_from_another_state_changes_nothing(state: Path, ledger: sqlite3.Connection, batch: Batch) -> None:
    freeze_people(ledger, [recipient(1), recipient(2)])
    records = Records(ledger, ISSUE)
    records.claim("", 1)
    records.commit(Batch())
    with pytest.raises(LedgerError, match="rows changed"):
        records.commit(batch)
    assert list(states(state).values()) == ["claimed", "pending"]


def test_after_a_crash(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 6)])
    records = Records(ledger, ISSUE)
    records.claim("", 4)
    records.commit(Batch(attempting=[1, 2]))
    records.commit(Batch(outcomes=[DeliveryOutcome(row=1, before=S.ATTEMPTING, after=S.SENT)]))

    with closing(open_database(state)) as other:
        assert Records(other, ISSUE).recover() == (2, 1)
    assert list(states(state).values()) == ["sent", "in_doubt", "pending", "pending", "pending"]
    assert Records(ledger, ISSUE).recover() == (0, 0)


def test_who_is_put_off_is_claimed_once_due(ledger: sqlite3.Connection) -> None:
    now = 1000.0
    freeze_people(ledger, [recipient(1), recipient(2)])
    records = Records(ledger, ISSUE, clock=lambda: now)
    records.claim("", 1)
    records.commit(
        Batch(
            outcomes=[DeliveryOutcome(row=1, before=S.CLAIMED, after=S.DEFERRED, reply=Reply(450, "later"), due=1060)]
        )
    )
    assert [row.id for row in records.claim("", 5)] == [2]
    records.commit(Batch(outcomes=[DeliveryOutcome(row=2, before=S.CLAIMED, after=S.PENDING)]))
    assert records.next_due() == 0
    assert records.count_ready() == {"": 2}
    records.claim("", 1)
    assert records.next_due() == 1060
    now = 1060.0
    assert [row.id for row in records.claim("", 5)] == [1]


def test_the_pacing_rules_of_what_waits_can_change(ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(1), recipient(2, "orange.fr")])
    records = Records(ledger, ISSUE)
    assert records.count_ready() == {"": 2}
    records.renew_paces(lambda domain: "Orange" if domain == "orange.fr" else "", "new")
    assert records.count_ready() == {"": 1, "Orange": 1}
    assert ledger.execute("SELECT DISTINCT paces FROM wave").fetchall() == [("new",)]


def test_no_state_is_left_but_on_a_legal_way() -> None:
    assert set(TRANSITIONS) == set(S)
    # Only a person's decision leads on from where a message may have arrived.
    for state in (S.SENT, S.IN_DOUBT, S.REFUSED):
        assert not TRANSITIONS[state]
    assert S.SENT not in DECISIONS
    assert all(
        after is not S.ATTEMPTING or before is S.CLAIMED for before, ways in TRANSITIONS.items() for after in ways
    )
