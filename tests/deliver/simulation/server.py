"""The server of a simulated world, and the transport that leads to it: every answer there may be, at any moment.

What the server has taken is in the world, and stays there when the process that sent it dies.
"""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field

from newsletter_cli.deliver.transport import ConnectionEvent, Happened
from newsletter_cli.model.delivery import Key, Outgoing, Reply
from tests.deliver.simulation.world import World

OK = Reply(250, "2.0.0 taken")
NO_SUCH = Reply(550, "5.1.1 no such user")
NOT_NOW = Reply(451, "4.3.0 not now")
FULL = Reply(452, "4.2.2 mailbox full")
POLICY = Reply(554, "5.7.1 not from you")
BYE = Reply(421, "4.3.2 shutting down")
FAILED = Reply(500, "something failed")
KNOWN = Reply(400, "the key is known")
KEY_LIFE_SECONDS = 1_800.0
BROKEN = Reply(0, "nl: the connection broke")
SILENCE_SECONDS = 600.0


@dataclass
class Place:
    """One connection: the message at its dot or before, the next one behind it, whether its dot may go."""

    current: Outgoing | None = None
    following: Outgoing | None = None
    is_released: bool = False


@dataclass
class SimulatedTransport:
    """Connections of one process; it dies with it."""

    world: World
    account: str = ""
    name: str = "smtp://simulated.example.org"
    _places: dict[int, Place] = field(default_factory=dict)
    # By moment: what will be heard then.
    _coming: list[tuple[float, int, tuple[ConnectionEvent, ...]]] = field(default_factory=list)
    _count: int = 0
    _order: int = 0
    # Connections whose end is on its way: nothing more is sent on them.
    _ending: set[int] = field(default_factory=set)

    def connect(self) -> int:
        """Open one more connection."""
        self.world.boundary("before a connection is opened")
        self._count += 1
        number = self._count
        if self.world.happens(0.2):
            reply = self.world.chance.choice((BROKEN, BYE))
            self._later(ConnectionEvent(kind=Happened.DOWN, connection=number, reply=reply, is_failure=True))
        else:
            self._places[number] = Place()
            self._later(ConnectionEvent(kind=Happened.READY, connection=number))
        return number

    def hand(self, connection: int, message: Outgoing) -> None:
        """Give a connection its next message."""
        self.world.boundary(f"before row {message.row} is handed over")
        place = self._places.get(connection)
        if place is None or connection in self._ending:
            self._later(ConnectionEvent(kind=Happened.RETURNED, connection=connection, row=message.row))
        elif place.current is None:
            self._begin(connection, place, message)
        else:
            assert place.following is None, "one next message at most"
            place.following = message

    def release(self, connection: int) -> None:
        """The dot of the message on this connection may go: sometimes it does at once, sometimes with the next poll."""
        place = self._places.get(connection)
        if place is None or connection in self._ending:
            return
        assert place.current is not None
        self.world.boundary(f"before the dot of row {place.current.row}")
        if self.world.happens(0.05):
            self.world.tell(f"the connection of row {place.current.row} breaks before its dot")
            self._break(connection, place.current.row, Happened.RETURNED, self.world.chance.choice((BROKEN, BYE)))
            return
        place.is_released = True
        if self.world.chance.random() < 0.5:
            self._send(connection, place)
        self.world.boundary(f"after the dot of row {place.current.row if place.current else 0}")

    def poll(self, timeout_seconds: float) -> list[ConnectionEvent]:
        """What has happened by the next moment at which anything does."""
        self.world.boundary("before a poll")
        for connection, place in list(self._places.items()):
            if place.is_released and connection not in self._ending:
                self._send(connection, place)
        until = self.world.now + max(0.0, timeout_seconds)
        if self._coming and self._coming[0][0] <= until:
            self.world.now = max(self.world.now, self._coming[0][0])
        else:
            self.world.now = until
        events: list[ConnectionEvent] = []
        while self._coming and self._coming[0][0] <= self.world.now:
            for event in heapq.heappop(self._coming)[2]:
                events += self._told(event)
        self.world.boundary("after a poll")
        return events

    def close(self) -> None:
        """Forget what was handed and is not sent."""
        self._places.clear()
        self._coming.clear()

    def _begin(self, connection: int, place: Place, message: Outgoing) -> None:
        """The envelope: accepted, so that the message waits at its dot, or not."""
        place.current = message
        row = message.row
        if self.world.happens(0.1):
            self._break(connection, row, Happened.RETURNED, self.world.chance.choice((BROKEN, BYE)))
        elif self.world.happens(0.25):
            kind, reply = self.world.chance.choice(
                (
                    (Happened.REFUSED, NO_SUCH),
                    (Happened.DEFERRED, NOT_NOW),
                    (Happened.DEFERRED, FULL),
                    (Happened.TURNED_AWAY, POLICY),
                    (Happened.BLOCKED, POLICY),
                )
            )
            self._answer(connection, row, kind, reply)
        else:
            self._later(ConnectionEvent(kind=Happened.AT_DOT, connection=connection, row=row))

    def _send(self, connection: int, place: Place) -> None:
        """The final dot leaves: what the server makes of it, it makes of it now, whoever is there to hear it."""
        assert place.current is not None
        row = place.current.row
        place.is_released = False
        if place.current.key is not None and self._is_told_by_key(connection, row, place.current.key):
            return
        if self.world.happens(0.15):
            self.world.silences += 1
            is_taken = self.world.chance.random() < 0.5
            self._take(row, is_taken, "and never says so")
            self._be_silent(connection, row)
        elif self.world.happens(0.1):
            kind, reply = self.world.chance.choice(((Happened.REFUSED, NO_SUCH), (Happened.DEFERRED, NOT_NOW)))
            self._take(row, False, f"and says {reply.code}")
            self._answer(connection, row, kind, reply)
        else:
            self._take(row, True, "and says so")
            self._answer(connection, row, Happened.SENT, OK)

    def _is_told_by_key(self, connection: int, row: int, key: Key) -> bool:
        """Whether it is too late to post it, or the server does nothing with what it has had already."""
        world = self.world
        if key.is_over(world.clock()):
            kind = Happened.IN_DOUBT if key.is_repeat else Happened.RETURNED
            self._answer(connection, row, kind, BROKEN)
            return True
        if world.now - world.known.get((self.account, row), -KEY_LIFE_SECONDS) >= KEY_LIFE_SECONDS:
            if world.happens(0.05):
                self._take(row, True, "and fails behind it")
                world.silences += 1
                self._break(connection, row, Happened.UNANSWERED, FAILED)
                return True
            return False
        world.tell(f"the server knows row {row}")
        if world.happens(0.15):
            world.silences += 1
            self._be_silent(connection, row)
        else:
            self._answer(connection, row, Happened.SENT if key.is_proof else Happened.IN_DOUBT, KNOWN)
        return True

    def _be_silent(self, connection: int, row: int) -> None:
        seconds = self.world.chance.choice((0.0, SILENCE_SECONDS))
        kind = Happened.UNANSWERED if self.world.is_keyed else Happened.IN_DOUBT
        self._break(connection, row, kind, BROKEN, seconds)

    def _take(self, row: int, is_taken: bool, how: str) -> None:
        self.world.taken[row] += is_taken
        if is_taken:
            self.world.known[self.account, row] = self.world.now
        self.world.tell(f"the server {'takes' if is_taken else 'does not take'} row {row} {how}")

    def _answer(self, connection: int, row: int, kind: Happened, reply: Reply) -> None:
        """A definite answer, after a while; then the next message, or idleness."""
        self._later(ConnectionEvent(kind=kind, connection=connection, row=row, reply=reply))

    def _break(self, connection: int, row: int, kind: Happened, reply: Reply, seconds: float = 0.0) -> None:
        self._ending.add(connection)
        is_failure = reply is not BYE
        self._later(
            ConnectionEvent(kind=kind, connection=connection, row=row, reply=reply, is_failure=is_failure),
            ConnectionEvent(kind=Happened.DOWN, connection=connection, reply=reply, is_failure=is_failure),
            seconds=seconds,
        )

    def _later(self, *events: ConnectionEvent, seconds: float = 0.0) -> None:
        self._order += 1
        moment = self.world.now + seconds + self.world.chance.uniform(0.0, 0.2)
        heapq.heappush(self._coming, (moment, self._order, events))

    def _told(self, event: ConnectionEvent) -> list[ConnectionEvent]:
        """An event with what has to be heard around it."""
        place = self._places.get(event.connection)
        if place is None or event.kind in (Happened.READY, Happened.AT_DOT):
            return [event]
        following, place.following = place.following, None
        if event.kind is Happened.DOWN:
            del self._places[event.connection]
            if following is None:
                return [event]
            returned = ConnectionEvent(kind=Happened.RETURNED, connection=event.connection, row=following.row)
            return [returned, event]
        place.current = None
        if event.connection in self._ending:
            place.following = following
            return [event]
        if following is None:
            return [event, ConnectionEvent(kind=Happened.READY, connection=event.connection)]
        self._begin(event.connection, place, following)
        return [event]
