"""`nl bounces` killed at any moment and run again, or run twice at once: nothing is lost, nothing counts twice."""

from __future__ import annotations

import json
import os
import random
import shutil
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from newsletter_cli.audience.store import open_store
from tests.failures import cpu_seconds_of_children, run_killed
from tests.flows.bounces.messages import mbox, report
from tests.flows.bounces.stage import SentIssues
from tests.forked import start_nl
from tests.inside import call
from tests.waiting import PATIENCE_SECONDS
from tests.workspaces import environment, write

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
READERS = [f"r{number}@d{number}.example" for number in range(60)]
APPLY = ("bounces", "back.mbox", "--apply", "--anyway")
SEED = int(os.environ.get("NL_SEED", "1"))
FEW_KILLS = 4
MANY_KILLS = int(os.environ.get("NL_KILLS", "100"))


@pytest.fixture(scope="module")
def start(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half of the mailboxes are gone, half of them full."""
    sent = SentIssues(tmp_path_factory.mktemp("kills") / "start", READERS)
    told = [
        report(one, sent.token(one), status=("5.1.1", "5.2.2")[number % 2], number=number)
        for number, one in enumerate(READERS)
    ]
    write(sent.root / "back.mbox", mbox(*told))
    return sent.root


def state(root: Path) -> tuple[Any, Counter[tuple[str, str]]]:
    suppressed = json.loads(call("list", "stats", "--json", cwd=root).out)["suppressed"]
    with closing(open_store(root / "state").connection) as connection:
        return suppressed, Counter(connection.execute("SELECT key, kind FROM feedback").fetchall())


WHOLE = {"bounced": 30}


def assert_whole_after_another_run(root: Path) -> None:
    suppressed, records = state(root)
    # All of it or nothing: whoever is recorded as gone is taken off.
    assert (suppressed, len(records)) in (({}, 0), (WHOLE, 60))
    assert call(*APPLY, cwd=root).status == 0
    suppressed, records = state(root)
    assert suppressed == WHOLE
    assert len(records) == 60
    assert set(records.values()) == {1}


@pytest.mark.parametrize("failpoint", ["before-feedback-commit", "after-feedback-commit"])
def test_killed_around_the_commit(start: Path, tmp_path: Path, failpoint: str) -> None:
    root = shutil.copytree(start, tmp_path / "w")
    running = start_nl(*APPLY, folder=root, env=environment(NL_FAILPOINT=failpoint))
    assert running.wait(PATIENCE_SECONDS) == -9
    assert bool(state(root)[1]) == (failpoint == "after-feedback-commit")
    assert_whole_after_another_run(root)


@pytest.mark.parametrize("kills", [FEW_KILLS, pytest.param(MANY_KILLS, marks=pytest.mark.long)])
def test_killed_at_any_instant(start: Path, tmp_path: Path, kills: int) -> None:
    before = cpu_seconds_of_children()
    assert not run_killed(shutil.copytree(start, tmp_path / "whole"), *APPLY)
    seconds = cpu_seconds_of_children() - before
    chance = random.Random(SEED)
    for turn in range(kills):
        root = shutil.copytree(start, tmp_path / f"{turn}")
        run_killed(root, *APPLY, after_cpu_seconds=seconds * chance.uniform(0.01, 1.0))
        assert_whole_after_another_run(root)
        shutil.rmtree(root)


def test_two_at_once_count_once(start: Path, tmp_path: Path) -> None:
    root = shutil.copytree(start, tmp_path / "w")
    both = [start_nl(*APPLY, folder=root, env=environment()) for _each in range(2)]
    assert [one.wait(PATIENCE_SECONDS) for one in both] == [0, 0]
    suppressed, records = state(root)
    assert (suppressed, len(records), set(records.values())) == (WHOLE, 60, {1})
