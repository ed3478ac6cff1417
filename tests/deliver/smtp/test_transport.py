"""The transport against real sockets: what a server got is counted at the server."""

from __future__ import annotations

import base64
import select
import selectors
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.base.errors import TransportError
from newsletter_cli.config.send_settings import SmtpSettings
from newsletter_cli.deliver.secrets import Secret
from newsletter_cli.deliver.smtp.server import Login, Server
from newsletter_cli.deliver.smtp.transport import SmtpTransport
from newsletter_cli.deliver.transport import ConnectionEvent, Happened, Transport
from newsletter_cli.model.delivery import Outgoing
from tests.deliver.certificates import Authority
from tests.deliver.smtp.scripted_server import CLOSE, HANG, RESET, ScriptedServer
from tests.deliver.smtp.talk import BODY, outgoing
from tests.waiting import PATIENCE_SECONDS, patiently, wait_until

ENDS = {
    Happened.SENT,
    Happened.REFUSED,
    Happened.DEFERRED,
    Happened.IN_DOUBT,
    Happened.RETURNED,
    Happened.BLOCKED,
    Happened.TURNED_AWAY,
}
LARGE = b"x" * 74 + b"\r\n"


@contextmanager
def transport_to(
    port: int,
    *,
    host: str = "127.0.0.1",
    smtps: bool = False,
    read_secret: Callable[[], str] | None = None,
    ca_file: Path | None = None,
    **options: Any,
) -> Iterator[SmtpTransport]:
    login = None if read_secret is None else Login(user="ann", secret=Secret(read_secret))
    options = {"timeout_seconds": 5, "final_timeout_seconds": 5, "hello": "client.example", **options}
    transport = SmtpTransport(
        Server(
            host=host, port=port, is_tls_at_once=smtps, options=SmtpSettings(**options), login=login, ca_file=ca_file
        )
    )
    try:
        yield transport
    finally:
        transport.close()


class Run:
    """A small engine: hands rows, releases them, opens connections anew, until each row has ended `once`."""

    def __init__(self, transport: SmtpTransport, rows: list[Outgoing], *, connections: int = 1, overlaps: bool = True):
        self.transport = transport
        self.waiting = list(rows)
        self.overlaps = overlaps
        self.ends: dict[int, Happened] = {}
        self.events: list[ConnectionEvent] = []
        self._count = len(rows)
        self._connections = connections

    def __call__(self) -> dict[int, Happened]:
        for _connection in range(self._connections):
            self.transport.connect()
        for _left in patiently(lambda: self.events):
            if len(self.ends) >= self._count:
                break
            at_dot: list[int] = []
            for event in self.transport.poll(0.5):
                self.events.append(event)
                if event.kind in ENDS:
                    assert event.row not in self.ends
                    self.ends[event.row] = event.kind
                elif event.kind is Happened.READY and self.waiting:
                    self.transport.hand(event.connection, self.waiting.pop(0))
                elif event.kind is Happened.AT_DOT:
                    at_dot.append(event.connection)
                    if self.overlaps and self.waiting and not event.is_last:
                        self.transport.hand(event.connection, self.waiting.pop(0))
                elif event.kind in (Happened.DOWN, Happened.FATAL) and self.waiting:
                    self.transport.connect()
            for connection in at_dot:
                self.transport.release(connection)
        return self.ends

    def of(self, kind: Happened) -> list[ConnectionEvent]:
        return [event for event in self.events if event.kind is kind]


def wait_for(transport: SmtpTransport, kind: Happened) -> ConnectionEvent:
    seen: list[ConnectionEvent] = []

    def is_seen() -> bool:
        seen.extend(transport.poll(0.2))
        return any(event.kind is kind for event in seen)

    wait_until(is_seen, lambda: f"no {kind}: {seen}", step_seconds=0)
    return next(event for event in seen if event.kind is kind)


