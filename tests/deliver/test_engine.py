"""The engine against a transport that does as it is told, and looks into the ledger before every final dot."""

from __future__ import annotations

import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter_cli.base.errors import LedgerError
from newsletter_cli.config.send_settings import PaceSettings
from newsletter_cli.deliver.backlog import Backlog
from newsletter_cli.deliver.building import RecipientLeft
from newsletter_cli.deliver.engine import RunLimits
from newsletter_cli.deliver.ledger.database import open_database
from newsletter_cli.deliver.ledger.reading import read_report
from newsletter_cli.deliver.ledger.records import Batch, Claimed, DeliveryOutcome, Records
from newsletter_cli.deliver.message.person import Unbuildable
from newsletter_cli.deliver.progress import Ended
from newsletter_cli.deliver.transport import Happened
from newsletter_cli.model.delivery import DeliveryState, Outgoing, Reply
from tests.deliver.stage import (
    ISSUE,
    OK,
    Script,
    StagedTransport,
    Time,
    build,
    counts,
    engine_for,
    freeze_people,
    recipient,
    states,
)
from tests.examples import examples

NOT_NOW = Reply(451, "4.3.0 try again later")
GREY = Reply(450, "4.2.0 Greylisted, see you in five minutes")
NEVER = Reply(550, "5.1.1 no such user")
POLICY = Reply(554, "5.7.1 relay access denied")
BROKEN = Reply(0, "the connection broke")
TAKEN = (Happened.SENT, OK)
BYE = Reply(421, "4.7.0 too many messages")


def test_everybody_is_sent_to_once(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 501)])
    transport = StagedTransport(state, lambda row, attempt: (Happened.SENT, OK))

    ending = engine_for(ledger, transport).run()

    assert ending.how is Ended.DONE
    assert counts(state) == {"sent": 500}
    assert transport.delivered == Counter(range(1, 501))
    assert transport.most_open == 4
    assert transport.is_closed


def test_a_refusal_is_one_recipient_s_alone(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 11)])
    transport = StagedTransport(state, lambda row, attempt: (Happened.REFUSED, NEVER) if row == 3 else TAKEN)

    engine_for(ledger, transport).run()

    assert counts(state) == {"sent": 9, "refused": 1}
    assert states(state)["reader3@example.org"] == "refused"
    assert transport.dots[3] == 0


def test_no_words_of_a_server_repeat_the_address(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(1)])
    said = Reply(550, "5.1.1 <reader1@example.org>: unknown")
    engine_for(ledger, StagedTransport(state, lambda row, attempt: (Happened.REFUSED, said))).run()

    assert ledger.execute("SELECT reply FROM delivery").fetchone()[0] == "5.1.1 <…>: unknown"


def test_who_is_put_off_waits_for_the_next_run(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 6)])

    def greylisting(row: int, attempt: int) -> tuple[Happened, Reply]:
        return (Happened.DEFERRED, NOT_NOW) if row == 2 else (Happened.SENT, OK)

    time = Time()
    assert engine_for(ledger, StagedTransport(state, greylisting), clock=time).run().how is Ended.DONE
    assert counts(state) == {"sent": 4, "deferred": 1}
    (due,) = ledger.execute("SELECT due FROM delivery WHERE state = 'deferred'").fetchone()
    assert 40 <= due - time.now <= 80

    Records(ledger, ISSUE, clock=time).make_due_now()
    engine_for(ledger, StagedTransport(state, lambda row, attempt: (Happened.SENT, OK)), clock=time).run()
    assert counts(state) == {"sent": 5}


def test_patience_waits_for_who_is_put_off(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 6)])
    transport = StagedTransport(
        state, lambda row, attempt: (Happened.DEFERRED, NOT_NOW) if attempt < 3 else (Happened.SENT, OK)
    )
    time = Time(step_seconds=0.05)

    ending = engine_for(ledger, transport, limits=RunLimits(connections=2, patience_seconds=3600), clock=time).run()

    assert ending.how is Ended.DONE
    assert counts(state) == {"sent": 5}
    assert set(transport.tries.values()) == {3}


