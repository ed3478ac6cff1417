"""Several senders of one issue: each attempts only what it holds, and what a silent one held is taken over once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from newsletter_cli.base.errors import LedgerBusy, LedgerError
from newsletter_cli.deliver.ledger import runs
from newsletter_cli.deliver.ledger.database import open_database
from newsletter_cli.deliver.ledger.freeze import Frozen, freeze
from newsletter_cli.deliver.ledger.handing import pause
from newsletter_cli.deliver.ledger.leased import LeasedRecords
from newsletter_cli.deliver.ledger.leases import Lease, LeaseLost, close_ended, read_senders
from newsletter_cli.deliver.ledger.place import SharedLedger
from newsletter_cli.deliver.ledger.postgresql import PostgresqlDatabase
from newsletter_cli.deliver.ledger.records import Batch, DeliveryOutcome
from newsletter_cli.deliver.ledger.runs import LedgerMark
from newsletter_cli.deliver.ledger.sharing import recover
from newsletter_cli.deliver.ledger.transactions import Database, as_shared, transaction
from newsletter_cli.model.delivery import DeliveryState, Reply
from tests.deliver.shared import new_ledger
from tests.deliver.stage import ISSUE, MESSAGE, facts, freeze_people, recipient, states

S = DeliveryState
OK = Reply(250, "2.0.0 Ok")
NOW = 1_800_000_000


@pytest.fixture
def state(postgres_url: str, tmp_path: Path) -> SharedLedger:
    return new_ledger(postgres_url, tmp_path / "state")


def opened(place: SharedLedger) -> PostgresqlDatabase:
    database = as_shared(open_database(place))
    assert database is not None
    return database


@pytest.fixture
def others(state: SharedLedger) -> Iterator[tuple[PostgresqlDatabase, PostgresqlDatabase]]:
    with closing(opened(state)) as one, closing(opened(state)) as other:
        yield one, other


def records_of(database: PostgresqlDatabase, *, is_worker: bool = False) -> LeasedRecords:
    return LeasedRecords(database, Lease(database, ISSUE, is_worker=is_worker), clock=lambda: NOW)


def end_all_leases(database: PostgresqlDatabase) -> None:
    """As if their time were over."""
    database.execute("UPDATE lease SET until = 0")


def sent(row: int) -> DeliveryOutcome:
    return DeliveryOutcome(row=row, before=S.ATTEMPTING, after=S.SENT, reply=OK)


def test_two_senders_never_claim_the_same(
    ledger: Database, others: tuple[PostgresqlDatabase, PostgresqlDatabase]
) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 8)])
    one, other = map(records_of, others)
    # The first one's claims are not even committed yet: the second passes over them, and does not wait.
    assert [row.id for row in one.claim("", 3)] == [1, 2, 3]
    assert [row.id for row in other.claim("", 9)] == [4, 5, 6, 7]
    one.commit(Batch())
    other.commit(Batch())
    assert one.claim("", 9) == other.claim("", 9) == []


def test_nobody_attempts_what_another_claimed(
    state: SharedLedger, ledger: Database, others: tuple[PostgresqlDatabase, PostgresqlDatabase]
) -> None:
    freeze_people(ledger, [recipient(1), recipient(2)])
    one, other = map(records_of, others)
    one.claim("", 1)
    one.commit(Batch())
    with pytest.raises(LedgerError, match="rows changed"):
        other.commit(Batch(attempting=[1]))
    one.commit(Batch(attempting=[1]))
    with pytest.raises(LedgerError, match="rows changed"):
        other.commit(Batch(outcomes=[sent(1)]))
    assert list(states(state).values()) == ["attempting", "pending"]


def test_what_a_silent_sender_held_is_taken_over_once(
    state: SharedLedger, ledger: Database, others: tuple[PostgresqlDatabase, PostgresqlDatabase]
) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 5)])
    one, other = map(records_of, others)
    one.claim("", 3)
    one.commit(Batch(attempting=[1, 2]))
    assert close_ended(others[1], ISSUE, now=NOW) == (0, 0)
    end_all_leases(others[1])
    assert close_ended(others[1], ISSUE, now=NOW) == (1, 2)
    assert close_ended(others[1], ISSUE, now=NOW) == (0, 0)
    assert list(states(state).values()) == ["in_doubt", "in_doubt", "pending", "pending"]
    # It wakes up: no further dot of it goes out.
    for batch in (Batch(attempting=[3]), Batch(outcomes=[sent(1)])):
        with pytest.raises(LeaseLost, match="silent for longer than 30 s"):
            one.commit(batch)
    # Its lease was at its end, too.
    with pytest.raises(LeaseLost):
        other.commit(Batch(outcomes=[sent(1)]))


def test_an_answer_that_came_late_is_kept_where_nobody_has_decided(
    state: SharedLedger, ledger: Database, others: tuple[PostgresqlDatabase, PostgresqlDatabase]
) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 5)])
    one, _other = map(records_of, others)
    one.claim("", 3)
    one.commit(Batch(attempting=[1, 2, 3]))
    end_all_leases(others[1])
    close_ended(others[1], ISSUE, now=NOW)
    # A person had the third sent again; it is attempted by somebody else by now.
    others[1].execute("UPDATE delivery SET state = 'attempting', lease = 99 WHERE id = 3")
    one.save_late(
        Batch(
            outcomes=[
                sent(1),
                DeliveryOutcome(row=2, before=S.ATTEMPTING, after=S.DEFERRED, reply=Reply(451, "later"), due=9),
                sent(3),
            ]
        )
    )
    assert list(states(state).values()) == ["sent", "deferred", "attempting", "pending"]


def test_a_lease_that_is_kept_lasts(ledger: Database, others: tuple[PostgresqlDatabase, PostgresqlDatabase]) -> None:
    freeze_people(ledger, [recipient(1)])
    now = 0.0
    lease = Lease(others[0], ISSUE, monotonic=lambda: now)
    records = LeasedRecords(others[0], lease, clock=lambda: NOW, monotonic=lambda: now)
    others[1].execute("UPDATE lease SET until = until - 25000")
    before = others[1].execute("SELECT until FROM lease").fetchone()[0]
    now = 5.0
    records.commit(Batch())
    assert others[1].execute("SELECT until FROM lease").fetchone()[0] == before
    now = 10.0
    records.commit(Batch())
    assert others[1].execute("SELECT until FROM lease").fetchone()[0] >= before + 25_000


def test_each_sender_knows_its_share_and_a_pause(
    ledger: Database, others: tuple[PostgresqlDatabase, PostgresqlDatabase]
) -> None:
    freeze_people(ledger, [recipient(1)])
    one, other = records_of(others[0]), records_of(others[1], is_worker=True)
    one.commit(Batch())
    other.commit(Batch())
    assert (one.share.rank, one.share.count, one.share.is_paused) == (0, 2, False)
    assert (other.share.rank, other.share.count) == (1, 2)
    pause(ledger, ISSUE)
    again = records_of(others[0])
    again.commit(Batch())
    assert again.is_paused()
    assert [sender.is_worker for sender in read_senders(others[0], ISSUE)] == [False, True, False]


def test_a_send_that_may_be_alive_is_not_taken_over(
    ledger: Database, others: tuple[PostgresqlDatabase, PostgresqlDatabase]
) -> None:
    freeze_people(ledger, [recipient(1), recipient(2)])
    one = records_of(others[0])
    one.claim("", 1)
    one.commit(Batch(attempting=[1]))
    with pytest.raises(LedgerBusy, match="a moment ago") as busy:
        recover(others[1], ISSUE)
    assert busy.value.hint is not None
    assert "seconds at most" in busy.value.hint
    end_all_leases(others[1])
    assert recover(others[1], ISSUE) == (0, 1)


def test_workers_need_not_end_for_a_new_plan(
    ledger: Database, others: tuple[PostgresqlDatabase, PostgresqlDatabase]
) -> None:
    freeze_people(ledger, [recipient(1)])
    records_of(others[0], is_worker=True)
    assert recover(others[1], ISSUE) == (0, 0)


def test_who_is_put_off_and_claimed_again_is_known_as_such(
    ledger: Database, others: tuple[PostgresqlDatabase, PostgresqlDatabase]
) -> None:
    freeze_people(ledger, [recipient(1), recipient(2)])
    records = records_of(others[0])
    records.claim("", 1)
    records.commit(Batch(attempting=[1]))
    records.commit(Batch(outcomes=[DeliveryOutcome(row=1, before=S.ATTEMPTING, after=S.DEFERRED, due=NOW)]))
    rows = records.claim("", 5)
    assert [(row.id, row.is_again, row.tries) for row in rows] == [(2, False, 0), (1, True, 1)]


def test_a_sender_that_ends_leaves_nothing_held(
    state: SharedLedger, ledger: Database, others: tuple[PostgresqlDatabase, PostgresqlDatabase]
) -> None:
    freeze_people(ledger, [recipient(1), recipient(2)])
    lease = Lease(others[0], ISSUE)
    records = LeasedRecords(others[0], lease, clock=lambda: NOW)
    records.claim("", 2)
    records.commit(Batch(attempting=[1]))
    lease.end(now=NOW)
    assert list(states(state).values()) == ["in_doubt", "pending"]
    with pytest.raises(LeaseLost):
        records.commit(Batch(attempting=[2]))


def test_a_ledger_that_moves_on_while_it_is_looked_at_is_no_older_copy(
    state: SharedLedger, ledger: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = runs.read_generation

    def meanwhile(database: Database) -> int:
        known = read(database)
        with transaction(ledger):
            generation = LedgerMark(state.state).advance(ledger)
        assert generation is not None
        LedgerMark(state.state).write(generation)
        return known

    monkeypatch.setattr(runs, "read_generation", meanwhile)
    assert not runs.is_old_copy(ledger, state.state)


def test_whoever_plans_holds_up_nobody_who_sends(
    state: SharedLedger, ledger: Database, others: tuple[PostgresqlDatabase, PostgresqlDatabase]
) -> None:
    freeze_people(ledger, [recipient(1), recipient(2)])
    records = records_of(others[0])
    records.claim("", 2)
    records.commit(Batch(attempting=[1]))
    others[0].execute("SET lock_timeout = '1s'")
    people = [recipient(1), recipient(2), recipient(3)]

    def while_the_editor_thinks(_frozen: Frozen) -> None:
        records.commit(Batch(attempting=[2], outcomes=[sent(1)]))

    frozen = freeze(
        ledger,
        facts(),
        people,
        pace_of=lambda domain: "",
        fields_of=None,
        expected_candidates=lambda: len(people),
        message=lambda: MESSAGE,
        confirm=while_the_editor_thinks,
    )
    assert (frozen.recipients, frozen.known) == (1, 2)
    assert list(states(state).values()) == ["sent", "attempting", "pending"]