def large(row: int, size_bytes: int = 1_500_000) -> Outgoing:
    return outgoing(row, data=b"Row: %d\r\n\r\n" % row + LARGE * (size_bytes // len(LARGE)))


def test_it_is_a_transport() -> None:
    with transport_to(2525) as transport:
        checked: Transport = transport
        assert checked.name == "smtp://127.0.0.1:2525"
    with transport_to(465, host="mail.example.org", smtps=True) as transport:
        assert transport.name == "smtps://mail.example.org:465"
    with transport_to(25, host="::1") as transport:
        assert transport.name == "smtp://[::1]:25"


@pytest.mark.parametrize("extensions", [("PIPELINING", "SIZE 0"), ()])
@pytest.mark.parametrize("connections", [1, 5])
@pytest.mark.parametrize("overlaps", [True, False])
def test_each_message_arrives_once(extensions: tuple[str, ...], connections: int, overlaps: bool) -> None:
    rows = [outgoing(row) for row in range(1, 41)]
    with ScriptedServer(extensions=extensions) as server, transport_to(server.port) as transport:
        run = Run(transport, rows, connections=connections, overlaps=overlaps)
        assert set(run().values()) == {Happened.SENT}
        assert sorted(server.messages) == sorted((f"RCPT TO:<{row.recipient}>", row.data) for row in rows)
        assert server.connections <= connections
        assert all(event.reply.text == "2.0.0 queued" for event in run.of(Happened.SENT))


def test_a_message_costs_one_round_trip_where_envelopes_overlap() -> None:
    with ScriptedServer() as server, transport_to(server.port) as transport:
        transport.connect()
        connection = wait_for(transport, Happened.READY).connection
        transport.hand(connection, outgoing(1))
        wait_for(transport, Happened.AT_DOT)
        transport.hand(connection, outgoing(2))
        transport.release(connection)
        events: list[ConnectionEvent] = []
        while len(events) < 2:
            events += transport.poll(1)
        assert [(event.kind, event.row) for event in events] == [(Happened.SENT, 1), (Happened.AT_DOT, 2)]


@pytest.mark.parametrize("tls", [False, True])
def test_large_bodies_through_a_narrow_pipe(authority: Authority, tls: bool) -> None:
    rows = [large(row) for row in range(1, 5)]
    context = authority.context("good") if tls else None
    more: dict[str, Any] = {"smtps": True, "ca_file": authority.ca_file} if tls else {}
    more |= {"final_timeout_seconds": 60}
    with (
        ScriptedServer(tls=context, is_tls_at_once=tls, receive_buffer_bytes=8192) as server,
        transport_to(server.port, **more) as transport,
    ):
        run = Run(transport, rows, connections=2)
        assert set(run().values()) == {Happened.SENT}
        assert sorted(data for _to, data in server.messages) == sorted(row.data for row in rows)


def test_a_slow_reader_costs_no_busy_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        ScriptedServer(receive_buffer_bytes=4096, pause_seconds=0.005) as server,
        transport_to(server.port, final_timeout_seconds=60) as transport,
    ):
        transport.connect()
        connection = wait_for(transport, Happened.READY).connection
        transport.hand(connection, large(1, 2_500_000))
        wait_for(transport, Happened.AT_DOT)
        transport.release(connection)
        looks = 0
        select = transport._selector.select

        def counting(timeout: float | None) -> list[tuple[selectors.SelectorKey, int]]:
            nonlocal looks
            looks += 1
            return select(timeout)

        monkeypatch.setattr(transport._selector, "select", counting)
        wait_for(transport, Happened.SENT)
        # Woken up when there is room, which there is when the server has read something; not round and round.
        assert looks <= server.pieces + 20


def test_a_body_that_moves_is_not_late() -> None:
    with (
        ScriptedServer(receive_buffer_bytes=4096, pause_seconds=0.005) as server,
        transport_to(server.port, timeout_seconds=0.8, final_timeout_seconds=60) as transport,
    ):
        transport.connect()
        connection = wait_for(transport, Happened.READY).connection
        transport.hand(connection, large(1, 2_500_000))
        wait_for(transport, Happened.AT_DOT)
        transport.release(connection)
        assert wait_for(transport, Happened.SENT).row == 1


# TLS and logging in


@pytest.mark.parametrize("smtps", [False, True])
def test_over_tls(authority: Authority, smtps: bool) -> None:
    rows = [outgoing(row, data=BODY * 4000) for row in range(1, 31)]
    context = authority.context("good")
    with (
        ScriptedServer(tls=context, is_tls_at_once=smtps, extensions=("PIPELINING", "AUTH PLAIN")) as server,
        transport_to(
            server.port,
            smtps=smtps,
            starttls="required",
            ca_file=authority.ca_file,
            read_secret=lambda: "secret",
        ) as transport,
    ):
        run = Run(transport, rows, connections=3)
        assert set(run().values()) == {Happened.SENT}
        assert len(server.messages) == 30


def test_a_bad_certificate_is_fatal(authority: Authority) -> None:
    with (
        ScriptedServer(tls=authority.context("expired")) as server,
        transport_to(server.port, starttls="required", ca_file=authority.ca_file) as transport,
    ):
        transport.connect()
        event = wait_for(transport, Happened.FATAL)
        assert "expired" in event.reply.text
        assert event.hint


def test_a_wrong_password_is_fatal() -> None:
    with (
        ScriptedServer({"AUTH": "535 5.7.8 no"}, extensions=("AUTH PLAIN",)) as server,
        transport_to(server.port, read_secret=lambda: "secret") as transport,
    ):
        transport.connect()
        event = wait_for(transport, Happened.FATAL)
        assert event.reply == (535, "5.7.8 no")


def test_the_password_is_asked_for_once() -> None:
    asked = []

    def read_secret() -> str:
        asked.append(1)
        time.sleep(0.1)
        return "secret"

    with (
        ScriptedServer(extensions=("AUTH PLAIN",)) as server,
        transport_to(server.port, read_secret=read_secret) as transport,
    ):
        run = Run(transport, [outgoing(row) for row in range(1, 13)], connections=12)
        run()
        assert asked == [1]


def test_a_token_that_has_run_out_is_asked_for_again() -> None:
    tokens = iter(["first", "second", "third"])
    with (
        ScriptedServer(
            {"AUTH": ["235 in", "535 5.7.3 expired", "235 in", "535 5.7.3 expired"]}, extensions=("AUTH PLAIN",)
        ) as server,
        transport_to(server.port, read_secret=lambda: next(tokens)) as transport,
    ):
        for _connection in range(2):
            transport.connect()
            wait_for(transport, Happened.READY)
        offered = [base64.b64decode(said.split(" ")[2]) for said in server.commands if said.startswith("AUTH")]
        assert offered == [b"\0ann\0first", b"\0ann\0first", b"\0ann\0second"]
        # A fresh one that is refused, too, is no matter of time: nobody is asked again.
        transport.connect()
        assert wait_for(transport, Happened.FATAL).reply == (535, "5.7.3 expired")
        assert next(tokens, None) is None
        assert sum(said.startswith("AUTH") for said in server.commands) == 5


def test_a_refused_password_that_stays_the_same_is_fatal() -> None:
    with (
        ScriptedServer({"AUTH": ["235 in", "535 5.7.8 no"]}, extensions=("AUTH PLAIN",)) as server,
        transport_to(server.port, read_secret=lambda: "secret") as transport,
    ):
        transport.connect()
        wait_for(transport, Happened.READY)
        transport.connect()
        wait_for(transport, Happened.FATAL)
        assert sum(said.startswith("AUTH") for said in server.commands) == 2


def test_a_password_that_cannot_be_had_is_fatal() -> None:
    def read_secret() -> str:
        raise TransportError("the password: no program pass", hint="install it")

    with (
        ScriptedServer(extensions=("AUTH PLAIN",)) as server,
        transport_to(server.port, read_secret=read_secret) as transport,
    ):
        transport.connect()
        event = wait_for(transport, Happened.FATAL)
        assert "password" in event.reply.text
        assert event.hint


def test_nobody_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with transport_to(port) as transport:
        connections = {transport.connect() for _connection in range(20)}
        assert len(connections) == 20
        while connections:
            for event in transport.poll(2):
                assert (event.kind, event.is_failure) == (Happened.DOWN, True)
                connections.discard(event.connection)


def test_a_server_that_waits_for_tls_one_client_at_a_time_is_recognized(
    authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("newsletter_cli.deliver.smtp.connecting.GREETING_SECONDS", 0.2)
    context = authority.context("good")

    def serve_one(listener: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(listener.accept()[0], server_side=True) as client:
            client.recv(1)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve_one, args=(listener,), daemon=True)
        thread.start()
        transport = SmtpTransport(options_of(listener.getsockname()[1]))
        for _connection in range(4):
            transport.connect()
        fatal = wait_for(transport, Happened.FATAL)
        transport.close()
        thread.join(PATIENCE_SECONDS)
    assert "smtps://" in (fatal.hint or "")


# Time in which nobody listened


def test_what_came_while_nobody_listened_counts_before_a_deadline_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = [1000.0]
    monkeypatch.setattr("newsletter_cli.deliver.smtp.transport.PAUSE_SECONDS", float("inf"))
    with ScriptedServer() as server:
        transport = SmtpTransport(options_of(server.port), monotonic=lambda: moment[0])
        connection = transport.connect()
        wait_for(transport, Happened.READY)
        transport.hand(connection, outgoing(1))
        wait_for(transport, Happened.AT_DOT)
        transport.release(connection)
        server.wait_for(1)
        # The answer has come; then every deadline passes, and the selector is none the wiser.
        select.select([transport._connections[connection].sock], [], [], PATIENCE_SECONDS)
        moment[0] += 10_000
        monkeypatch.setattr(transport._selector, "select", lambda _timeout: [])
        kinds = [event.kind for event in transport.poll(0)]
        transport.close()
    assert kinds == [Happened.SENT, Happened.READY]


def test_an_answer_has_as_long_as_ever_after_a_pause() -> None:
    moment = [1000.0]
    with ScriptedServer({"DOT": HANG}) as server:
        transport = SmtpTransport(options_of(server.port), monotonic=lambda: moment[0])
        connection = transport.connect()
        wait_for(transport, Happened.READY)
        transport.hand(connection, outgoing(1))
        wait_for(transport, Happened.AT_DOT)
        transport.release(connection)
        moment[0] += 10_000
        # A machine that slept: the answer may be on its way yet.
        assert transport.poll(0) == []
        heard = []
        for _second in range(70):
            moment[0] += 0.9
            heard += [event.kind for event in transport.poll(0)]
        transport.close()
    assert heard == [Happened.IN_DOUBT, Happened.DOWN]


def options_of(port: int) -> Server:
    options = SmtpSettings(timeout_seconds=60, final_timeout_seconds=60)
    return Server(host="127.0.0.1", port=port, is_tls_at_once=False, options=options)


# Breaking off


@pytest.mark.parametrize("how", [CLOSE, RESET, HANG, "421 4.3.2 later", "garbage"])
@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ("MAIL", Happened.RETURNED),
        ("RCPT", Happened.RETURNED),
        ("DATA", Happened.RETURNED),
        ("BODY", Happened.RETURNED),
        ("DOT", Happened.IN_DOUBT),
    ],
)
@pytest.mark.parametrize("extensions", [("PIPELINING",), ()])
def test_a_connection_that_ends(extensions: tuple[str, ...], where: str, expected: Happened, how: str) -> None:
    # What is large is still on its way when the server has enough of it.
    rows = [large(1, 8_000_000) if where == "BODY" else outgoing(1)]
    if where == "DOT" and how.startswith("421"):
        expected = Happened.RETURNED
    with (
        ScriptedServer({where: how}, extensions=extensions, receive_buffer_bytes=4096) as server,
        transport_to(server.port, timeout_seconds=0.4, final_timeout_seconds=0.4) as transport,
    ):
        run = Run(transport, rows)
        assert run() == {1: expected}
        (down,) = run.of(Happened.DOWN) or [wait_for(transport, Happened.DOWN)]
        # A server that offers PIPELINING and says nothing more may not have read on: no failure yet.
        is_perhaps_deaf = how == HANG and where in ("RCPT", "DATA") and bool(extensions)
        assert down.is_failure is not (how.startswith("421") or is_perhaps_deaf)
        assert run.events[-1].kind in (expected, Happened.DOWN, Happened.NOTED)
        assert bool(run.of(Happened.NOTED)) <= is_perhaps_deaf
        assert down.reply.text