def test_waits_grow_and_are_never_alike(state: Path, ledger: sqlite3.Connection) -> None:
    """Twice as long after each try, half an hour at most, each spread by a quarter both ways."""
    freeze_people(ledger, [recipient(number) for number in range(1, 31)])
    for usual_seconds in (60, 120, 240, 480, 960, 1800, 1800):
        time = Time()
        Records(ledger, ISSUE, clock=time).make_due_now()
        transport = StagedTransport(state, lambda row, attempt: (Happened.DEFERRED, NOT_NOW))
        started = time.now
        engine_for(ledger, transport, clock=time).run()
        waits = [due - started for (due,) in ledger.execute("SELECT due FROM delivery")]
        # The run itself, and whole seconds.
        passed = time.now - started + 1
        assert passed < 10
        assert 0.75 * usual_seconds - 1 <= min(waits)
        assert max(waits) <= 1.25 * usual_seconds + passed
        assert len(set(waits)) > 5


@pytest.mark.parametrize("after_the_dot", [False, True])
def test_nothing_happened_so_it_is_tried_again(state: Path, ledger: sqlite3.Connection, after_the_dot: bool) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 8)])
    text = "dot: broke before it was sent" if after_the_dot else "broke"

    def breaks_once(row: int, attempt: int) -> tuple[Happened, Reply]:
        return (Happened.RETURNED, Reply(0, text)) if row == 4 and attempt == 1 else (Happened.SENT, OK)

    transport = StagedTransport(state, breaks_once)
    assert engine_for(ledger, transport).run().how is Ended.DONE
    assert counts(state) == {"sent": 7}
    assert set(transport.delivered.values()) == {1}


def test_a_row_that_breaks_every_connection_is_put_off(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 30)])
    transport = StagedTransport(
        state, lambda row, attempt: (Happened.RETURNED, BROKEN) if row == 1 else (Happened.SENT, OK)
    )
    ending = engine_for(ledger, transport, clock=Time(step_seconds=0.2)).run()
    assert ending.how is Ended.DONE
    assert counts(state) == {"sent": 28, "deferred": 1}


def test_what_is_in_doubt_is_never_sent_again(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 8)])
    lost = StagedTransport(state, lambda row, attempt: (Happened.IN_DOUBT, BROKEN) if row == 2 else (Happened.SENT, OK))
    engine_for(ledger, lost).run()
    assert counts(state) == {"sent": 6, "in_doubt": 1}

    again = StagedTransport(state, lambda row, attempt: (Happened.SENT, OK))
    engine_for(ledger, again).run()
    assert counts(state) == {"sent": 6, "in_doubt": 1}
    assert not again.tries


def test_a_refused_sender_stops_everything_and_leaves_it_pending(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 50)])
    ending = engine_for(ledger, StagedTransport(state, lambda row, attempt: (Happened.BLOCKED, POLICY))).run()
    assert ending.how is Ended.STOPPED
    assert "relay access denied" in ending.reason
    assert counts(state) == {"pending": 49}


SENDER = Reply(550, "5.1.8 Sender address rejected")


@pytest.mark.parametrize("kind", [Happened.TURNED_AWAY, Happened.BLOCKED])
@pytest.mark.parametrize("blamed", [[1], [3], [50], [1, 2], [48, 50], [10, 20, 30]])
def test_what_is_said_to_one_among_others_is_about_that_one(
    state: Path, ledger: sqlite3.Connection, kind: Happened, blamed: list[int]
) -> None:
    freeze_people(ledger, [recipient(number, f"d{number}.example.org") for number in range(1, 51)])
    transport = StagedTransport(state, lambda row, attempt: (kind, SENDER) if row in blamed else TAKEN)
    ending = engine_for(ledger, transport, limits=RunLimits(connections=2)).run()
    assert ending.how is Ended.DONE
    assert counts(state) == {"sent": 50 - len(blamed), "refused": len(blamed)}
    assert {row for (row,) in ledger.execute("SELECT id FROM delivery WHERE state = 'refused'")} == set(blamed)
    assert ledger.execute("SELECT DISTINCT reply FROM delivery WHERE state = 'refused'").fetchall() == [(SENDER.text,)]
    # At MAIL nobody was named: it may have been a matter of the moment.
    assert {transport.tries[row] for row in blamed} == ({1} if kind is Happened.TURNED_AWAY else {3})


