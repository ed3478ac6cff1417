"""Row “SIGINT / SIGTERM”: current messages finish, the state is exact, and the words say how to go on."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.deliver.server.record import count_record
from tests.deliver.server.sending import CONNECTIONS, end, served
from tests.samples import sample

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
RECIPIENTS = 400
INTERRUPTED = 130

# Windows stops no process.
if sys.platform != "win32":
    STOP, CONTINUE = signal.SIGSTOP, signal.SIGCONT
else:
    STOP = CONTINUE = signal.SIGTERM


ENDS = [(number, way) for way in ("slow", "no-pipelining") for number in (signal.SIGINT, signal.SIGTERM)]


@pytest.mark.parametrize(("number", "way"), sample(ENDS, (signal.SIGINT, "slow")))
def test_current_messages_finish(tmp_path: Path, number: signal.Signals, way: str) -> None:
    with served(tmp_path, RECIPIENTS, way, "slow:seconds=0.2") as (server, sending):
        process = sending.start()
        assert sending.wait_until_accepted(process, 10)
        before = count_record(sending.record)
        process.send_signal(number)
        done = end(process)
        assert done.status == INTERRUPTED, done
        # What was on its way, and nothing new.
        assert count_record(sending.record) - before <= 3 * CONNECTIONS
        assert " send 1 " in done.said.partition(" wait: nl ")[2]
        counts = sending.report().counts
        assert counts["claimed"] == counts["attempting"] == counts["in_doubt"] == 0, counts
        assert counts["sent"] == count_record(sending.record)
        assert counts["pending"] == RECIPIENTS - counts["sent"]
        sending.check()
        server.change()
        assert sending.finish() == set()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows stops no process")
@pytest.mark.long
def test_stopped_past_every_deadline_and_continued(tmp_path: Path) -> None:
    """Ctrl-Z and `fg`, a machine that slept: what the server answered meanwhile counts."""
    with served(tmp_path, 40, "slow:seconds=0.05", timeout_seconds=2, final_timeout_seconds=2) as (_server, sending):
        process = sending.start()
        for count in (5, 15):
            assert sending.wait_until_accepted(process, count)
            process.send_signal(STOP)
            time.sleep(2.5)
            process.send_signal(CONTINUE)
        done = end(process)
        assert done.status == 0, done
        sending.check()
        sending.check_finished()


def test_a_stop_while_the_server_says_nothing(tmp_path: Path) -> None:
    """Nobody has to wait for a server that hangs at MAIL: nothing was sent, so it ends within the timeout."""
    hangs = "hang-mail:every=1,times=0"
    with served(tmp_path, 20, hangs, timeout_seconds=2, final_timeout_seconds=2) as (server, sending):
        process = sending.start()
        sending.wait_until_heard(process, "MAIL", CONNECTIONS)
        process.send_signal(signal.SIGINT)
        done = end(process)
        assert done.status == INTERRUPTED, done
        assert sending.accepted() == []
        assert sending.in_state("pending") == set(sending.recipients)
        server.change()
        assert sending.finish() == set()


def test_asked_twice_it_ends_at_once(tmp_path: Path) -> None:
    """Whoever does not want to wait for a server that says nothing after the dot: those rows are in doubt."""
    hangs = "hang-250:every=1,times=0"
    with served(tmp_path, 20, hangs) as (server, sending):
        process = sending.start()
        assert sending.wait_until_accepted(process, CONNECTIONS)
        process.send_signal(signal.SIGINT)
        time.sleep(0.5)
        assert process.poll() is None, "it did not wait for the answers"
        process.send_signal(signal.SIGINT)
        done = end(process)
        assert done.status == INTERRUPTED, done
        assert "in doubt" in done.said
        sending.check(is_reported=False)
        server.change()
        assert sending.finish() == set(sending.accepted()[:CONNECTIONS])


@pytest.mark.parametrize("number", sample([signal.SIGINT, signal.SIGTERM], signal.SIGTERM))
def test_stopped_before_it_began(tmp_path: Path, number: signal.Signals) -> None:
    with served(tmp_path, 20, is_fresh=True) as (_server, sending):
        for wait in (0.0, 0.2, 0.4):
            process = sending.start()
            time.sleep(wait)
            process.send_signal(number)
            done = end(process)
            # Python itself may still be starting: then a signal ends it, which a shell calls 130; or it is all sent.
            is_python_s = "Fatal Python error: init_" in done.errors
            assert is_python_s or done.status in {INTERRUPTED, -signal.SIGINT, -number, 0}, done
            assert not sending.in_state("claimed", "attempting", "in_doubt")
        sending.is_fresh = False
        assert sending.finish() == set()
