"""The promise in simulated worlds: each seed another storm of kills, freezes, cut connections, full disks and clocks.

A seed that fails prints its story. To see one again: `NL_SEED=4711 pytest tests/deliver/simulation`.
"""

from __future__ import annotations

import os
import random

import pytest

from tests.deliver.simulation.sending import Sends
from tests.deliver.simulation.world import World

USUAL, MANY, SHARE = 100, 10_000, 10


def play(seed: int) -> Sends:
    # The waits of a send are jittered.
    random.seed(seed)
    # In every third one, the server knows what is posted to it by a key.
    world = World(seed=seed, is_keyed=seed % 3 == 2)
    sends = Sends(world, people=world.chance.choice((1, 7, 40)))
    sends.run_until_over()
    return sends


def seeds(first: int, count: int) -> range:
    wanted = os.environ.get("NL_SEED")
    return range(int(wanted), int(wanted) + 1) if wanted else range(first, first + count)


def test_at_most_once_and_nobody_missing() -> None:
    for seed in seeds(0, USUAL):
        play(seed)


@pytest.mark.long
@pytest.mark.parametrize("part", range(SHARE))
def test_at_most_once_and_nobody_missing_in_ten_thousand_worlds(part: int) -> None:
    size = MANY // SHARE
    for seed in seeds(USUAL + part * size, size):
        play(seed)


def test_a_calm_world_sends_to_everybody_in_one_run() -> None:
    world = World(seed=1)
    world.storm = 0.0
    sends = Sends(world, people=40)
    sends.run_until_over()
    assert set(sends.states().values()) == {"sent"}


def test_a_seed_is_the_same_world_each_time() -> None:
    first, again = play(7), play(7)
    assert first.world.story == again.world.story
    assert first.states() == again.states()