@pytest.mark.parametrize("kind", [Happened.TURNED_AWAY, Happened.BLOCKED])
@pytest.mark.parametrize("count", [1, 2, 9, 200])
def test_what_is_said_to_all_stops_the_send_and_all_still_wait(
    state: Path, ledger: sqlite3.Connection, kind: Happened, count: int
) -> None:
    freeze_people(ledger, [recipient(number, f"d{number}.example.org") for number in range(1, count + 1)])
    transport = StagedTransport(state, lambda row, attempt: (kind, SENDER))
    ending = engine_for(ledger, transport).run()
    assert ending.how is Ended.STOPPED
    assert "Sender address rejected" in ending.reason
    assert counts(state) == {"pending": count}
    assert sum(transport.tries.values()) < 20
    # The next run asks others first: those who were asked may be the only ones.
    later = StagedTransport(state, lambda row, attempt: (kind, SENDER) if row == 1 else TAKEN)
    engine_for(ledger, later).run()
    assert counts(state) == ({"pending": 1} if count == 1 else {"sent": count - 1, "refused": 1})


def test_a_sender_who_is_refused_half_way_costs_nobody_their_issue(state: Path, ledger: sqlite3.Connection) -> None:
    """A quota that is used up: who was begun before it says nothing about those after."""
    freeze_people(ledger, [recipient(number, f"d{number}.example.org") for number in range(1, 201)])
    quota = Reply(550, "5.4.5 Daily sending quota exceeded")
    transport = StagedTransport(state, lambda row, attempt: (Happened.TURNED_AWAY, quota) if row > 100 else TAKEN)
    ending = engine_for(ledger, transport, limits=RunLimits(connections=8)).run()
    assert ending.how is Ended.STOPPED
    assert "quota" in ending.reason
    assert counts(state) == {"sent": 100, "pending": 100}


def test_the_last_one_left_is_judged_by_an_earlier_run(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 11)])
    late = StagedTransport(state, lambda row, attempt: (Happened.DEFERRED, NOT_NOW) if row == 4 else TAKEN)
    engine_for(ledger, late).run()
    Records(ledger, ISSUE, clock=Time()).make_due_now()
    alone = StagedTransport(state, lambda row, attempt: (Happened.TURNED_AWAY, SENDER))
    assert engine_for(ledger, alone).run().how is Ended.DONE
    assert counts(state) == {"sent": 9, "refused": 1}


def test_within_a_limit_or_when_stopped_nobody_stays_held_back(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 51)])
    transport = StagedTransport(state, lambda row, attempt: (Happened.TURNED_AWAY, SENDER) if row == 7 else TAKEN)
    ending = engine_for(ledger, transport, limits=RunLimits(connections=1, messages=7)).run()
    assert ending.how is Ended.LIMIT
    assert counts(state) == {"sent": 6, "refused": 1, "pending": 43}
    refusing = StagedTransport(state, lambda row, attempt: (Happened.TURNED_AWAY, SENDER))
    ending = engine_for(ledger, refusing, is_interrupted=lambda: sum(refusing.tries.values()) > 2).run()
    assert ending.how is Ended.INTERRUPTED
    assert counts(state) == {"sent": 6, "refused": 1, "pending": 43}


def test_those_put_off_are_waited_for_however_many_they_are(state: Path, ledger: sqlite3.Connection) -> None:
    """Counted, not timed: a run with patience goes through the list and comes back to those put off, twice."""
    freeze_people(ledger, [recipient(number, f"d{number % 300}.example.org") for number in range(1, 601)])
    transport = StagedTransport(
        state, lambda row, attempt: (Happened.DEFERRED, NOT_NOW) if row % 10 < 3 and attempt < 3 else TAKEN
    )
    time = Time(step_seconds=0.01)
    started = time.now
    ending = engine_for(ledger, transport, limits=RunLimits(connections=4, patience_seconds=600), clock=time).run()
    assert ending.how is Ended.DONE
    assert counts(state) == {"sent": 600}
    assert transport.tries.total() == 600 + 2 * 180
    assert time.now - started < 600