@pytest.mark.parametrize("where", ["MAIL", "RCPT", "DATA", "DOT"])
def test_what_travelled_with_a_lost_dot_comes_back(where: str) -> None:
    replies = {where: [{"DATA": "354 go"}.get(where, "250 ok"), CLOSE]}
    with ScriptedServer(replies) as server, transport_to(server.port) as transport:
        transport.connect()
        connection = wait_for(transport, Happened.READY).connection
        transport.hand(connection, outgoing(1))
        wait_for(transport, Happened.AT_DOT)
        transport.hand(connection, outgoing(2))
        transport.release(connection)
        ends: dict[int, Happened] = {}
        while len(ends) < 2:
            for event in transport.poll(1):
                if event.kind in ENDS:
                    ends[event.row] = event.kind
                elif event.kind is Happened.AT_DOT:
                    transport.release(event.connection)
        assert ends.pop(1) is Happened.SENT
        assert ends == {2: Happened.IN_DOUBT if where == "DOT" else Happened.RETURNED}


def test_a_server_that_hangs_up_after_each_answer() -> None:
    rows = [outgoing(row) for row in range(1, 9)]
    with ScriptedServer({"DOT": "250 ok"}) as server, transport_to(server.port, messages_per_connection=1) as transport:
        run = Run(transport, rows, connections=2)
        assert set(run().values()) == {Happened.SENT}
        assert server.connections >= 8
        assert all(event.is_last for event in run.of(Happened.AT_DOT))
        assert not any(event.is_failure for event in run.of(Happened.DOWN))


