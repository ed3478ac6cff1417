"""The same promise through a real Postfix: counted at the far end, once its queue has drained."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deliver.server.oracle import faults_of_send
from tests.deliver.server.postfix import Postfix
from tests.deliver.server.record import read_record
from tests.deliver.server.sending import MOST_IN_DOUBT, Sending
from tests.deliver.server.serving import ServerProcess
from tests.waiting import patiently
from tests.workspaces import IS_ROOT

pytestmark = [
    pytest.mark.needs("postfix"),
    pytest.mark.skipif(not IS_ROOT, reason="Postfix wants to be started by root"),
]
RECIPIENTS = 300
KILLS = 8


@pytest.fixture
def relayed(tmp_path: Path) -> Iterator[tuple[ServerProcess, Postfix, Sending]]:
    record = tmp_path / "record"
    with ServerProcess(record) as sink, Postfix(sink.port) as postfix:
        yield sink, postfix, Sending(tmp_path / "workspace", RECIPIENTS, record=record, transport=postfix.url)


def test_a_whole_send(relayed: tuple[ServerProcess, Postfix, Sending]) -> None:
    _sink, postfix, sending = relayed
    done = sending.send()
    assert done.status == 0, f"{done}\n{postfix.queued()[:3]}"
    postfix.wait_until_drained()
    sending.check()
    sending.check_finished()
    assert sending.send().status == 0
    postfix.wait_until_drained()
    sending.check_finished()


@pytest.mark.long
def test_killed_and_run_again(relayed: tuple[ServerProcess, Postfix, Sending]) -> None:
    _sink, postfix, sending = relayed
    chance = random.Random(300)
    for _kill in range(KILLS):
        process = sending.start()
        count = len(sending.in_state("sent"))
        # Counted in the ledger: the far end is late, with a queue in between.
        for _left in patiently(lambda: "nothing is sent any more"):
            if len(sending.in_state("sent")) >= count + 20 or process.poll() is not None:
                break
            time.sleep(chance.uniform(0, 0.05))
        sending.kill(process)
        assert sending.count_attempting() <= MOST_IN_DOUBT
    done = sending.send()
    assert done.status in {0, 3}, done
    postfix.wait_until_drained()
    doubtful = sending.in_state("in_doubt")
    assert faults_of_send(read_record(sending.record), sending.states()) == []
    sending.check()
    # Somebody decides to send to those in doubt once more: none is missing then, and only they may have it twice.
    sending.settle("resend")
    done = sending.send()
    assert done.status == 0, done
    postfix.wait_until_drained()
    sending.check(decided=doubtful)
    assert set(sending.accepted()) == set(sending.recipients)


@pytest.mark.long
def test_a_sink_that_fails_is_postfixs_affair(relayed: tuple[ServerProcess, Postfix, Sending]) -> None:
    sink, postfix, sending = relayed
    sink.change("451-rcpt:share=3,tries=1", "drop-connect:every=9")
    done = sending.send()
    assert done.status == 0, done
    postfix.wait_until_drained()
    sending.check()
    sending.check_finished()