def test_without_patience_each_run_tries_all_that_wait(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number, f"d{number % 300}.example.org") for number in range(1, 501)])
    found = []
    for run in range(3):
        Records(ledger, ISSUE, clock=Time()).make_due_now()
        put_off = range(3) if run < 2 else range(0)
        transport = StagedTransport(state, partly_deferring(put_off))
        assert engine_for(ledger, transport).run().how is Ended.DONE
        found.append(counts(state))
    assert found == [{"sent": 350, "deferred": 150}, {"sent": 350, "deferred": 150}, {"sent": 500}]


def partly_deferring(last_digits: range) -> Script:
    return lambda row, attempt: (Happened.DEFERRED, NOT_NOW) if row % 10 in last_digits else TAKEN


def test_a_server_that_puts_everybody_off_is_waited_for_as_long_as_patience_lasts(
    state: Path, ledger: sqlite3.Connection
) -> None:
    freeze_people(ledger, [recipient(number, f"d{number}.example.org") for number in range(1, 501)])
    time = Time(step_seconds=0.05)
    started = time.now
    transport = StagedTransport(
        state, lambda row, attempt: (Happened.DEFERRED, NOT_NOW) if time.now < started + 900 else TAKEN
    )
    ending = engine_for(ledger, transport, limits=RunLimits(connections=4, patience_seconds=7200), clock=time).run()
    assert ending.how is Ended.DONE
    assert counts(state) == {"sent": 500}
    # It rested instead of asking everybody again and again.
    assert transport.tries.total() < 1000


def test_a_rest_ends_with_patience(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number, f"d{number}.example.org") for number in range(1, 501)])
    transport = StagedTransport(state, lambda row, attempt: (Happened.DEFERRED, NOT_NOW))
    time = Time(step_seconds=0.05)
    started = time.now
    ending = engine_for(ledger, transport, limits=RunLimits(connections=4, patience_seconds=600), clock=time).run()
    assert ending.how is Ended.STOPPED
    assert "try again later" in ending.reason
    assert time.now - started < 660
    assert counts(state)["pending"] > 300


def test_many_refusals_in_a_row_stop_everything(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 1001)])
    ending = engine_for(ledger, StagedTransport(state, lambda row, attempt: (Happened.REFUSED, POLICY))).run()
    assert ending.how is Ended.STOPPED
    assert counts(state)["refused"] < 50
    assert counts(state)["pending"] > 950


def test_dead_addresses_in_a_row_stop_nothing(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 151)])
    ending = engine_for(ledger, StagedTransport(state, lambda row, attempt: (Happened.REFUSED, NEVER))).run()
    assert ending.how is Ended.DONE
    assert counts(state) == {"refused": 150}


def test_a_server_that_knows_nobody_does_not_cost_the_whole_list(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 2001)])
    ending = engine_for(ledger, StagedTransport(state, lambda row, attempt: (Happened.REFUSED, NEVER))).run()
    assert ending.how is Ended.STOPPED
    assert counts(state)["pending"] > 1700


def test_a_server_that_puts_everybody_off_is_left_alone(state: Path, ledger: sqlite3.Connection) -> None:
    people = [recipient(number, f"domain{number % 7}.example.org") for number in range(1, 2001)]
    freeze_people(ledger, people)
    ending = engine_for(ledger, StagedTransport(state, lambda row, attempt: (Happened.DEFERRED, NOT_NOW))).run()
    assert ending.how is Ended.STOPPED
    assert counts(state)["deferred"] < 200


def test_greylisting_stops_nothing(state: Path, ledger: sqlite3.Connection) -> None:
    people = [recipient(number, f"domain{number % 7}.example.org") for number in range(1, 501)]
    freeze_people(ledger, people)
    ending = engine_for(ledger, StagedTransport(state, lambda row, attempt: (Happened.DEFERRED, GREY))).run()
    assert ending.how is Ended.DONE
    assert counts(state) == {"deferred": 500}


