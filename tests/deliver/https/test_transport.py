"""What becomes of a message that is posted, whatever the service does."""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from newsletter_cli.base.errors import TransportError
from newsletter_cli.deliver.backlog import Backlog
from newsletter_cli.deliver.engine import Engine, RunLimits
from newsletter_cli.deliver.https.finishing import Finish
from newsletter_cli.deliver.https.services.graph import Graph
from newsletter_cli.deliver.https.transport import HttpsTransport, probe
from newsletter_cli.deliver.ledger.database import open_database
from newsletter_cli.deliver.ledger.records import Claimed, Records
from newsletter_cli.deliver.opening import open_service, parse_transport_url
from newsletter_cli.deliver.progress import Ended, Ending, SendTally
from newsletter_cli.deliver.secrets import Secret
from newsletter_cli.model.delivery import Outgoing
from tests.deliver.certificates import Authority
from tests.deliver.https.conftest import SECRETS, SETTINGS
from tests.deliver.https.server import MISBEHAVIOURS, MailService
from tests.deliver.stage import ISSUE, counts, freeze_people, recipient, states

SCHEMES = ("lasuite", "graph", "brevo")
PEOPLE = 12
Reach = Callable[..., HttpsTransport]
Serve = Callable[..., MailService]


@pytest.fixture
def state(tmp_path: Path) -> Path:
    return tmp_path / "state"


@pytest.fixture
def ledger(state: Path) -> Iterator[sqlite3.Connection]:
    connection = open_database(state)
    freeze_people(connection, [recipient(number) for number in range(1, PEOPLE + 1)])
    yield connection
    connection.close()


def build(row: Claimed) -> Outgoing:
    head = f"From: lettre@example.org\r\nTo: {row.address}\r\nSubject: Tidings\r\nContent-Type: text/html\r\n"
    data = f"{head}\r\n..Hello {row.id}\r\n"
    return Outgoing(row=row.id, sender="bounces@example.org", recipient=row.address, data=data.encode())


def send(
    ledger: sqlite3.Connection,
    transport: HttpsTransport,
    *,
    connections: int = 2,
    patience_seconds: float = 0.0,
    clock: Callable[[], float] = time.time,
    account: str = "",
    build: Callable[[Claimed], Outgoing] = build,
    is_interrupted: Callable[[], bool] = lambda: False,
) -> Ending:
    seconds = transport._service.key_seconds
    way = f"{transport.name} {account}" if seconds else ""
    records = Records(ledger, ISSUE, clock=clock, way=way, key_seconds=seconds)
    records.recover(way=way)
    finish = Finish(transport._service, "a ledger", clock=clock)
    records.make_due_now()
    ready = records.count_ready()
    return Engine(
        records=records,
        transport=transport,
        backlog=Backlog(list(ready), {}, per_minute=0, claim=records.claim),
        limits=RunLimits(connections=connections, patience_seconds=patience_seconds),
        build=lambda row: finish(row, build(row)),
        is_interrupted=is_interrupted,
        clock=clock,
        monotonic=time.monotonic,
        tally=SendTally(total=sum(ready.values())),
    ).run()


def first_is(how: str) -> Callable[[int], str]:
    return lambda number: how if number == 1 else ""


def repeating(state: Path) -> set[str]:
    """Those whose request is to be made again."""
    connection = open_database(state)
    try:
        rows = connection.execute("SELECT key FROM delivery WHERE repeat_until > 0 AND state <> 'sent'")
        return {key for (key,) in rows}
    finally:
        connection.close()


def refuse_doubles(service: MailService, state: Path, *, is_under_way: bool = False) -> None:
    """The promise, from both ends; `is_under_way`: a run was killed a moment ago."""
    open_ones = ("in_doubt", "attempting") if is_under_way else ("in_doubt",)
    waiting = repeating(state)
    assert not [who for who, times in service.taken.items() if times > 1], service.taken
    for who, what in states(state).items():
        if what == "sent":
            assert service.taken[who] == 1, (who, what)
        elif what not in open_ones and who not in waiting:
            assert not service.taken[who], (who, what)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_everybody_gets_one_message_as_it_stands(
    scheme: str, serve: Serve, reach: Reach, ledger: sqlite3.Connection, state: Path
) -> None:
    service = serve()
    assert send(ledger, reach(scheme, service.port)).how is Ended.DONE
    assert counts(state) == {"sent": PEOPLE}
    assert service.taken == Counter(f"reader{number}@example.org" for number in range(1, PEOPLE + 1))
    # Dots are for SMTP alone.
    end = b'"htmlContent":".Hello 1\\n"' if scheme == "brevo" else b"\r\n\r\n.Hello 1\r\n"
    assert any(end in one for one in service.messages)
    # A connection takes one message after another.
    assert service.connections == 2
    assert set(service.keys) == {SECRETS[scheme]}