def test_goodbye_after_n_messages_costs_nothing() -> None:
    answers = ["250 ok", "250 ok", "421 4.7.0 enough"] * 5 + ["250 ok"]
    with ScriptedServer({"DOT": answers}) as server, transport_to(server.port) as transport:
        rows = [outgoing(row) for row in range(1, 13)]
        run = Run(transport, rows)
        ends = run()
        returned = [row for row, kind in ends.items() if kind is Happened.RETURNED]
        assert set(ends.values()) == {Happened.SENT, Happened.RETURNED}
        assert not any(event.is_failure for event in run.of(Happened.DOWN))
        answered_no = {f"RCPT TO:<r{row}@example.org>" for row in returned}
        accepted = {to for to, _data in server.messages} - answered_no
        assert accepted == {f"RCPT TO:<r{row}@example.org>" for row, kind in ends.items() if kind is Happened.SENT}


def test_a_row_refused_among_others() -> None:
    answers = ["250 ok", "550 5.1.1 nobody", "450 4.2.0 grey", "250 ok"]
    for extensions in ((), ("PIPELINING",)):
        with ScriptedServer({"RCPT": answers}, extensions=extensions) as server, transport_to(server.port) as transport:
            run = Run(transport, [outgoing(row) for row in range(1, 5)])
            assert run() == {
                1: Happened.SENT,
                2: Happened.REFUSED,
                3: Happened.DEFERRED,
                4: Happened.SENT,
            }
            # After the refusal DATA was answered 354: nothing came of it.
            assert [data for _to, data in server.messages if data] == [BODY, BODY]


