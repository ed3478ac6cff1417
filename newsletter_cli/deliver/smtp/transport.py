"""SMTP as a transport: one thread drives all connections with a selector; a few others open them."""

from __future__ import annotations

import selectors
import time
from collections.abc import Callable

from newsletter_cli.base.i18n import _
from newsletter_cli.base.values import replace
from newsletter_cli.deliver.failpoints import reach
from newsletter_cli.deliver.smtp.attempt import CannotOpen
from newsletter_cli.deliver.smtp.connecting import Opened
from newsletter_cli.deliver.smtp.connection import Connection
from newsletter_cli.deliver.smtp.dialogue import Dialogue
from newsletter_cli.deliver.smtp.openers import Openers
from newsletter_cli.deliver.smtp.patience import QUIT_SECONDS
from newsletter_cli.deliver.smtp.server import Server, read_server_trust
from newsletter_cli.deliver.transport import ConnectionEvent, Happened
from newsletter_cli.model.delivery import Outgoing, Reply

READ, WRITE = selectors.EVENT_READ, selectors.EVENT_WRITE
# Time in which nobody listened (the process was stopped, the machine asleep, the disk busy) from so long on counts for
# no deadline.
PAUSE_SECONDS = 1.0
# One connection that breaks off where much was sent in one go may be a matter of the network.
FEWEST_CUT_SHORT = 2


