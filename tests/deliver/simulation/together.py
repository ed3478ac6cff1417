"""Several senders of one issue in a simulated world, over a real PostgreSQL: one of them runs at a time, and which one
goes on is the seed's choice.

Each sender is a thread that holds the baton or waits for it. It is passed on wherever a process may be interrupted
between two transactions; the database's clock is the world's.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from typing import Any

import psycopg

from newsletter_cli.base.errors import LedgerBusy, LedgerError
from newsletter_cli.deliver.backlog import Backlog
from newsletter_cli.deliver.engine import Engine, RunLimits
from newsletter_cli.deliver.ledger import leases
from newsletter_cli.deliver.ledger.handing import go_on, pause
from newsletter_cli.deliver.ledger.leased import LeasedRecords
from newsletter_cli.deliver.ledger.leases import Lease, close_ended
from newsletter_cli.deliver.ledger.place import SharedLedger
from newsletter_cli.deliver.ledger.postgresql import PostgresqlDatabase, only_one
from newsletter_cli.deliver.ledger.records import Batch, Claimed, Records
from newsletter_cli.deliver.ledger.sharing import recover
from newsletter_cli.deliver.ledger.transactions import roll_back
from newsletter_cli.deliver.progress import SendTally
from newsletter_cli.model.delivery import DeliveryState
from tests.deliver.simulation.sending import DOMAINS, MOST_DOUBTS_OF_A_CONNECTION, OVER
from tests.deliver.simulation.server import SimulatedTransport
from tests.deliver.simulation.world import Killed, World
from tests.deliver.stage import ISSUE, build, freeze_people, recipient

LEASE_SECONDS = 30.0
CLOCK = "(SELECT now FROM nl_world.clock)"
MOST_TURNS = 200_000
LONGEST_WAIT_SECONDS = 120


@contextlib.contextmanager
def simulated_clock() -> Iterator[None]:
    """The ledger's leases go by the world's clock."""
    before = leases.NOW, leases.ALIVE
    leases.NOW, leases.ALIVE = CLOCK, before[1].replace(before[0], CLOCK)
    try:
        yield
    finally:
        leases.NOW, leases.ALIVE = before


class Baton:
    """Whose turn it is: one thread runs, all others wait."""

    def __init__(self, world: World):
        self.world = world
        self._turns: dict[str, threading.Semaphore] = {}
        # Until when a frozen one sleeps, by the world's time.
        self.frozen: dict[str, float] = {}
        self.count = 0

    def join(self, name: str) -> None:
        """One more runs from now on, once it is its turn."""
        self._turns[name] = threading.Semaphore(0)
        self.frozen[name] = 0.0

    def leave(self, name: str) -> None:
        """It is over: somebody else goes on."""
        del self._turns[name], self.frozen[name]
        self._wake()

    def wait(self, name: str) -> None:
        """Until it is this one's turn."""
        assert self._turns[name].acquire(timeout=LONGEST_WAIT_SECONDS), f"{name} waits for ever{self.world.told()}"

    def pass_on(self, name: str) -> None:
        """Let somebody go on, perhaps this very one; back when it is its turn."""
        self.count += 1
        assert self.count < MOST_TURNS, f"it never ends{self.world.told()}"
        own = self._turns[name]
        self._wake()
        assert own.acquire(timeout=LONGEST_WAIT_SECONDS), f"{name} waits for ever{self.world.told()}"

    def start(self) -> None:
        """The first one begins."""
        self._wake()

    def _wake(self) -> None:
        if not self._turns:
            return
        awake = [name for name in sorted(self._turns) if self.frozen[name] <= self.world.now]
        if not awake:
            # All of them sleep: time passes until the first one wakes up.
            first = min(sorted(self.frozen), key=lambda name: self.frozen[name])
            self.world.now = max(self.world.now, self.frozen[first])
            awake = [first]
        self._turns[self.world.chance.choice(awake)].release()


