"""Row “`kill -9` at each boundary”, where nobody thought of a boundary: kills at random instants of one long send.

Forty of them; four times as many of fresh processes, which are killed while they start as well, in `make test-long`.
`NL_KILLS=2000` makes that as thorough as there is patience for; `NL_SEED=n` begins elsewhere. What fails says its seed.
"""

from __future__ import annotations

import os
import random
import time
from pathlib import Path

import pytest

from tests.deliver.server.oracle import faults_of_send
from tests.deliver.server.record import count_record, read_record
from tests.deliver.server.sending import KILLED, Sending, addresses, served
from tests.samples import sample

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
SEED = int(os.environ.get("NL_SEED", "20260611"))
# What the server does meanwhile; connections; a server that loses replies of its own leaves doubt of its own.
WAYS: dict[str, tuple[tuple[str, ...], int]] = {
    "quiet": ((), 4),
    "one-connection": ((), 1),
    "without-pipelining": (("no-pipelining",), 4),
    "busy": (("421-mail:after=9", "451-mail:every=11,times=0", "drop-mail:every=23", "drop-rcpt:every=29"), 6),
    "unkind": (("450-rcpt:share=9", "lost-250:every=31", "drop-body:every=37", "421-dot:after=17", "tiny-window"), 4),
}
KILLS = 30 // len(WAYS)
MANY_KILLS = int(os.environ.get("NL_KILLS", "160")) // len(WAYS)


@pytest.mark.parametrize("way", sample(WAYS, "unkind", "one-connection"))
def test_at_random_instants(tmp_path: Path, way: str) -> None:
    kill_at_random(tmp_path, way, KILLS)


@pytest.mark.long
@pytest.mark.parametrize("way", WAYS)
def test_at_many_random_instants(tmp_path: Path, way: str) -> None:
    kill_at_random(tmp_path, way, MANY_KILLS, is_fresh=True)


def kill_at_random(folder: Path, way: str, kills: int, *, is_fresh: bool = False) -> None:
    misbehaviours, connections = WAYS[way]
    chance = random.Random(f"{SEED}-{way}")
    # So that the last kills still find something under way.
    recipients = addresses(kills * 40, domains=40)
    with served(folder, recipients, *misbehaviours, connections=connections, is_fresh=is_fresh) as (server, sending):
        try:
            kill_and_resume(sending, chance, kills)
            server.change()
            sending.finish()
        except AssertionError as error:
            raise AssertionError(f"NL_SEED={SEED} {way}: {error}") from error


def test_with_messages_that_leave_in_parts(tmp_path: Path) -> None:
    """A message far larger than the window of its server: a kill then finds it half received."""
    chance = random.Random(SEED)
    with served(tmp_path, 200, "tiny-window:seconds=0.01", paragraphs=80) as (server, sending):
        kill_and_resume(sending, chance, 6, most_accepted=12)
        server.change()
        sending.finish()
        assert min(one.size_bytes for one in read_record(sending.record)) > 150_000


def kill_and_resume(sending: Sending, chance: random.Random, kills: int, *, most_accepted: int = 60) -> None:
    most = 2 * sending.connections
    reached = 0
    for number in range(kills):
        process = sending.start()
        before = count_record(sending.record)
        if chance.random() < 0.15:
            # While it starts, recovers, freezes.
            time.sleep(chance.uniform(0, 0.8 if sending.is_fresh else 0.2))
        else:
            sending.wait_until_accepted(process, before + chance.randint(1, most_accepted))
            time.sleep(chance.choice((0, chance.uniform(0, 0.004), chance.uniform(0, 0.05))))
        done = sending.kill(process)
        # It may have come to its end by itself, in good order.
        assert done.status in {KILLED, 0, 3}, f"kill {number}: {done}"
        reached += count_record(sending.record) > before
        assert sending.count_attempting() <= most, f"kill {number}"
        faults = faults_of_send(read_record(sending.record), sending.states())
        assert faults == [], f"kill {number}: {faults}"
    assert reached > kills // 4, f"only {reached} of {kills} kills came while messages were going out"
