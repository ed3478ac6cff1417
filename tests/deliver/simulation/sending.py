"""Sends in a simulated world, run after run as an editor would start them, and what must be true of them all."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

from newsletter_cli.base.errors import LedgerError
from newsletter_cli.deliver.backlog import Backlog
from newsletter_cli.deliver.engine import Engine, RunLimits
from newsletter_cli.deliver.https.finishing import Finish
from newsletter_cli.deliver.https.service import Heard, HttpAnswer, HttpRequest
from newsletter_cli.deliver.ledger.database import copy_ledger
from newsletter_cli.deliver.ledger.records import Batch, Claimed, Records
from newsletter_cli.deliver.ledger.transactions import roll_back
from newsletter_cli.deliver.progress import Ended, SendTally
from newsletter_cli.model.delivery import DeliveryState, Outgoing
from tests.deliver.simulation.server import SimulatedTransport
from tests.deliver.simulation.world import Killed, World
from tests.deliver.stage import ISSUE, build, freeze_people, recipient

DOMAINS = ("example.org", "example.net", "mail.example.com")
MOST_RUNS = 40
KEY_SECONDS = 1_200
# The message whose answer is not recorded, and the next one, whose envelope travelled with it.
MOST_DOUBTS_OF_A_CONNECTION = 2
OVER = {DeliveryState.SENT, DeliveryState.REFUSED, DeliveryState.IN_DOUBT}


class KeyedService:
    """A service that knows what is posted to it by a key, as far as messages are made for it."""

    key_seconds = KEY_SECONDS
    most_bytes = None

    def fault(self, message: Outgoing) -> str:
        """It takes every message."""
        return ""

    def submit(self, message: Outgoing, secret: str) -> HttpRequest:
        """Nothing is ever posted."""
        raise AssertionError

    def hear(self, answer: HttpAnswer) -> Heard:
        """Nothing is ever heard."""
        raise AssertionError

    def probe(self, secret: str) -> HttpRequest:
        """Nothing is ever asked."""
        raise AssertionError


class SimulatedRecords(Records):
    """The ledger's writing side, with a disk that may be full, and a process that may die before or after a commit."""

    def __init__(self, connection: sqlite3.Connection, world: World, account: str) -> None:
        seconds = KEY_SECONDS if world.is_keyed else 0
        super().__init__(
            connection,
            ISSUE,
            clock=world.clock,
            monotonic=world.monotonic,
            way=account if world.is_keyed else "",
            key_seconds=seconds,
        )
        self._world = world
        self.refusals = 0

    def claim(self, pace: str, limit: int) -> list[Claimed]:
        """As it is, with the boundaries around it."""
        self._world.boundary("before a claim")
        rows = super().claim(pace, min(limit, self._world.chance.choice((3, 20, 128))))
        self._world.boundary("after a claim")
        return rows

    def commit(self, batch: Batch) -> None:
        """As it is, or the disk is full."""
        self._world.boundary("before a commit")
        if batch and self._world.happens(0.01):
            self._world.tell("the disk is full")
            self.refusals += 1
            roll_back(self._connection)
            raise LedgerError("the disk is full", hint="make room")
        for row in batch.attempting:
            self._world.tell(f"row {row} is being attempted")
        super().commit(batch)
        self._world.boundary("after a commit")