# What becomes of the row whose message meets it, and how the run ends.
DEFINITE = {
    "429": ("deferred", Ended.DONE), "429-bare": ("deferred", None), "503": ("deferred", Ended.DONE),
    "429-long": ("deferred", Ended.STOPPED),
    "413": ("refused", Ended.DONE), "400": ("refused", Ended.DONE), "undone": ("deferred", Ended.DONE),
    "401": ("pending", Ended.STOPPED), "403": ("pending", Ended.STOPPED), "404": ("pending", Ended.STOPPED),
    "redirect": ("pending", Ended.STOPPED),
    "unread": ("sent", Ended.DONE), "half-read": ("sent", Ended.DONE),
    "500": ("in_doubt", Ended.DONE), "502-html": ("in_doubt", Ended.DONE), "taken-cut": ("in_doubt", Ended.DONE),
    "lost-cut": ("in_doubt", Ended.DONE), "garbage": ("in_doubt", Ended.DONE), "silent": ("in_doubt", Ended.DONE),
    "html": ("in_doubt", Ended.STOPPED),
    "half-answer": ("sent", Ended.DONE), "gzip": ("sent", Ended.DONE), "http10": ("sent", Ended.DONE),
    "close": ("sent", Ended.DONE), "hangs-up-after": ("sent", Ended.DONE), "slow": ("sent", Ended.DONE),
    "late": ("in_doubt", Ended.DONE),
}  # fmt: skip
OF_LASUITE = {"undone": DEFINITE.pop("undone")}
OF_GRAPH = {"quota": ("pending", Ended.STOPPED), "denied": ("pending", Ended.STOPPED)}

OF_BREVO = {
    "credits": ("pending", Ended.STOPPED), "sender": ("pending", Ended.STOPPED),
    "suspended": ("pending", Ended.STOPPED), "limit": ("deferred", Ended.DONE), "invalid": ("refused", Ended.DONE),
    # A failure may have made the key known without the message being taken: nobody can tell.
    "500-taken": ("in_doubt", Ended.DONE), "500-known": ("in_doubt", Ended.DONE),
}  # fmt: skip


def test_every_misbehaviour_has_its_row() -> None:
    assert {*DEFINITE, *OF_LASUITE, *OF_GRAPH, *OF_BREVO} == set(MISBEHAVIOURS)


@pytest.mark.parametrize(
    ("scheme", "how"),
    [
        *((scheme, how) for how in DEFINITE if how != "429-bare" for scheme in SCHEMES),
        *(("graph", how) for how in OF_GRAPH),
        *(("lasuite", how) for how in OF_LASUITE),
        *(("brevo", how) for how in OF_BREVO),
    ],
)
def test_what_becomes_of_a_message(
    scheme: str, how: str, serve: Serve, reach: Reach, ledger: sqlite3.Connection, state: Path
) -> None:
    expected, ended = (DEFINITE | OF_LASUITE | OF_GRAPH | (OF_BREVO if scheme == "brevo" else {}))[how]
    if scheme == "brevo" and expected == "in_doubt" and how not in OF_BREVO:
        # The same request is made again, and nobody is in doubt; where a stranger answers, by the next run.
        expected = "sent" if ended is Ended.DONE else "pending"
    service = serve(first_is(how))
    ending = send(
        ledger, reach(scheme, service.port, timeout_seconds=3 if how in ("silent", "late") else 30), connections=1
    )
    assert ending.how is ended, ending
    refuse_doubles(service, state)
    # `unread`: whether all of a small message had left already, nobody can tell.
    mine = states(state)["reader1@example.org"]
    assert mine == expected or (how in ("unread", "half-read") and mine == "in_doubt"), mine
    rest = "sent" if ended is Ended.DONE else "pending"
    # What is posted at the very moment at which the service hangs up may be in doubt.
    beside = {"in_doubt"} if how == "hangs-up-after" and scheme != "brevo" else set()
    assert set(list(states(state).values())[1:]) - beside == {rest}
    # Run again, with a service that is well: whoever waits has it, and nobody has it twice.
    service.plan = lambda number: ""
    assert send(ledger, reach(scheme, service.port)).how is Ended.DONE
    refuse_doubles(service, state)
    assert set(states(state).values()) <= {"sent", "in_doubt", "refused"}


