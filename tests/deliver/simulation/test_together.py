"""The promise with several senders in simulated worlds: kills, freezes longer than a lease, connections to the ledger
cut, commits whose answer is lost, clocks that are wrong, editors who plan and pause meanwhile.

A seed that fails prints its story. To see one again: `NL_SEED=4711 pytest tests/deliver/simulation/test_together.py`.
`NL_WORLDS=10000` plays as many.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator

import psycopg
import pytest

from newsletter_cli.deliver.ledger.database import open_database
from newsletter_cli.deliver.ledger.place import SharedLedger
from tests.deliver.shared import new_ledger
from tests.deliver.simulation.together import LEASE_SECONDS, Together, simulated_clock
from tests.deliver.simulation.world import World
from tests.postgresql import postgres_url

__all__ = ["postgres_url"]

USUAL, MANY, SHARE = 30, int(os.environ.get("NL_WORLDS", "2000")), 10
TABLES = (
    "nl_ledger.delivery, nl_ledger.wave, nl_ledger.lease, nl_ledger.run, nl_ledger.exclusion, nl_ledger.exclusion_count"
)


@pytest.fixture(scope="module")
def place(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedLedger]:
    made = new_ledger(postgres_url, tmp_path_factory.mktemp("state"), lease_seconds=LEASE_SECONDS)
    open_database(made).close()
    with psycopg.connect(postgres_url, autocommit=True) as admin:
        admin.execute("CREATE SCHEMA IF NOT EXISTS nl_world")
        admin.execute("CREATE TABLE IF NOT EXISTS nl_world.clock(now BIGINT NOT NULL)")
        admin.execute("TRUNCATE nl_world.clock")
        admin.execute("INSERT INTO nl_world.clock VALUES (0)")
    with simulated_clock():
        yield made


def play(seed: int, place: SharedLedger) -> Together:
    # The waits of a send are jittered.
    random.seed(seed)
    world = World(seed=seed)
    with psycopg.connect(place.url, autocommit=True) as admin:
        admin.execute(f"TRUNCATE {TABLES} RESTART IDENTITY")
        admin.execute("DELETE FROM nl_ledger.meta WHERE name LIKE 'paused.%%'", ())
        together = Together(
            world, place, admin, people=world.chance.choice((1, 7, 25)), workers=world.chance.choice((2, 3))
        )
        together.run_until_over()
    return together


def seeds(first: int, count: int) -> range:
    wanted = os.environ.get("NL_SEED")
    return range(int(wanted), int(wanted) + 1) if wanted else range(first, first + count)


def test_at_most_once_and_nobody_missing(place: SharedLedger) -> None:
    for seed in seeds(0, USUAL):
        play(seed, place)


@pytest.mark.long
@pytest.mark.parametrize("part", range(SHARE))
def test_at_most_once_and_nobody_missing_in_many_worlds(place: SharedLedger, part: int) -> None:
    size = MANY // SHARE
    for seed in seeds(USUAL + part * size, size):
        play(seed, place)


def test_a_seed_is_the_same_world_each_time(place: SharedLedger) -> None:
    first, again = play(11, place), play(11, place)
    assert first.world.story == again.world.story