def test_421_opens_a_new_connection_and_counts_as_no_failure(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 101)])
    transport = StagedTransport(
        state, lambda row, attempt: (Happened.RETURNED, BYE) if row % 5 == 0 and attempt == 1 else (Happened.SENT, OK)
    )
    assert engine_for(ledger, transport).run().how is Ended.DONE
    assert counts(state) == {"sent": 100}
    assert transport.opened > 4


def test_those_put_off_are_tried_again_over_as_many_connections(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 41)])
    widths = []

    def script(row: int, attempt: int) -> tuple[Happened, Reply]:
        if attempt > 1:
            widths.append(len(transport._current))
        return (Happened.DEFERRED, GREY) if attempt == 1 else (Happened.SENT, OK)

    # A connection takes few messages, so that none of the first tries is left for the second.
    transport = StagedTransport(state, script, messages_per_connection=5)
    engine = engine_for(ledger, transport, limits=RunLimits(connections=4, patience_seconds=600))
    assert engine.run().how is Ended.DONE
    assert max(widths) == 4
    # Whoever got it at the second try is put off no more, and nobody counts twice.
    assert (engine.tally.sent, engine.tally.deferred, engine.tally.done) == (40, 0, 40)


def test_421_for_ever_ends(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 101)])
    transport = StagedTransport(state, lambda row, attempt: (Happened.RETURNED, BYE))
    ending = engine_for(ledger, transport, clock=Time(step_seconds=0.05)).run()
    assert ending.how is Ended.STOPPED
    assert counts(state) == {"pending": 100}


def test_a_connection_takes_so_many_messages_and_no_more(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 101)])
    transport = StagedTransport(state, lambda row, attempt: (Happened.SENT, OK), messages_per_connection=10)
    assert engine_for(ledger, transport).run().how is Ended.DONE
    assert counts(state) == {"sent": 100}
    assert max(transport._served.values()) == 10
    assert 10 <= transport.opened <= 14


def test_the_limit_is_kept(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 101)])
    transport = StagedTransport(state, lambda row, attempt: (Happened.SENT, OK))
    ending = engine_for(ledger, transport, limits=RunLimits(connections=4, messages=7)).run()
    assert ending.how is Ended.LIMIT
    assert counts(state) == {"sent": 7, "pending": 93}
    assert transport.delivered == Counter(range(1, 8))


def test_interrupted_the_current_messages_finish(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 1001)])
    transport = StagedTransport(state, lambda row, attempt: (Happened.SENT, OK))
    ending = engine_for(ledger, transport, is_interrupted=lambda: len(transport.delivered) >= 20).run()
    assert ending.how is Ended.INTERRUPTED
    found = counts(state)
    assert set(found) == {"sent", "pending"}
    assert found["sent"] == len(transport.delivered) < 40


def test_a_message_that_cannot_be_built_is_one_recipient_s_fault(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 301)])

    def build_most(row: Claimed) -> Outgoing:
        if row.id % 100 == 0:
            raise Unbuildable("the name holds a line end")
        return build(row)

    transport = StagedTransport(state, lambda row, attempt: (Happened.SENT, OK))
    engine_for(ledger, transport, build_message=build_most).run()
    assert counts(state) == {"sent": 297, "refused": 3}
    assert "line end" in ledger.execute("SELECT reply FROM delivery WHERE id = 100").fetchone()[0]


@pytest.mark.parametrize(("connections", "most"), [(1, 1), (2, 2), (3, 3), (0, 4)])
def test_a_provider_s_connections_are_kept(
    state: Path, ledger: sqlite3.Connection, connections: int, most: int
) -> None:
    people = [recipient(number, "orange.fr" if number % 4 else "example.org") for number in range(1, 201)]
    freeze_people(ledger, people, pace_of=lambda domain: "Orange" if domain == "orange.fr" else "")
    transport = StagedTransport(state, lambda row, attempt: (Happened.SENT, OK))
    rules = {"Orange": PaceSettings(name="Orange", domains=("orange.fr",), connections=connections)}
    engine_for(ledger, transport, rules=rules, limits=RunLimits(connections=4)).run()
    assert counts(state) == {"sent": 200}
    assert transport.most_connections_of["orange.fr"] == most
    # The others have what is left.
    assert transport.most_open == 4


