"""The open connections, as the engine sees them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

# The message whose body is on its way, and the next one, whose envelope travels with its end.
MOST_MESSAGES = 2


@dataclass(slots=True, kw_only=True)
class LaneState:
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


@dataclass(slots=True)
class Lanes:
    """All connections that are open, or about to be."""

    _lanes: dict[int, LaneState] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self._lanes)

    def open(self, number: int) -> None:
        """A connection is about to be opened."""
        self._lanes[number] = LaneState()

    def ready(self, number: int) -> None:
        """It is open and idle."""
        lane = self._lanes[number]
        lane.is_open = lane.is_idle = True

    def at_dot(self, number: int, *, is_last: bool) -> None:
        """Its message waits for its final dot."""
        lane = self._lanes[number]
        lane.is_at_dot, lane.is_last = True, is_last

    def handed(self, number: int) -> None:
        """It has one message more."""
        lane = self._lanes[number]
        lane.load += 1
        lane.is_idle = False

    def left(self, number: int) -> None:
        """It has one message less."""
        lane = self._lanes.get(number)
        if lane is not None:
            lane.load -= 1

    def down(self, number: int) -> bool:
        """It is closed; whether it ever was open."""
        lane = self._lanes.pop(number, None)
        return lane is not None and lane.is_open

    @property
    def open_count(self) -> int:
        """How many are open by now."""
        return sum(lane.is_open for lane in self._lanes.values())

    def takers(self) -> Iterator[int]:
        """Those that can be handed a message now."""
        return (number for number, lane in self._lanes.items() if lane.can_take)

    def take_dots(self) -> list[int]:
        """Those whose final dots wait; they wait no longer."""
        waiting = [number for number, lane in self._lanes.items() if lane.is_at_dot]
        for number in waiting:
            self._lanes[number].is_at_dot = False
        return waiting

    @property
    def has_unanswered(self) -> bool:
        """Whether any waits for a server's answer."""
        return any(lane.load and not lane.is_at_dot for lane in self._lanes.values())

    @property
    def has_idle(self) -> bool:
        """Whether any has nothing to do."""
        return any(lane.is_idle for lane in self._lanes.values())
