"""`nl proof` killed at each boundary, stopped, refused: one copy at most for each reviewer; run again, it goes on."""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.deliver.server.oracle import check_promise, count_attempting, read_states
from tests.deliver.server.record import read_record
from tests.deliver.server.sending import KILLED, MOST_IN_DOUBT, Done, Sending, end
from tests.deliver.server.serving import ServerProcess
from tests.forked import Running
from tests.samples import sample
from tests.workspaces import environment

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
REVIEWERS = 12
BOUNDARIES = sample(
    [
        "before-freeze-commit:1", "after-freeze:1", "after-claim:1", "after-attempting-commit:1", "in-data:1",
        "after-dot:1", "after-reply:1", "after-sent-commit:1", "before-end:1",
    ],
    "after-freeze:1",
    "after-dot:1",
)  # fmt: skip


class Proving(Sending):
    """The same workspace and server; what is run is `nl proof`, to typed addresses."""

    @property
    def ledger(self) -> Path:
        return self.root / "state/proofs/001"

    def start(self, *more: str, failpoint: str = "", prefix: Sequence[str] = ()) -> Running:
        given = {name: value for name, value in environment(**self.env).items() if not name.startswith("COVERAGE")}
        given |= {"NL_FAILPOINT": failpoint} if failpoint else {}
        where = ("--to", ",".join(self.recipients), "--transport", self.transport)
        return self._start(self.arguments("proof", "1", "--yes", *where, *more), given, prefix)

    def states(self) -> dict[str, str]:
        """Of proof 1: the ledger of proofs has proofs where another has issues."""
        return read_states(self.ledger, 1) if (self.ledger / "ledger.db").is_file() else {}

    def check_proof(self) -> None:
        check_promise(self.record, self.ledger, issue=1, report=None, candidates=None, settled=(), decided=())


@contextmanager
def proving(folder: Path, *misbehaviours: str, **settings: Any) -> Iterator[tuple[ServerProcess, Proving]]:
    record = folder / "record"
    with ServerProcess(record, *misbehaviours) as server:
        yield server, Proving(folder / "workspace", REVIEWERS, record=record, transport=server.url, **settings)


@pytest.mark.parametrize("failpoint", BOUNDARIES)
def test_a_kill_there_and_a_second_run(tmp_path: Path, failpoint: str) -> None:
    with proving(tmp_path) as (_server, run):
        killed = run.send(failpoint=failpoint)
        assert killed.status == KILLED, killed
        if run.states():
            assert count_attempting(run.ledger, 1) <= MOST_IN_DOUBT
            run.check_proof()
        done = run.send("--json")
        doubtful = run.in_state("in_doubt")
        assert done.status == (3 if doubtful else 0), done
        assert len(doubtful) <= MOST_IN_DOUBT
        run.check_proof()
        told = json.loads(done.output)
        assert (told["proof"], told["addresses"]) == (1, REVIEWERS)
        # Nothing of it is the issue's send.
        assert not (run.root / "sent").exists()
        assert run.run("report", "1").status == 2
        accepted = len(read_record(run.record))
        assert run.send().status == done.status
        assert len(read_record(run.record)) == accepted
        # In doubt, a person may have it sent anew.
        again = run.send("--again")
        assert again.status == 0, again
        assert len(read_record(run.record)) == accepted + REVIEWERS


def test_ctrl_c_ends_it_after_the_messages_under_way(tmp_path: Path) -> None:
    with proving(tmp_path, "slow", connections=1) as (_server, run):
        process = run.start()
        run.wait_until_accepted(process, 1)
        process.send_signal(signal.SIGINT)
        done: Done = end(process)
        assert done.status == 130, done
        run.check_proof()
        assert not run.in_state("in_doubt", "attempting")


def test_who_is_refused_is_named_with_the_servers_words(tmp_path: Path) -> None:
    with proving(tmp_path, "550-rcpt") as (_server, run):
        done = run.send()
        assert done.status == 3, done
        refused = run.in_state("refused")
        assert 0 < len(refused) < REVIEWERS
        assert all(f"{one}\trefused\t" in done.output for one in refused)
        assert "550" in done.output