def test_the_rate_is_kept(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 61)])
    transport = StagedTransport(state, lambda row, attempt: (Happened.SENT, OK))
    time = Time(step_seconds=0.01)
    started = time.now
    engine_for(ledger, transport, per_minute=60, clock=time).run()
    assert counts(state) == {"sent": 60}
    assert time.now - started > 55


def test_a_domain_that_defers_is_written_to_more_slowly(state: Path, ledger: sqlite3.Connection) -> None:
    people = [recipient(number, "slow.example.org" if number <= 100 else "example.org") for number in range(1, 201)]
    freeze_people(ledger, people)
    order: list[str] = []

    def slow(row: int, attempt: int) -> tuple[Happened, Reply]:
        if row <= 100:
            order.append("slow")
            return (Happened.DEFERRED, NOT_NOW) if row == 1 else (Happened.SENT, OK)
        order.append("fast")
        return (Happened.SENT, OK)

    engine_for(ledger, StagedTransport(state, slow), clock=Time(step_seconds=0.0005)).run()
    assert counts(state) == {"sent": 199, "deferred": 1}
    # Those of the other domain overtake.
    assert order.index("fast") < 60


def test_no_dot_goes_out_when_the_ledger_cannot_be_written(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 101)])
    transport = StagedTransport(state, lambda row, attempt: (Happened.SENT, OK))
    engine = engine_for(ledger, transport)

    def fill_the_disk() -> None:
        if len(transport.delivered) >= 10:
            ledger.execute("PRAGMA query_only = ON")

    transport.on_poll = fill_the_disk
    with pytest.raises(LedgerError):
        engine.run()
    ledger.execute("PRAGMA query_only = OFF")
    before = dict(transport.delivered)
    records = Records(ledger, ISSUE)
    _returned, doubtful = records.recover()
    # What was answered and could not be noted is in doubt: one a connection at most.
    assert doubtful <= 4
    again = StagedTransport(state, lambda row, attempt: (Happened.SENT, OK))
    engine_for(ledger, again).run()
    assert not set(before) & set(again.delivered)
    assert counts(state)["sent"] + counts(state).get("in_doubt", 0) == 100


@pytest.mark.parametrize("count", [300, 3000])
def test_one_deferral_holds_nobody_back_for_good(state: Path, ledger: sqlite3.Connection, count: int) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, count + 1)])
    transport = StagedTransport(state, lambda row, attempt: (Happened.DEFERRED, NOT_NOW) if row == 3 else TAKEN)
    assert engine_for(ledger, transport, clock=Time(step_seconds=0.0002)).run().how is Ended.DONE
    assert counts(state) == {"sent": count - 1, "deferred": 1}


def test_a_domain_that_stays_slow_lets_the_others_pass(state: Path, ledger: sqlite3.Connection) -> None:
    slow = [recipient(number, "slow.example.org") for number in range(1, 2501)]
    freeze_people(ledger, [*slow, *(recipient(number) for number in range(3000, 3200))])
    order: list[int] = []

    def script(row: int, attempt: int) -> tuple[Happened, Reply]:
        order.append(row)
        return (Happened.DEFERRED, NOT_NOW) if row <= 2500 else TAKEN

    engine_for(ledger, StagedTransport(state, script), clock=Time(step_seconds=0.01)).run()
    found = counts(state)
    assert found["sent"] == 200
    # All of the slow ones were tried or wait; none is lost.
    assert found.get("deferred", 0) + found.get("pending", 0) == 2500
    assert order.index(2501) < 1000


def test_a_row_that_breaks_the_only_connection_blocks_nobody(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 21)])
    transport = StagedTransport(state, lambda row, attempt: (Happened.RETURNED, BROKEN) if row == 1 else TAKEN)
    time = Time(step_seconds=0.2)
    ending = engine_for(ledger, transport, limits=RunLimits(connections=1), clock=time).run()
    assert ending.how is Ended.DONE
    assert counts(state) == {"sent": 19, "deferred": 1}