def test_words_of_a_service_name_nobody_and_are_kept(serve: Serve, reach: Reach, ledger: sqlite3.Connection) -> None:
    service = serve(first_is("400"))
    send(ledger, reach("lasuite", service.port), connections=1)
    code, words = ledger.execute("SELECT code, reply FROM delivery WHERE state = 'refused'").fetchone()
    assert code == 400
    assert words.startswith("Failed to parse: ")
    assert "@" not in words


def test_one_doubt_after_another_stops_the_send(
    serve: Serve, reach: Reach, ledger: sqlite3.Connection, state: Path
) -> None:
    service = serve(lambda number: "taken-cut")
    ending = send(ledger, reach("lasuite", service.port), connections=1)
    assert ending.how is Ended.STOPPED
    assert "resolve" in (ending.hint or "")
    assert counts(state) == {"in_doubt": 3, "pending": PEOPLE - 3}


def test_everybody_waits_while_the_service_asks_for_it(
    serve: Serve, reach: Reach, ledger: sqlite3.Connection, state: Path
) -> None:
    service = serve(lambda number: "429" if number % 5 == 1 else "")
    ending = send(ledger, reach("lasuite", service.port), patience_seconds=60.0)
    assert ending.how is Ended.DONE
    assert counts(state) == {"sent": PEOPLE}
    refuse_doubles(service, state)


def test_a_token_that_has_expired_is_read_anew_and_nobody_notices(
    serve: Serve, reach: Reach, ledger: sqlite3.Connection, state: Path
) -> None:
    service = serve()
    tokens = iter(("first", "second"))
    service.valid_keys = {"first"}

    def expire(number: int) -> str:
        if number == 4:
            service.valid_keys = {"second"}
        return ""

    service.plan = expire
    ending = send(ledger, reach("graph", service.port, secret=Secret(lambda: next(tokens))), connections=1)
    assert ending.how is Ended.DONE
    assert counts(state) == {"sent": PEOPLE}
    refuse_doubles(service, state)


@pytest.mark.parametrize(
    ("certificate", "said"),
    [("self-signed", "ca_file"), ("wrong-host", "send.transport"), ("expired", "clock")],
)
def test_a_certificate_that_is_not_trusted_gets_nothing(
    certificate: str, said: str, serve: Serve, reach: Reach, ledger: sqlite3.Connection, state: Path
) -> None:
    service = serve(certificate=certificate)
    ending = send(ledger, reach("lasuite", service.port))
    assert ending.how is Ended.STOPPED
    assert "certificate" in ending.reason
    assert said in (ending.hint or "")
    assert counts(state) == {"pending": PEOPLE}
    assert not service.keys


def test_nobody_there(reach: Reach, serve: Serve, ledger: sqlite3.Connection, state: Path) -> None:
    with serve() as service:
        port = service.port
    ending = send(ledger, reach("lasuite", port))
    assert ending.how is Ended.STOPPED
    assert counts(state) == {"pending": PEOPLE}


class TestProbe:
    @pytest.mark.parametrize("scheme", SCHEMES)
    def test_a_key_is_accepted_or_not(self, scheme: str, serve: Serve, authority: Authority) -> None:
        service = serve()

        def asked(secret: str) -> object:
            address = parse_transport_url(f"{scheme}://127.0.0.1:{service.port}")
            return probe(
                *open_service(address, SETTINGS[scheme], secret=Secret(lambda: secret), ca_file=authority.ca_file)
            )

        assert asked(SECRETS[scheme])
        with pytest.raises(TransportError, match="does not accept the key"):
            asked("wrong")
        assert not service.messages


def test_a_message_that_graph_would_not_take_is_known_beforehand() -> None:
    assert Graph(mailbox="x").most_bytes == 3_000_000