class Sender(World):
    """What one process sees of the world: the same time and the same server; its own clock, its own death."""

    def __init__(self, shared: Together, name: str):
        self.shared, self.name = shared, name
        self.database: PostgresqlDatabase | None = None
        self.seed, self.skew, self.silences, self.pauses = shared.world.seed, 0.0, 0, 0
        self.life = None
        self.is_keyed, self.known = False, shared.world.known
        world = shared.world
        self.chance, self.storm, self.taken, self.story = world.chance, world.storm, world.taken, world.story

    def tell(self, text: str) -> None:
        self.shared.world.tell(f"{self.name}: {text}")

    @property
    def now(self) -> float:
        return self.shared.world.now

    @now.setter
    def now(self, value: float) -> None:
        self.shared.world.now = max(self.shared.world.now, value)

    def happens(self, share: float) -> bool:
        return self.chance.random() < share * self.shared.world.storm

    def boundary(self, where: str) -> None:
        """A place at which it may be killed, frozen or cut off, and others go on."""
        if self.life is not None:
            self.life -= 1
            if self.life < 0:
                self.tell(f"KILLED {where}")
                self.shared.disturbed += 1
                raise Killed(where)
        baton = self.shared.baton
        if self.happens(0.004):
            seconds = self.chance.choice((5.0, 45.0, 700.0))
            self.tell(f"frozen for {seconds:g} s {where}")
            self.shared.disturbed += 1
            baton.frozen[self.name] = self.now + seconds
        if self.happens(0.004):
            self.skew = self.chance.choice((0.0, -86_400.0, 3_600.0))
            self.tell(f"the clock is set: {self.skew:+g} s")
        if self.database is not None and self.happens(0.003):
            self.tell(f"cut off from the ledger {where}")
            self.shared.disturbed += 1
            self.database.close()
        if self.database is None or not self.database.in_transaction:
            baton.pass_on(self.name)
        elif baton.frozen[self.name] > self.now:
            # Others would wait for its locks: time passes for all of them.
            self.now = baton.frozen[self.name]


class LeasedInTheWorld(LeasedRecords):
    """The ledger's writing side of one sender, with what may happen around it."""

    def __init__(self, database: PostgresqlDatabase, lease: Lease, sender: Sender):
        super().__init__(
            database,
            lease,
            clock=sender.clock,
            monotonic=sender.monotonic,
            sleep=lambda seconds: sender.boundary("joins"),
        )
        self._sender = sender

    def claim(self, pace: str, limit: int) -> list[Claimed]:
        self._sender.boundary("before a claim")
        return super().claim(pace, min(limit, self._sender.chance.choice((2, 5, 20))))

    def commit(self, batch: Batch) -> None:
        self._sender.boundary("before a commit")
        self._sender.shared.set_clock()
        for row in batch.attempting:
            self._sender.tell(f"row {row} is being attempted")
        had_something = bool(batch)
        super().commit(batch)
        if had_something and self._sender.happens(0.01):
            self._sender.tell("the answer to a commit is lost")
            self._sender.shared.disturbed += 1
            raise LedgerError("the connection was lost", hint="again")
        self._sender.boundary("after a commit")

    def save_late(self, batch: Batch) -> None:
        self._sender.shared.set_clock()
        super().save_late(batch)