class Sends:
    """The sends of one issue to `people` readers in a world."""

    def __init__(self, world: World, people: int) -> None:
        self.world, self.people = world, people
        self.ledger = copy_ledger(Path("/nowhere"))
        # Runs that ended without hearing, or noting, every answer.
        self.deaths = 0
        self._connections = world.chance.choice((1, 2, 4))
        freeze_people(self.ledger, [recipient(n, DOMAINS[n % len(DOMAINS)]) for n in range(1, people + 1)])

    def run_until_over(self) -> None:
        """`nl send`, again and again, until nobody waits, or patience ends; each run may be killed."""
        for number in range(1, MOST_RUNS + 1):
            self._run(number)
            self.check()
            if set(self.states().values()) <= OVER:
                return
            self.world.now += self.world.chance.choice((1.0, 60.0, 7_200.0))
            # Also a stormy day ends.
            self.world.storm = max(0.0, self.world.storm - 0.02)

    def _run(self, number: int) -> None:
        world = self.world
        is_short = world.chance.random() < world.storm
        world.life = world.chance.randrange(1, 40 * self.people) if is_short else None
        world.tell(f"run {number}")
        # Somebody may take another account's key.
        account = "account 2" if world.happens(0.1) else "account 1"
        records = SimulatedRecords(self.ledger, world, account)
        doubtful = self.count(DeliveryState.IN_DOUBT)
        attempting = self.count(DeliveryState.ATTEMPTING)
        assert attempting <= MOST_DOUBTS_OF_A_CONNECTION * self._connections, world.told()
        waiting = len(self.open_rows() - {row for row, one in self.states().items() if one is DeliveryState.ATTEMPTING})
        records.recover(way=account if world.is_keyed else "")
        more = self.count(DeliveryState.IN_DOUBT) - doubtful
        assert more <= attempting + waiting if world.is_keyed else more == attempting, world.told()
        records.make_due_now()
        ready = records.count_ready()
        if not ready:
            return
        pauses = world.pauses
        try:
            ending = self._engine(records, ready, account).run()
        except Killed:
            roll_back(self.ledger)
            self.deaths += 1
        except LedgerError as error:
            roll_back(self.ledger)
            # The last answers are waited for, and noted, unless the disk is still full, or it lasted too long.
            self.deaths += records.refusals > 1 or world.pauses > pauses
            world.tell(f"run {number} stops: {error.message}")
        else:
            world.tell(f"run {number} ends: {ending.how.name} {ending.reason}")
            resting = {one for one in DeliveryState if self.count(one)}
            assert not resting & {DeliveryState.CLAIMED, DeliveryState.ATTEMPTING}, world.told()
            assert ending.how is not Ended.DONE or not self.count(DeliveryState.PENDING), world.told()

    def _engine(self, records: Records, ready: dict[str, int], account: str) -> Engine:
        world = self.world
        is_interrupted: Callable[[], bool] = lambda: world.happens(0.002)  # noqa: E731
        limit = world.chance.choice((None, None, None, 1, 5))
        finish = Finish(KeyedService(), "a ledger", clock=world.clock)
        return Engine(
            records=records,
            transport=SimulatedTransport(world, account),
            backlog=Backlog(list(ready), {}, per_minute=world.chance.choice((0, 0, 600)), claim=records.claim),
            limits=RunLimits(
                connections=self._connections, messages=limit, patience_seconds=world.chance.choice((0.0, 900.0))
            ),
            build=(lambda row: finish(row, build(row))) if world.is_keyed else build,
            is_interrupted=is_interrupted,
            clock=world.clock,
            monotonic=world.monotonic,
            tally=SendTally(total=sum(ready.values())),
        )

    # What must be true

    def check(self) -> None:
        """The promise, of everybody, at this moment."""
        world, found = self.world, self.states()
        assert len(found) == self.people, world.told()
        doubts = self.count(DeliveryState.IN_DOUBT)
        most = world.silences + self.deaths * MOST_DOUBTS_OF_A_CONNECTION * self._connections
        assert doubts <= most, f"{doubts} rows in doubt, {most} may be{world.told()}"
        waiting = self.open_rows()
        for row, state in found.items():
            times = world.taken[row]
            assert times <= 1, f"row {row} was taken {times} times{world.told()}"
            if state is DeliveryState.SENT:
                assert times == 1, f"row {row} is sent, and was not taken{world.told()}"
            elif state not in (DeliveryState.IN_DOUBT, DeliveryState.ATTEMPTING) and row not in waiting:
                assert not times, f"row {row} was taken, and is {state}{world.told()}"

    def states(self) -> dict[int, DeliveryState]:
        """The state of each row."""
        rows: list[tuple[int, Any]] = self.ledger.execute("SELECT id, state FROM delivery").fetchall()
        return {row: DeliveryState(state) for row, state in rows}

    def open_rows(self) -> set[int]:
        """The rows whose request may be made again."""
        return {row for (row,) in self.ledger.execute("SELECT id FROM delivery WHERE repeat_until > 0")}

    def count(self, state: DeliveryState) -> int:
        """How many rows are in a state."""
        return sum(one is state for one in self.states().values())