def test_a_dead_peer_is_noticed_while_writing() -> None:
    with ScriptedServer({"BODY": RESET}) as server, transport_to(server.port) as transport:
        transport.connect()
        connection = wait_for(transport, Happened.READY).connection
        transport.hand(connection, outgoing(1))
        wait_for(transport, Happened.AT_DOT)
        server.wait_for_quiet()
        # The first write after it fails, so that no byte of the dot has left.
        transport.release(connection)
        assert wait_for(transport, Happened.RETURNED).row == 1


def test_an_answer_that_came_before_the_end_counts() -> None:
    """The server answers the dot and goes; the next envelope meets a closed socket."""
    replies: dict[str, str | list[str]] = {"DOT": "250 2.0.0 got it", "MAIL": ["250 ok", RESET]}
    with ScriptedServer(replies) as server, transport_to(server.port) as transport:
        transport.connect()
        connection = wait_for(transport, Happened.READY).connection
        transport.hand(connection, outgoing(1))
        wait_for(transport, Happened.AT_DOT)
        transport.release(connection)
        server.wait_for(1)
        time.sleep(0.05)
        transport.hand(connection, outgoing(2))
        server.wait_for_quiet()
        assert wait_for(transport, Happened.SENT).row == 1


def test_messages_handed_to_a_connection_that_has_gone_come_back() -> None:
    with ScriptedServer({"MAIL": CLOSE}) as server, transport_to(server.port) as transport:
        run = Run(transport, [outgoing(1)])
        run()
        connection = run.events[0].connection
        transport.hand(connection, outgoing(2))
        transport.release(connection)
        assert [(event.kind, event.row) for event in transport.poll(0)][-1] == (Happened.RETURNED, 2)


# Waiting


def test_poll_waits_no_longer_than_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedServer() as server, transport_to(server.port) as transport:
        transport.connect()
        wait_for(transport, Happened.READY)
        waited: list[float] = []

        def select(timeout: float) -> list[object]:
            waited.append(timeout)
            return []

        monkeypatch.setattr(transport._selector, "select", select)
        for seconds in (0.2, 0.0, -1.0):
            assert transport.poll(seconds) == []
        assert waited == [0.2, 0.0, 0.0]


