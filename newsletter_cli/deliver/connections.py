"""The open connections, as the engine sees them."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from msgspec import Struct, field

# The message whose body is on its way, and the next one, whose envelope travels with its end.
MOST_MESSAGES = 2


# A server that takes no further connection is asked for one again after so long.
FIRST_HOLD_SECONDS, LONGEST_HOLD_SECONDS = 60.0, 900.0


class ConnectionState(Struct, kw_only=True):
    """One connection. `load` counts the messages under way on it; `is_last`: it takes none after this one."""

    is_open: bool = False
    is_idle: bool = False
    is_at_dot: bool = False
    is_last: bool = False
    load: int = 0

    @property
    def can_take(self) -> bool:
        """Whether it can be handed a message now."""
        return self.is_idle or (self.is_at_dot and not self.is_last and self.load < MOST_MESSAGES)


class Connections(Struct, kw_only=True):
    """All connections that are open, or about to be."""

    _connections: dict[int, ConnectionState] = field(default_factory=dict)
    # How many the server is known to take, and until when that is believed.
    _most: int = 0
    _held_until: float = 0.0
    _hold_seconds: float = FIRST_HOLD_SECONDS

    def __len__(self) -> int:
        return len(self._connections)

    def open(self, number: int) -> None:
        """A connection is about to be opened."""
        self._connections[number] = ConnectionState()

    def ready(self, number: int) -> None:
        """It is open and idle."""
        connection = self._connections[number]
        connection.is_open = connection.is_idle = True

    def at_dot(self, number: int, *, is_last: bool) -> None:
        """Its message waits for its final dot."""
        connection = self._connections[number]
        connection.is_at_dot, connection.is_last = True, is_last

    def handed(self, number: int) -> None:
        """It has one message more."""
        connection = self._connections[number]
        connection.load += 1
        connection.is_idle = False

    def left(self, number: int) -> None:
        """It has one message less."""
        connection = self._connections.get(number)
        if connection is not None:
            connection.load -= 1

    def down(self, number: int) -> bool:
        """It is closed; whether it ever was open."""
        connection = self._connections.pop(number, None)
        return connection is not None and connection.is_open

    @property
    def open_count(self) -> int:
        """How many are open by now."""
        return sum(connection.is_open for connection in self._connections.values())

    def takers(self) -> Iterator[int]:
        """Those that can be handed a message now."""
        return (number for number, connection in self._connections.items() if connection.can_take)

    def take_dots(self) -> list[int]:
        """Those whose final dots wait; they wait no longer."""
        waiting = [number for number, connection in self._connections.items() if connection.is_at_dot]
        for number in waiting:
            self._connections[number].is_at_dot = False
        return waiting

    @property
    def has_unanswered(self) -> bool:
        """Whether any waits for a server's answer."""
        return any(connection.load and not connection.is_at_dot for connection in self._connections.values())

    @property
    def has_idle(self) -> bool:
        """Whether any has nothing to do."""
        return any(connection.is_idle for connection in self._connections.values())

    def hold(self, now: float) -> None:
        """The server takes no more than are open: for a while, no more are asked for."""
        self._most = self.open_count
        self._held_until = now + self._hold_seconds
        self._hold_seconds = min(self._hold_seconds * 2, LONGEST_HOLD_SECONDS)

    def most(self, now: float) -> int:
        """How many the server is known to take."""
        return self._most if now < self._held_until else sys.maxsize