class Together:
    """The sends of one issue by several workers, and editors who plan it, in one world."""

    def __init__(self, world: World, place: SharedLedger, admin: psycopg.Connection[Any], *, people: int, workers: int):
        self.world, self.place, self.admin = world, place, admin
        self.baton = Baton(world)
        self.people, self.workers = people, workers
        self.connections = world.chance.choice((1, 2, 4))
        # Senders to which something happened that may leave what was under way in doubt.
        self.disturbed = 0
        self._clock = -1
        self._failure: BaseException | None = None
        self.senders: list[Sender] = []
        self.set_clock()

    def run_until_over(self) -> None:
        """Plan, and have workers come and go until nobody waits."""
        self._play({"editor-0": self._plan})
        for day in range(40):
            parts: dict[str, Callable[[Sender], None]] = {
                f"worker-{day}-{number}": self._work for number in range(self.workers)
            }
            if self.world.chance.random() < 0.5:
                parts |= {f"editor-{day}-{number}": self._plan for number in range(2)}
            self._play(parts)
            self.check()
            if set(self.states().values()) <= OVER:
                return
            self.world.now += self.world.chance.choice((1.0, 60.0, 7_200.0))
            self.world.storm = max(0.0, self.world.storm - 0.03)
        raise AssertionError(f"it is never over: {self.states()}{self.world.told()}")

    def _play(self, parts: dict[str, Callable[[Sender], None]]) -> None:
        threads = []
        for name, act in parts.items():
            sender = Sender(self, name)
            self.senders.append(sender)
            if self.world.chance.random() < self.world.storm:
                sender.life = self.world.chance.randrange(1, 30 * self.people)
            self.baton.join(name)
            threads.append(threading.Thread(target=self._live, args=(sender, act), daemon=True))
        for thread in threads:
            thread.start()
        self.baton.start()
        for thread in threads:
            thread.join(LONGEST_WAIT_SECONDS)
            assert not thread.is_alive(), f"it hangs{self.world.told()}"
        if self._failure is not None:
            raise self._failure

    def _live(self, sender: Sender, act: Callable[[Sender], None]) -> None:
        self.baton.wait(sender.name)
        try:
            with contextlib.suppress(Killed):
                act(sender)
        except BaseException as error:
            self._failure = self._failure or error
        finally:
            if sender.database is not None:
                # A process that dies undoes nothing by itself; its connection ends.
                roll_back(sender.database)
                sender.database.close()
            self.baton.leave(sender.name)

    # What each of them does

    def _plan(self, sender: Sender) -> None:
        """An editor: alone, chooses whoever has joined, has those put off tried again; and sometimes pauses all."""
        try:
            with only_one(self.place):
                sender.database = PostgresqlDatabase(self.place)
                sender.boundary("before planning")
                self.set_clock()
                recover(sender.database, ISSUE)
                known = len(self.states())
                more = self.people if not known else sender.chance.choice((0, 0, 2))
                if more:
                    freeze_people(
                        sender.database,
                        [recipient(n, DOMAINS[n % len(DOMAINS)]) for n in range(known + 1, known + more + 1)],
                    )
                Records(sender.database, ISSUE, clock=sender.clock).make_due_now()
                if sender.chance.random() < 0.2:
                    pause(sender.database, ISSUE)
                    sender.tell("pauses all")
                    for _turn in range(5):
                        sender.boundary("while all are paused")
                go_on(sender.database, ISSUE)
                sender.tell(f"has planned for {known + more}")
        except LedgerBusy as busy:
            sender.tell(f"cannot plan: {busy.message}")
        except LedgerError as error:
            sender.tell(f"gives up: {error.message}")

    def _work(self, sender: Sender) -> None:
        """A worker: again and again, until nothing is left to claim."""
        for _turn in range(20):
            try:
                sender.database = sender.database or PostgresqlDatabase(self.place)
                self.set_clock()
                close_ended(sender.database, ISSUE, now=int(sender.clock()))
                if not self._send(sender, sender.database):
                    return
            except LedgerError as error:
                sender.tell(f"stops: {error.message}")
                if sender.database is not None:
                    roll_back(sender.database)
                    sender.database.close()
                sender.database = None
                self.world.now += 0.5
                sender.boundary("after a fault of the ledger")

    def _send(self, sender: Sender, database: PostgresqlDatabase) -> bool:
        self.set_clock()
        lease = Lease(database, ISSUE, is_worker=True, monotonic=sender.monotonic)
        records = LeasedInTheWorld(database, lease, sender)
        try:
            ready = records.count_ready()
            if not ready:
                return False
            backlog = Backlog(list(ready), {}, per_minute=sender.chance.choice((0, 0, 600)), claim=records.claim)
            records.take_share(backlog.share, is_limited=backlog.is_limited)
            tally = SendTally(total=sum(ready.values()))
            ending = Engine(
                records=records,
                transport=SimulatedTransport(sender),
                backlog=backlog,
                limits=RunLimits(connections=self.connections, patience_seconds=sender.chance.choice((0.0, 900.0))),
                build=build,
                is_interrupted=lambda: sender.happens(0.002),
                clock=sender.clock,
                monotonic=sender.monotonic,
                tally=tally,
            ).run()
            sender.tell(f"ends: {ending.how.name} {ending.reason}")
            return tally.done > 0
        except Killed:
            raise
        finally:
            if sender.life is None or sender.life >= 0:
                with contextlib.suppress(LedgerError):
                    roll_back(database)
                    lease.end(now=int(sender.clock()))

    # What must be true

    def set_clock(self) -> None:
        """The database's clock is the world's."""
        now = int(self.world.now * 1000)
        if now != self._clock:
            self._clock = now
            self.admin.execute("UPDATE nl_world.clock SET now = %s", (now,))

    def check(self) -> None:
        """The promise, of everybody, once all of them are at rest or dead."""
        world, found = self.world, self.states()
        silences = sum(sender.silences for sender in self.senders)
        doubts = sum(state is DeliveryState.IN_DOUBT for state in found.values())
        most = silences + self.disturbed * MOST_DOUBTS_OF_A_CONNECTION * self.connections
        assert doubts <= most, f"{doubts} rows in doubt, {most} may be{world.told()}"
        for row, state in found.items():
            times = world.taken[row]
            assert times <= 1, f"row {row} was taken {times} times{world.told()}"
            if state is DeliveryState.SENT:
                assert times == 1, f"row {row} is sent, and was not taken{world.told()}"
            elif state not in (DeliveryState.IN_DOUBT, DeliveryState.ATTEMPTING):
                assert not times, f"row {row} was taken, and is {state}{world.told()}"

    def states(self) -> dict[int, DeliveryState]:
        """The state of each row, by its place in the list."""
        rows = self.admin.execute("SELECT id, state FROM nl_ledger.delivery").fetchall()
        return {row: DeliveryState(state) for row, state in rows}