class SmtpTransport:
    """Hands messages to one mail server. As `deliver.transport.Transport` says.

    Messages handed to a connection that has gone come back as RETURNED, even after its DOWN. Raises `TransportError`
    where the certificates to trust cannot be read.
    """

    def __init__(self, server: Server, *, monotonic: Callable[[], float] = time.monotonic):
        options = server.options
        self._server = server
        trust = read_server_trust(server.ca_file) if server.is_tls_at_once or server.demands_starttls else None
        self._openers = Openers(server, trust)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._openers.signal, READ)
        self._connections: dict[int, Connection] = {}
        # Connections whose write failed, to be read to the end at the next poll.
        self._broken_writes: list[Connection] = []
        self._events: list[ConnectionEvent] = []
        self._count = 0
        self._is_closed = False
        self._monotonic = monotonic
        # Whether an envelope sent in one go was answered as it should be, and whether to do without.
        self._has_pipelined = False
        self._cut_short = 0
        self._is_in_step = not options.pipelining
        self._listened_at = monotonic()
        # No deadline is earlier than this: each is at least this long after what it counts from.
        self._shortest_seconds = min(options.timeout_seconds, options.final_timeout_seconds, QUIT_SECONDS)
        self._look_at = monotonic() + self._shortest_seconds

    @property
    def name(self) -> str:
        """`smtp://mail.example.org:587`."""
        return self._server.name

    def connect(self) -> int:
        """Begin to open one more connection."""
        self._count += 1
        self._openers.open(self._count)
        return self._count

    def hand(self, connection: int, message: Outgoing) -> None:
        """Give a connection its next message."""
        way = self._connections.get(connection)
        if way is None:
            reply = Reply(0, f"nl: {_('the connection is closed')}")
            self._events.append(
                ConnectionEvent(kind=Happened.RETURNED, connection=connection, row=message.row, reply=reply)
            )
            return
        now = self._monotonic()
        way.dialogue.hand(message, now)
        self._write(way, now)

    def release(self, connection: int) -> None:
        """Let the final dot of the row at its dot go. Nothing happens on a connection that has gone."""
        way = self._connections.get(connection)
        if way is not None:
            now = self._monotonic()
            way.dialogue.release(now)
            self._write(way, now)
            reach("after-dot")

    def poll(self, timeout_seconds: float) -> list[ConnectionEvent]:
        """What has happened since."""
        if self._is_closed:
            return []
        wait = max(0.0, min(timeout_seconds, self._look_at - self._monotonic()))
        if self._events or self._broken_writes:
            wait = 0.0
        ready = self._selector.select(wait)
        now = self._monotonic()
        self._allow_for_pause(now, wait)
        for key, mask in ready:
            if key.data is None:
                for number, result in self._openers.finished():
                    self._adopt(number, result, now)
            elif key.data.number in self._connections:
                # kqueue tells of reading and writing one by one: the connection may have ended between.
                self._serve(key.data, mask, now)
        while self._broken_writes:
            way = self._broken_writes.pop()
            if way.number in self._connections:
                self._serve(way, READ, now)
        if now >= self._look_at:
            self._look_at_deadlines(now)
        events = self._events.copy()
        self._events.clear()
        return events

    def close(self) -> None:
        """Close everything at once."""
        if self._is_closed:
            return
        self._is_closed = True
        self._openers.close()
        for way in self._connections.values():
            way.close()
        self._connections.clear()
        self._broken_writes.clear()
        self._events.clear()
        self._selector.close()

    def _allow_for_pause(self, now: float, wait: float) -> None:
        paused, self._listened_at = now - self._listened_at - wait, now
        if paused >= PAUSE_SECONDS:
            for way in self._connections.values():
                way.dialogue.paused(paused, now)

    def _adopt(self, number: int, result: Opened | CannotOpen, now: float) -> None:
        if isinstance(result, CannotOpen):
            kind = Happened.FATAL if result.is_fatal else Happened.DOWN
            self._events.append(
                ConnectionEvent(
                    kind=kind, connection=number, row=0, reply=result.reply, is_failure=True, hint=result.hint
                )
            )
            return
        offer = replace(result.offer, has_pipelining=result.offer.has_pipelining and not self._is_in_step)
        way = Connection(number, result.sock, Dialogue(number, offer, self._server.options, self._events))
        self._connections[number] = way
        self._selector.register(way.sock, READ, way)
        way.dialogue.begin(now)
        if result.early:
            way.dialogue.received(result.early, now)
            self._settle(way)

    def _serve(self, way: Connection, mask: int, now: float) -> None:
        # A TLS write may wait for reading and the other way round: there, both are tried.
        if mask & WRITE:
            way.write(now)
        if mask & READ or way.is_tls:
            way.read(now)
        if way.dialogue.is_in_body:
            reach("in-data")
        self._settle(way)

    def _write(self, way: Connection, now: float) -> None:
        way.write(now)
        self._settle(way)

    def _settle(self, way: Connection) -> None:
        """Have the selector watch for what the connection waits for, or forget it."""
        self._has_pipelined |= way.dialogue.pipelining.has_answered_envelope
        if way.dialogue.is_down:
            self._fall_into_step(way.dialogue)
            self._selector.unregister(way.sock)
            way.close()
            del self._connections[way.number]
            return
        if way.has_write_error and way not in self._broken_writes:
            self._broken_writes.append(way)
        if way.is_stuck is not way.is_watched_for_writing:
            way.is_watched_for_writing = way.is_stuck
            self._selector.modify(way.sock, READ | WRITE if way.is_stuck else READ, way)

    def _fall_into_step(self, dialogue: Dialogue) -> None:
        """A server that does not keep to PIPELINING is asked one thing at a time from now on, and that is told once."""
        why = dialogue.pipelining.out_of_step
        self._cut_short += dialogue.pipelining.is_cut_short
        if self._cut_short >= FEWEST_CUT_SHORT and not self._has_pipelined:
            why = why or _("it breaks off in the middle of what it was sent in one go")
        if not why or self._is_in_step:
            return
        self._is_in_step = True
        text = _("the server offers PIPELINING and does not keep to it ({reason}): it gets one command at a time")
        reply = Reply(0, f"nl: {text.format(reason=why)}")
        self._events.append(ConnectionEvent(kind=Happened.NOTED, connection=dialogue.connection, row=0, reply=reply))

    def _look_at_deadlines(self, now: float) -> None:
        earliest = now + self._shortest_seconds
        self._openers.call_off_late(now)
        for way in list(self._connections.values()):
            deadline = way.dialogue.deadline
            if deadline is not None and deadline <= now and way.is_stuck:
                # The selector tells only of much room at once; a slow reader may have made a little.
                self._write(way, now)
                deadline = way.dialogue.deadline
            if deadline is not None and deadline <= now:
                # What came while nobody looked counts as much as what comes in time.
                way.read(now)
                self._settle(way)
                deadline = way.dialogue.deadline
            if deadline is None:
                continue
            if deadline <= now:
                way.dialogue.timed_out()
                self._settle(way)
            else:
                earliest = min(earliest, deadline)
        self._look_at = earliest
