"""Requests that may be made again by their key: in time, by the same way, and otherwise in doubt."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from newsletter_cli.deliver.ledger.database import open_database
from newsletter_cli.deliver.ledger.deciding import Decision, decide, settle_left
from newsletter_cli.deliver.ledger.leased import LeasedRecords
from newsletter_cli.deliver.ledger.leases import Lease, close_ended
from newsletter_cli.deliver.ledger.records import DUE_NOW, Batch, Claimed, DeliveryOutcome, Records
from newsletter_cli.deliver.ledger.repeats import read_repeats
from newsletter_cli.deliver.ledger.transactions import as_shared, transaction
from newsletter_cli.model.delivery import DeliveryState, Reply
from tests.deliver.stage import ISSUE, counts, freeze_people, recipient, states

S = DeliveryState
NOW, SECONDS = 1_800_000_000, 1200
WAY, OTHER = "brevo://api.brevo.com 1a2b", "brevo://api.brevo.com 9f9f"


@dataclass
class Clock:
    now: float = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def keyed(ledger: sqlite3.Connection, clock: Clock, way: str = WAY) -> Records:
    return Records(ledger, ISSUE, clock=clock, way=way, key_seconds=SECONDS)


def attempt(records: Records, row: int = 1) -> Claimed:
    """The first that can be claimed is attempted."""
    (claimed,) = records.claim("", 1)
    assert claimed.id == row
    records.commit(Batch(attempting=[row]))
    return claimed


def open_again(records: Records, row: int = 1, *, after: S = S.PENDING, code: int = 0, due: int = 0) -> None:
    """No answer came."""
    outcome = DeliveryOutcome(row=row, before=S.ATTEMPTING, after=after, reply=Reply(code, "…"), due=due, is_open=True)
    records.commit(Batch(outcomes=[outcome]))


def test_what_a_killed_run_attempted_waits_for_the_same_request(
    ledger: sqlite3.Connection, state: Path, clock: Clock
) -> None:
    freeze_people(ledger, [recipient(1), recipient(2)])
    assert attempt(keyed(ledger, clock)).repeat_until == 0
    clock.now += 60
    with closing(open_database(state)) as other:
        records = keyed(other, clock)
        assert records.recover(way=WAY) == (1, 0)
        first, second = records.claim("", 2)
    assert (first.id, first.repeat_until) == (1, NOW + SECONDS)
    assert (second.id, second.repeat_until) == (2, 0)


def test_the_time_is_that_of_the_first_request(ledger: sqlite3.Connection, state: Path, clock: Clock) -> None:
    freeze_people(ledger, [recipient(1)])
    records = keyed(ledger, clock)
    for _try in range(3):
        attempt(records)
        clock.now += SECONDS / 3
        open_again(records)
    assert records.recover(way=WAY) == (0, 1)
    assert counts(state) == {"in_doubt": 1}
    assert records.recover(way=WAY) == (0, 0)


@pytest.mark.parametrize("how", ["attempting", "pending", "deferred", "claimed"])
@pytest.mark.parametrize("why", ["late", "other account", "other transport", "clock set back"])
def test_what_cannot_be_made_again_is_in_doubt(
    how: str, why: str, ledger: sqlite3.Connection, state: Path, clock: Clock
) -> None:
    freeze_people(ledger, [recipient(1)])
    records = keyed(ledger, clock)
    attempt(records)
    if how != "attempting":
        open_again(records, after=S.DEFERRED if how == "deferred" else S.PENDING)
    if how == "claimed":
        records.claim("", 1)
        records.commit(Batch())
    assert counts(state) == {how: 1}
    clock.now += {"late": SECONDS, "clock set back": -3600}.get(why, 60)
    way = {"other account": OTHER, "other transport": ""}.get(why, WAY)
    if how == "attempting" and why in ("other account", "other transport"):
        # It waits first, and is found to wait for another.
        assert sum(keyed(ledger, clock, way).recover(way=way)) >= 1
    else:
        keyed(ledger, clock, way).recover(way=way)
    assert counts(state) == {"in_doubt": 1}
    assert read_repeats(ledger, ISSUE)[0] == 0


def test_whoever_only_looks_or_decides_leaves_it_waiting(ledger: sqlite3.Connection, state: Path, clock: Clock) -> None:
    freeze_people(ledger, [recipient(1)])
    attempt(keyed(ledger, clock))
    clock.now += 60
    Records(ledger, ISSUE, clock=clock).recover()
    assert read_repeats(ledger, ISSUE) == (1, NOW + SECONDS, WAY)
    with transaction(ledger):
        assert decide(ledger, ISSUE, S.IN_DOUBT, Decision.RESEND, keys=None, now=NOW) == 0
    assert counts(state) == {"pending": 1}


@pytest.mark.parametrize("way", [OTHER, ""])
def test_no_other_way_takes_it(way: str, ledger: sqlite3.Connection, clock: Clock) -> None:
    freeze_people(ledger, [recipient(1)])
    records = keyed(ledger, clock)
    attempt(records)
    open_again(records)
    other = keyed(ledger, clock, way)
    assert other.claim("", 1) == []
    other.commit(Batch())
    assert other.next_due() is None
    assert [row.id for row in records.claim("", 1)] == [1]


@pytest.mark.parametrize(
    ("after", "is_open", "waits"),
    [(S.PENDING, True, 1), (S.DEFERRED, True, 1), (S.PENDING, False, 0), (S.DEFERRED, False, 0), (S.SENT, False, 0)],
)
def test_a_definite_answer_closes_it(
    after: S, is_open: bool, waits: int, ledger: sqlite3.Connection, state: Path, clock: Clock
) -> None:
    freeze_people(ledger, [recipient(1)])
    records = keyed(ledger, clock)
    attempt(records)
    records.commit(Batch(outcomes=[DeliveryOutcome(row=1, before=S.ATTEMPTING, after=after, is_open=is_open)]))
    assert read_repeats(ledger, ISSUE)[0] == waits
    # By another way then as before, where nothing is open.
    keyed(ledger, clock, OTHER).recover(way=OTHER)
    assert counts(state) == {"in_doubt" if waits else after.value: 1}


def test_it_goes_before_everybody_else(ledger: sqlite3.Connection, clock: Clock) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 4)])
    records = keyed(ledger, clock)
    records.claim("", 3)
    records.commit(Batch(attempting=[2, 3]))
    open_again(records, 3, after=S.DEFERRED, due=NOW + 500)
    records.commit(
        Batch(outcomes=[DeliveryOutcome(row=2, before=S.ATTEMPTING, after=S.DEFERRED, due=NOW + 400, is_open=False)])
    )
    records.release_claims([1])
    records.make_due_now()
    assert [row.id for row in records.claim("", 3)] == [1, 3, 2]
    assert ledger.execute("SELECT due FROM delivery WHERE id = 2").fetchone()[0] == DUE_NOW


def test_what_left_it_open_is_known_to_the_next_request(ledger: sqlite3.Connection, clock: Clock) -> None:
    freeze_people(ledger, [recipient(1)])
    records = keyed(ledger, clock)
    attempt(records)
    open_again(records, code=500)
    assert attempt(records).code == 500
    # Killed, and not forgotten.
    records.recover(way=WAY)
    (claimed,) = records.claim("", 1)
    assert (claimed.code, claimed.repeat_until) == (500, NOW + SECONDS)


def test_who_leaves_the_list_is_not_said_to_do_without(ledger: sqlite3.Connection, state: Path, clock: Clock) -> None:
    freeze_people(ledger, [recipient(1), recipient(2)])
    records = keyed(ledger, clock)
    attempt(records)
    open_again(records)
    assert settle_left(ledger, ISSUE, [recipient(1).key, recipient(2).key]) == 1
    assert list(states(state).values()) == ["pending", "refused"]


def test_over_any_other_transport_nothing_is_open(ledger: sqlite3.Connection, state: Path, clock: Clock) -> None:
    freeze_people(ledger, [recipient(1)])
    records = Records(ledger, ISSUE, clock=clock)
    attempt(records)
    assert records.recover(way="") == (0, 1)
    assert counts(state) == {"in_doubt": 1}


@pytest.mark.parametrize("state", ["postgresql"], indirect=True)
def test_who_was_silent_too_long_takes_nobody_out_of_doubt_without_an_answer(
    ledger: sqlite3.Connection, state: Path, clock: Clock
) -> None:
    shared = as_shared(ledger)
    assert shared is not None
    freeze_people(ledger, [recipient(1)])
    lease = Lease(shared, ISSUE, is_worker=True)
    sender = LeasedRecords(shared, lease, clock=clock, way=WAY, key_seconds=SECONDS)
    attempt(sender)
    ledger.execute("UPDATE lease SET until = 0")
    assert close_ended(shared, ISSUE, now=NOW + SECONDS) == (0, 1)
    unanswered = DeliveryOutcome(row=1, before=S.ATTEMPTING, after=S.PENDING, reply=Reply(0, "…"), is_open=True)
    sender.save_late(Batch(outcomes=[unanswered]))
    assert counts(state) == {"in_doubt": 1}


@pytest.mark.parametrize("state", ["postgresql"], indirect=True)
def test_a_sender_that_is_gone_leaves_it_to_those_who_go_the_same_way(
    ledger: sqlite3.Connection, state: Path, clock: Clock
) -> None:
    shared = as_shared(ledger)
    assert shared is not None
    freeze_people(ledger, [recipient(1)])

    def sender(way: str) -> LeasedRecords:
        return LeasedRecords(shared, Lease(shared, ISSUE, is_worker=True), clock=clock, way=way, key_seconds=SECONDS)

    attempt(sender(WAY))
    ledger.execute("UPDATE lease SET until = 0")
    assert close_ended(shared, ISSUE, now=NOW + 60) == (1, 0)
    assert sender(OTHER).claim("", 1) == []
    ledger.execute("COMMIT")
    heir = sender(WAY)
    assert attempt(heir).repeat_until == NOW + SECONDS
    open_again(heir)
    assert heir.claim("", 1)[0].repeat_until == NOW + SECONDS
    heir.commit(Batch())
    ledger.execute("UPDATE lease SET until = 0")
    assert close_ended(shared, ISSUE, now=NOW + SECONDS) == (1, 1)
    assert counts(state) == {"in_doubt": 1}