def test_waits_grow_whatever_the_command_was_put_off_at(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(1)])
    for _run in range(4):
        Records(ledger, ISSUE).make_due_now()
        engine_for(ledger, StagedTransport(state, lambda row, attempt: (Happened.DEFERRED, NOT_NOW))).run()
    tries, due = ledger.execute("SELECT tries, due FROM delivery").fetchone()
    assert tries == 4
    assert due - Time().now > 300


def test_a_server_s_limit_of_connections_is_respected(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 201)])
    transport = StagedTransport(state, lambda row, attempt: TAKEN, most_connections=2)
    ending = engine_for(ledger, transport, limits=RunLimits(connections=8), clock=Time(step_seconds=0.01)).run()
    assert ending.how is Ended.DONE
    assert counts(state) == {"sent": 200}
    # Asked for all of them once, and not again all the time.
    assert transport.opened <= 10


def test_it_rests_while_a_rule_s_connections_are_all_taken(ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number, "orange.fr") for number in range(1, 9)], pace_of=lambda domain: "Orange")
    records = Records(ledger, ISSUE)
    rules = {"Orange": PaceSettings(name="Orange", domains=("orange.fr",), connections=1)}
    backlog = Backlog(["Orange"], rules, per_minute=0, claim=records.claim)
    assert backlog.next(1, 0.0) is not None
    assert backlog.next(2, 0.0) is None
    assert backlog.is_waiting_for_connection
    assert backlog.wait_seconds(0.0) is None


def test_messages_that_cannot_be_built_stop_before_the_list_is_used_up(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 2001)])

    def build_none(row: Claimed) -> Outgoing:
        raise Unbuildable("the field “first_name” is empty, and there is no fallback for it")

    transport = StagedTransport(state, lambda row, attempt: TAKEN)
    ending = engine_for(ledger, transport, build_message=build_none).run()
    assert ending.how is Ended.STOPPED
    assert "first_name" in ending.reason
    assert counts(state)["refused"] < 50


def test_who_left_since_is_not_written_to_and_nobody_need_decide(state: Path, ledger: sqlite3.Connection) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 101)])

    def build_some(row: Claimed) -> Outgoing:
        if row.id % 2:
            raise RecipientLeft("they left the list since the send began")
        return build(row)

    transport = StagedTransport(state, lambda row, attempt: TAKEN)
    assert engine_for(ledger, transport, build_message=build_some).run().how is Ended.DONE
    assert set(transport.delivered) == set(range(2, 101, 2))
    assert read_report(ledger, ISSUE).is_complete


@pytest.mark.parametrize("said", ["<reader25@example.org>: denied", "READER25@Example.ORG unknown", "to=<a@b>"])
def test_no_reason_names_anybody(state: Path, ledger: sqlite3.Connection, said: str) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 100)])
    reply = Reply(554, f"5.7.1 {said}")
    ending = engine_for(ledger, StagedTransport(state, lambda row, attempt: (Happened.REFUSED, reply))).run()
    assert ending.how is Ended.STOPPED
    assert "@" not in ending.reason
    assert not [text for (text,) in ledger.execute("SELECT reply FROM delivery") if "@" in text]


def test_answers_are_saved_although_other_attempts_were_never_recorded(state: Path, ledger: sqlite3.Connection) -> None:
    """The commit fails in the round in which another row, at its dot and unrecorded, loses its connection."""
    freeze_people(ledger, [recipient(number) for number in range(1, 9)])
    transport = StagedTransport(state, lambda row, attempt: TAKEN)
    engine = engine_for(ledger, transport, limits=RunLimits(connections=2))
    commit = engine.records.commit
    failing: list[bool] = []

    def failing_once(batch: Batch) -> None:
        if batch.outcomes and batch.attempting and not failing:
            failing.append(True)
            ledger.execute("ROLLBACK") if ledger.in_transaction else None
            row = batch.attempting[0]
            batch.outcomes.append(
                DeliveryOutcome(row=row, before=DeliveryState.ATTEMPTING, after=DeliveryState.PENDING)
            )
            raise LedgerError("the disk is full")
        commit(batch)

    engine.records.commit = failing_once  # type: ignore[method-assign]
    with pytest.raises(LedgerError):
        engine.run()
    assert failing
    for row in transport.delivered:
        assert ledger.execute("SELECT state FROM delivery WHERE id = ?", (row,)).fetchone() == ("sent",)