def test_a_server_that_keeps_us_waiting_with_a_line_now_and_then_is_given_up() -> None:
    is_over = threading.Event()

    def drip(listener: socket.socket) -> None:
        with listener.accept()[0] as sock, suppress(OSError):
            while not is_over.wait(0.1):
                sock.sendall(b"220-patience\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        dripping = threading.Thread(target=drip, args=(listener,))
        dripping.start()
        with transport_to(listener.getsockname()[1], timeout_seconds=0.5) as transport:
            transport.connect()
            event = wait_for(transport, Happened.DOWN)
            assert event.is_failure
            assert "did not answer in time" in event.reply.text
        is_over.set()
        dripping.join()


@pytest.mark.parametrize(
    ("where", "seconds", "kind"), [("MAIL", 20, Happened.RETURNED), ("DOT", 60, Happened.IN_DOUBT)]
)
def test_a_server_that_hangs_is_given_up(where: str, seconds: float, kind: Happened) -> None:
    """After the time for an answer, and for the one to the dot after the longer time for that."""
    moment = [1000.0]
    options = SmtpSettings(timeout_seconds=20, final_timeout_seconds=60)
    with ScriptedServer({where: HANG}) as server:
        to = Server(host="127.0.0.1", port=server.port, is_tls_at_once=False, options=options)
        transport = SmtpTransport(to, monotonic=lambda: moment[0])
        lane = transport.connect()
        wait_for(transport, Happened.READY)
        transport.hand(lane, outgoing(1))
        if where == "DOT":
            wait_for(transport, Happened.AT_DOT)
            transport.release(lane)
        began = moment[0]
        heard: list[Happened] = []
        while not heard:
            # Less than what counts as a pause.
            moment[0] += 0.5
            heard = [event.kind for event in transport.poll(0)]
        transport.close()
    assert kind in heard
    assert seconds <= moment[0] - began <= seconds + 1


def test_a_server_that_says_nothing_at_all_is_given_up() -> None:
    with (
        ScriptedServer({"CONNECT": HANG}) as server,
        transport_to(server.port, timeout_seconds=0.3, final_timeout_seconds=0.8) as transport,
    ):
        transport.connect()
        assert wait_for(transport, Happened.DOWN).is_failure


# Closing


def test_closing_sends_nothing_that_was_not_released() -> None:
    with ScriptedServer() as server:
        with transport_to(server.port) as transport:
            connections = [transport.connect() for _connection in range(3)]
            ready = 0
            at_dot: list[int] = []
            while len(at_dot) < 3:
                for event in transport.poll(1):
                    if event.kind is Happened.READY:
                        ready += 1
                        transport.hand(event.connection, outgoing(ready))
                    elif event.kind is Happened.AT_DOT:
                        at_dot.append(event.connection)
            transport.hand(at_dot[0], outgoing(9))
            assert sorted(at_dot) == connections
        server.wait_for_quiet()
        assert server.messages == []
        assert len(server.torn) == 3


def test_closing_is_polite_where_it_costs_nothing() -> None:
    with ScriptedServer() as server:
        with transport_to(server.port) as transport:
            transport.connect()
            wait_for(transport, Happened.READY)
        server.wait_for_quiet()
        assert server.commands[-1] == "QUIT"
        transport.close()
        assert transport.poll(1) == []


@pytest.mark.parametrize("where", ["CONNECT", "EHLO", "AUTH"])
def test_closing_calls_off_what_is_being_opened(where: str) -> None:
    with ScriptedServer({where: HANG}, extensions=("AUTH PLAIN",)) as server:
        with transport_to(server.port, read_secret=lambda: "secret", timeout_seconds=30) as transport:
            for _connection in range(3):
                transport.connect()
            wait_until(lambda: transport.poll(0.01) == [] and server.connections == 3)
            time.sleep(0.05)
        wait_until(lambda: not openers())


def test_closing_closes_what_was_opened_and_never_asked_for() -> None:
    with ScriptedServer() as server:
        with transport_to(server.port) as transport:
            for _connection in range(3):
                transport.connect()
            wait_until(lambda: len(server.commands) == 3)
            time.sleep(0.05)
        wait_until(lambda: not openers())
        server.wait_for_quiet()


def test_few_threads_open_many_connections() -> None:
    with ScriptedServer() as server, transport_to(server.port) as transport:
        for _connection in range(40):
            transport.connect()
        assert len(openers()) <= 8
        ready = 0
        while ready < 40:
            ready += sum(event.kind is Happened.READY for event in transport.poll(1))


def openers() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name == "nl-smtp-open"]


def test_the_certificates_to_trust_are_read_at_once(tmp_path: Any) -> None:
    with pytest.raises(TransportError):
        SmtpTransport(
            Server(
                host="mail.example.org",
                port=587,
                is_tls_at_once=False,
                options=SmtpSettings(),
                ca_file=tmp_path / "absent.pem",
            )
        )
