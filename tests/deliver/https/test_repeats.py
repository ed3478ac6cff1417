"""A request that was not answered is made again with its key, in time; past it, a person decides."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from newsletter_cli.deliver.building import RecipientLeft
from newsletter_cli.deliver.https.transport import HttpsTransport
from newsletter_cli.deliver.ledger.database import open_database
from newsletter_cli.deliver.ledger.deciding import Decision, decide
from newsletter_cli.deliver.ledger.records import Claimed, Records
from newsletter_cli.deliver.ledger.transactions import transaction
from newsletter_cli.deliver.progress import Ended
from newsletter_cli.deliver.secrets import Secret
from newsletter_cli.model.delivery import DeliveryState, Outgoing
from tests.deliver.https.server import MailService
from tests.deliver.https.test_transport import PEOPLE, Reach, Serve, build, first_is, refuse_doubles, repeating, send
from tests.deliver.stage import ISSUE, counts, freeze_people, recipient, states

FIRST = "reader1@example.org"
NOW = 1_800_000_000.0
LIFE, MARGIN = 30 * 60, 10 * 60


@dataclass
class Clock:
    now: float = NOW

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    # The line looks at it in the instant before the last octet.
    monkeypatch.setattr("newsletter_cli.deliver.https.line.time.time", found)
    return found


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def ledger(state: Path) -> Iterator[sqlite3.Connection]:
    connection = open_database(state)
    freeze_people(connection, [recipient(number) for number in range(1, PEOPLE + 1)])
    yield connection
    connection.close()


@pytest.fixture
def service(serve: Serve, clock: Clock) -> MailService:
    found = serve()
    found.clock = clock
    return found


@pytest.fixture
def transport(service: MailService, reach: Reach) -> HttpsTransport:
    return reach("brevo", service.port)


@pytest.fixture
def left_open(
    service: MailService, transport: HttpsTransport, ledger: sqlite3.Connection, state: Path, clock: Clock
) -> None:
    """A run was stopped when the first message was taken, and no answer had come."""
    service.plan = first_is("taken-cut")
    ending = send(ledger, transport, connections=1, clock=clock, is_interrupted=lambda: service.posts > 0)
    assert ending.how is Ended.INTERRUPTED
    assert repeating(state) == {FIRST}
    assert counts(state) == {"pending": PEOPLE}
    clock.now += 60


def the_rest_is(what: str, state: Path) -> bool:
    return set(list(states(state).values())[1:]) == {what}


@pytest.mark.usefixtures("left_open")
def test_it_is_made_again_and_nobody_has_it_twice(
    service: MailService, reach: Reach, ledger: sqlite3.Connection, state: Path, clock: Clock
) -> None:
    clock.now += LIFE - MARGIN - 61
    assert send(ledger, reach("brevo", service.port), clock=clock).how is Ended.DONE
    assert counts(state) == {"sent": PEOPLE}
    assert service.repeats == 1
    refuse_doubles(service, state)


@pytest.mark.usefixtures("left_open")
def test_it_is_the_same_request(
    service: MailService, reach: Reach, ledger: sqlite3.Connection, state: Path, clock: Clock
) -> None:
    # It knows nothing of the first one: it takes this one, and it is the same, octet by octet.
    service.known.clear()
    service.taken.clear()
    send(ledger, reach("brevo", service.port), clock=clock)
    first, *_others, again = sorted((one for one in service.messages if FIRST.encode() in one), key=len)
    assert first == again
    assert len(service.messages) == PEOPLE + 1


@pytest.mark.usefixtures("left_open")
@pytest.mark.parametrize("why", ["late", "other account", "other transport"])
def test_it_is_in_doubt_where_it_cannot_be_made_again(
    why: str, service: MailService, reach: Reach, ledger: sqlite3.Connection, state: Path, clock: Clock
) -> None:
    clock.now += LIFE - MARGIN if why == "late" else 0
    scheme = "lasuite" if why == "other transport" else "brevo"
    ending = send(ledger, reach(scheme, service.port), clock=clock, account="b" if why == "other account" else "")
    assert ending.how is Ended.DONE
    assert states(state)[FIRST] == "in_doubt"
    assert the_rest_is("sent", state)
    assert service.repeats == 0
    refuse_doubles(service, state)


@pytest.mark.usefixtures("left_open")
def test_a_person_who_resends_too_early_gets_no_double(
    service: MailService, reach: Reach, ledger: sqlite3.Connection, state: Path, clock: Clock
) -> None:
    Records(ledger, ISSUE, clock=clock).recover(way="")
    with transaction(ledger):
        assert decide(ledger, ISSUE, DeliveryState.IN_DOUBT, Decision.RESEND, keys=None, now=int(clock())) == 1
    assert send(ledger, reach("brevo", service.port), clock=clock).how is Ended.DONE
    # Brevo says that it knows the key; what made it known, nobody here can tell.
    assert states(state)[FIRST] == "in_doubt"
    refuse_doubles(service, state)
    (reply,) = ledger.execute("SELECT reply FROM delivery WHERE id = 1").fetchone()
    assert "already been processed" in reply


@pytest.mark.usefixtures("left_open")
def test_its_time_may_end_in_the_middle_of_a_run(
    service: MailService, reach: Reach, ledger: sqlite3.Connection, state: Path, clock: Clock
) -> None:
    def again(number: int) -> str:
        clock.now += LIFE - MARGIN if number == 2 else 0
        return "taken-cut" if number == 2 else ""

    service.plan = again
    assert send(ledger, reach("brevo", service.port), connections=1, clock=clock).how is Ended.DONE
    assert states(state)[FIRST] == "in_doubt"
    assert the_rest_is("sent", state)
    refuse_doubles(service, state)


@pytest.mark.usefixtures("left_open")
def test_its_time_may_end_in_the_instant_before_its_last_octet(
    service: MailService, reach: Reach, ledger: sqlite3.Connection, state: Path, clock: Clock
) -> None:
    then, built = Clock(clock.now), list[int]()

    def note(row: Claimed) -> Outgoing:
        built.append(row.id)
        return build(row)

    # The line's clock goes on while the engine's stands still: this process was stopped in between.
    clock.now += LIFE
    transport = reach("brevo", service.port)
    send(ledger, transport, connections=1, clock=then, build=note, is_interrupted=lambda: bool(built))
    assert states(state)[FIRST] == "in_doubt"
    assert the_rest_is("pending", state)
    assert service.taken == {FIRST: 1}
    assert service.repeats == 0


@pytest.mark.usefixtures("left_open")
@pytest.mark.parametrize(("how", "expected"), [("429", "deferred"), ("invalid", "in_doubt"), ("credits", "pending")])
def test_an_answer_to_the_second_request_says_nothing_of_the_first(
    how: str, expected: str, service: MailService, reach: Reach, ledger: sqlite3.Connection, state: Path, clock: Clock
) -> None:
    service.plan = lambda number: how if number == 2 else ""
    send(ledger, reach("brevo", service.port), connections=1, clock=clock)
    assert states(state)[FIRST] == expected
    assert repeating(state) == ({FIRST} if expected != "in_doubt" else set())
    clock.now += LIFE
    send(ledger, reach("brevo", service.port), clock=clock)
    assert states(state)[FIRST] == "in_doubt"
    refuse_doubles(service, state)


@pytest.mark.usefixtures("left_open")
@pytest.mark.parametrize("how", ["429", "503", "unread", "taken-cut"])
def test_what_only_puts_the_second_request_off_leaves_no_doubt(
    how: str, service: MailService, reach: Reach, ledger: sqlite3.Connection, state: Path, clock: Clock
) -> None:
    service.plan = lambda number: how if number == 2 else ""
    send(ledger, reach("brevo", service.port), connections=1, clock=clock)
    send(ledger, reach("brevo", service.port), clock=clock)
    assert counts(state) == {"sent": PEOPLE}
    refuse_doubles(service, state)


@pytest.mark.usefixtures("left_open")
def test_what_is_put_off_is_due_while_it_may_be_asked_again(
    service: MailService, reach: Reach, ledger: sqlite3.Connection, state: Path, clock: Clock
) -> None:
    clock.now = NOW + LIFE - MARGIN - 20
    service.plan = lambda number: "503" if number == 2 else ""
    send(ledger, reach("brevo", service.port), connections=1, clock=clock)
    assert states(state)[FIRST] == "deferred"
    due, until = ledger.execute("SELECT due, repeat_until FROM delivery WHERE id = 1").fetchone()
    assert clock.now < due < until
    send(ledger, reach("brevo", service.port), clock=clock)
    assert counts(state) == {"sent": PEOPLE}
    refuse_doubles(service, state)


@pytest.mark.usefixtures("left_open")
def test_whoever_left_meanwhile_may_have_it_all_the_same(
    service: MailService, reach: Reach, ledger: sqlite3.Connection, state: Path, clock: Clock
) -> None:
    def without_the_first(row: Claimed) -> Outgoing:
        if row.id == 1:
            raise RecipientLeft("they left the list since the send began")
        return build(row)

    assert send(ledger, reach("brevo", service.port), clock=clock, build=without_the_first).how is Ended.DONE
    assert states(state)[FIRST] == "in_doubt"
    assert the_rest_is("sent", state)


def test_a_service_that_never_answers_ends_the_send_and_leaves_all_that_is_open_to_the_next_run(
    service: MailService, transport: HttpsTransport, ledger: sqlite3.Connection, state: Path, clock: Clock, reach: Reach
) -> None:
    service.plan = lambda number: "lost-cut"
    assert send(ledger, transport, connections=1, clock=clock).how is Ended.STOPPED
    assert repeating(state)
    service.plan = lambda number: ""
    assert send(ledger, reach("brevo", service.port), clock=clock).how is Ended.DONE
    assert counts(state) == {"sent": PEOPLE}
    refuse_doubles(service, state)


def test_another_secret_is_another_account(
    service: MailService, reach: Reach, ledger: sqlite3.Connection, state: Path, clock: Clock
) -> None:
    secrets = iter(("first", "second"))
    service.valid_keys = {"first"}

    def expire(number: int) -> str:
        service.valid_keys = {"second"} if number == 4 else service.valid_keys
        return ""

    service.plan = expire
    transport = reach("brevo", service.port, secret=Secret(lambda: next(secrets)))
    assert send(ledger, transport, connections=1, clock=clock).how is Ended.STOPPED
    assert "second" not in service.keys
    refuse_doubles(service, state)