@pytest.mark.parametrize("jump_seconds", [86_400.0, -86_400.0])
def test_a_clock_that_jumps_changes_nothing_but_when_the_deferred_are_due(
    state: Path, ledger: sqlite3.Connection, jump_seconds: float
) -> None:
    freeze_people(ledger, [recipient(number) for number in range(1, 201)])
    transport = StagedTransport(state, lambda row, attempt: (Happened.DEFERRED, NOT_NOW) if row % 9 == 0 else TAKEN)
    wall = Time()

    def jumping() -> float:
        return wall() + (jump_seconds if len(transport.delivered) > 50 else 0.0)

    assert engine_for(ledger, transport, clock=jumping, monotonic=Time()).run().how is Ended.DONE
    assert set(transport.delivered.values()) == {1}
    assert counts(state) == {"sent": 178, "deferred": 22}
    # Somebody who goes on has them tried, whatever the clock says by then.
    Records(ledger, ISSUE, clock=wall).make_due_now()
    engine_for(ledger, StagedTransport(state, lambda row, attempt: TAKEN), clock=wall).run()
    assert counts(state) == {"sent": 200}


def test_without_patience_nobody_is_tried_twice_in_a_run(state: Path, ledger: sqlite3.Connection) -> None:
    """Going through a slow domain may take longer than the first wait: a run ends all the same."""
    freeze_people(ledger, [recipient(number) for number in range(1, 301)])
    transport = StagedTransport(state, lambda row, attempt: (Happened.DEFERRED, NOT_NOW))
    ending = engine_for(ledger, transport, clock=Time(step_seconds=0.5)).run()
    assert ending.how is Ended.DONE
    assert set(transport.tries.values()) == {1}
    assert counts(state) == {"deferred": 300}


FATES = {
    "sent": (Happened.SENT, OK),
    "refused": (Happened.REFUSED, NEVER),
    "deferred": (Happened.DEFERRED, NOT_NOW),
    "refused at the dot": (Happened.REFUSED, Reply(552, "dot: 552 too large")),
    "deferred at the dot": (Happened.DEFERRED, Reply(452, "dot: 452 4.3.1 full")),
    "in doubt": (Happened.IN_DOUBT, BROKEN),
    "broken": (Happened.RETURNED, BROKEN),
    "broken at the dot": (Happened.RETURNED, Reply(0, "dot: broken")),
    "421": (Happened.RETURNED, BYE),
}


@examples(25)
@given(
    st.lists(st.lists(st.sampled_from(sorted(FATES)), min_size=1, max_size=3), min_size=1, max_size=40),
    st.integers(1, 5),
)
def test_whatever_happens_nobody_gets_it_twice_and_nobody_is_lost(
    tmp_path_factory: pytest.TempPathFactory, fates: list[list[str]], connections: int
) -> None:
    state = tmp_path_factory.mktemp("ledger")
    connection = open_database(state)
    delivered: Counter[int] = Counter()
    tries: Counter[int] = Counter()
    try:
        freeze_people(connection, [recipient(number) for number in range(1, len(fates) + 1)])

        def script(row: int, attempt: int) -> tuple[Happened, Reply]:
            own = fates[row - 1]
            place = tries[row] + attempt - 1
            return FATES[own[place]] if place < len(own) else (Happened.SENT, OK)

        time = Time(step_seconds=0.1)
        for _run in range(12):
            transport = StagedTransport(state, script)
            Records(connection, ISSUE, clock=time).make_due_now()
            engine_for(connection, transport, limits=RunLimits(connections=connections), clock=time).run()
            delivered += transport.delivered
            tries += transport.tries
    finally:
        connection.close()
    assert all(count == 1 for count in delivered.values())
    for row, (_key, found) in enumerate(states(state).items(), 1):
        assert found in ("sent", "refused", "in_doubt"), (row, found, fates[row - 1])
        assert (found in ("sent", "in_doubt")) == (delivered[row] == 1)
