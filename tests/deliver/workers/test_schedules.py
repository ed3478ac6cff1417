"""Workers killed, frozen in the middle of a message for longer than their lease, cut off from the ledger, started anew
at random, with two editors who plan at once: nobody gets anything twice, nobody is missed.

Four schedules; a hundred in `make test-long`. `NL_SCHEDULES=1000` runs more, `NL_SEED=n` begins elsewhere. What fails
says its seed and tells its story.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from tests.deliver.server.sending import CONNECTIONS, KILLED, Sending, end
from tests.deliver.server.sharing import SharedSending, served_together
from tests.forked import Running
from tests.postgresql import PostgresServer
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
SEED = int(os.environ.get("NL_SEED", "20261201"))
SCHEDULES, MANY_SCHEDULES = 4, int(os.environ.get("NL_SCHEDULES", "100"))
LEASE_SECONDS = 0.5
RECIPIENTS, STEPS = 260, 7
WORKERS = 3
# What happens in a step, and how often.
STEPS_OF = {"kill": 4, "freeze": 4, "restart": 1, "cut": 2, "plan": 1, "pause": 1, "start": 2}


class Schedule:
    """One random story: what happened, and what may be in doubt for it."""

    def __init__(self, seed: str, sending: SharedSending, server: PostgresServer):
        self.chance = random.Random(seed)
        self.sending, self.server = sending, server
        self.workers: list[Running] = []
        self.frozen: list[Running] = []
        self.story: list[str] = []
        # How many connections may have been in the middle of a message when something happened to them.
        self.disturbed = 0

    def run(self) -> None:
        assert self.sending.plan().status == 0
        for _number in range(WORKERS):
            self.start()
        for _step in range(STEPS):
            time.sleep(self.chance.choice((0, self.chance.uniform(0, 0.05), self.chance.uniform(0, 0.3))))
            (what,) = self.chance.choices(list(STEPS_OF), list(STEPS_OF.values()))
            self.story.append(what)
            getattr(self, what)()
        self.end()

    def start(self) -> None:
        self.workers.append(self.sending.start_worker())

    def kill(self) -> None:
        if self.workers:
            self.disturbed += 1
            self.sending.kill(self.workers.pop(self.chance.randrange(len(self.workers))))
        self.start()

    def freeze(self) -> None:
        """For longer than a lease; then it goes on where it was, perhaps in the middle of a message."""
        self.workers = [worker for worker in self.workers if worker.poll() is None]
        if not self.workers:
            return self.start()
        self.disturbed += 1
        worker = self.chance.choice(self.workers)
        os.kill(worker.pid, signal.SIGSTOP)
        time.sleep(LEASE_SECONDS * self.chance.choice((0.5, 1.5, 2)))
        os.kill(worker.pid, signal.SIGCONT)
        return None

    def restart(self) -> None:
        self.disturbed += len(self.workers)
        self.server.restart()

    def cut(self) -> None:
        self.disturbed += len(self.workers)
        self.server.cut()

    def plan(self) -> None:
        """Two editors at once: one of them plans, the other is told who does."""
        both = [self.sending.start("--distributed", "--newcomers") for _editor in range(2)]
        for done in map(end, both):
            assert done.status in {0, 2}, done
            assert done.status == 0 or "under way" in done.errors, done

    def pause(self) -> None:
        assert self.sending.run("pause", "1").status in {0, 2}
        time.sleep(self.chance.uniform(0, 0.3))
        assert self.sending.plan().status == 0

    def end(self) -> None:
        """All that still run are ended in good order; two more do what is left."""
        for worker in self.workers:
            worker.send_signal(signal.SIGTERM)
        for worker in self.workers:
            done = end(worker)
            # One that had hardly begun knows no good order yet; one that began while the ledger was away said so.
            is_right = done.status in {0, 130, KILLED, -signal.SIGTERM} or (
                done.status == 2 and "cannot be used" in done.errors
            )
            assert is_right, done
        for _try in range(6):
            wait_until(lambda: not self.leases(), lambda: "a lease does not end")
            for done in self.sending.work(2):
                assert done.status == 0, done
            if not self.sending.counts().keys() - {"sent", "in_doubt"}:
                break

    def leases(self) -> int:
        """How many are alive."""
        return self.sending.count_leases()

    def check(self) -> None:
        accepted = Counter(self.sending.accepted())
        twice = {address: count for address, count in accepted.items() if count > 1}
        assert not twice, f"twice: {twice}"
        counts = self.sending.counts()
        assert not counts.keys() - {"sent", "in_doubt"}, counts
        states = self.sending.states()
        assert {one for one, state in states.items() if state == "sent"} <= set(accepted)
        assert set(self.sending.recipients) - set(accepted) <= {
            one for one, state in states.items() if state == "in_doubt"
        }
        most = 2 * CONNECTIONS * max(1, self.disturbed)
        assert counts["in_doubt"] <= most, f"{counts['in_doubt']} in doubt, {most} at most"


def play(folder: Path, server: PostgresServer, seed: str) -> None:
    misbehaviours = random.Random(seed).choice([(), ("slow:seconds=0.002",), ("421-mail:after=9",)])
    with served_together(folder, RECIPIENTS, server.url, *misbehaviours, lease_seconds=LEASE_SECONDS) as (
        _mail,
        sending,
    ):
        schedule = Schedule(seed, sending, server)
        try:
            schedule.run()
            schedule.check()
        except BaseException as error:
            if isinstance(error, AssertionError):
                raise AssertionError(f"NL_SEED={seed.partition('-')[0]}: {schedule.story}: {error}") from error
            raise
        finally:
            for worker in schedule.workers:
                if worker.poll() is None:
                    Sending.kill(sending, worker)


@pytest.mark.parametrize("number", range(SCHEDULES))
def test_a_schedule(tmp_path: Path, postgres_server: PostgresServer, number: int) -> None:
    play(tmp_path, postgres_server, f"{SEED}-{number}")


@pytest.mark.long
@pytest.mark.parametrize("number", range(SCHEDULES, MANY_SCHEDULES))
def test_many_schedules(tmp_path: Path, postgres_server: PostgresServer, number: int) -> None:
    play(tmp_path, postgres_server, f"{SEED}-{number}")
