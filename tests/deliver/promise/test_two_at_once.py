"""Row “two `nl send` at once”: one winner, the other says who holds it."""

from __future__ import annotations

import os
import signal
import socket
from pathlib import Path

import pytest

from tests.deliver.server.record import count_record
from tests.deliver.server.sending import MOST_IN_DOUBT, Done, end, served

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
# Windows has neither, but the module is read there.
STOP, GO_ON = getattr(signal, "SIGSTOP", 0), getattr(signal, "SIGCONT", 0)


def test_the_second_is_told_who_sends(tmp_path: Path) -> None:
    with served(tmp_path, 100, "slow:seconds=0.02") as (_server, sending):
        first = sending.start()
        assert sending.wait_until_accepted(first, 5)
        second = sending.send()
        assert second.status not in {0, 130}, second
        assert socket.gethostname() in second.said
        assert str(first.pid) in second.said
        assert first.poll() is None
        done = end(first)
        assert done.status == 0, done
        sending.check()
        sending.check_finished()


@pytest.mark.long
def test_five_that_start_together(tmp_path: Path) -> None:
    with served(tmp_path, 120, "slow:seconds=0.02") as (_server, sending):
        done: list[Done] = [end(one) for one in [sending.start() for _number in range(5)]]
        winners = [one for one in done if one.status == 0]
        # A late starter may find all of it sent already, and be content too.
        assert winners, done
        assert all("nl send" in one.errors for one in done if one not in winners), done
        sending.check()
        sending.check_finished()


@pytest.mark.long
def test_a_dead_winner_holds_nothing(tmp_path: Path) -> None:
    with served(tmp_path, 80, "slow:seconds=0.03") as (_server, sending):
        first = sending.start()
        assert sending.wait_until_accepted(first, 5)
        sending.kill(first, must_be_running=True)
        attempting = sending.in_state("attempting")
        assert len(attempting) <= MOST_IN_DOUBT
        # Let in at once, and whatever is in doubt is so because of the kill.
        assert sending.finish() == attempting


def test_one_that_is_stopped_still_holds_it(tmp_path: Path) -> None:
    """Ctrl-Z: the process lives, and will go on."""
    with served(tmp_path, 60, "slow:seconds=0.03") as (_server, sending):
        first = sending.start()
        assert sending.wait_until_accepted(first, 5)
        first.send_signal(STOP)
        try:
            count = count_record(sending.record)
            second = sending.send()
            assert second.status not in {0, 130}, second
            assert str(first.pid) in second.said
            # What had left before it was stopped may still arrive.
            assert count_record(sending.record) - count <= 8
        finally:
            first.send_signal(GO_ON)
        done = end(first)
        assert done.status == 0, done
        sending.check()
        sending.check_finished()


@pytest.mark.long
def test_a_report_can_be_read_meanwhile(tmp_path: Path) -> None:
    with served(tmp_path, 100, "slow:seconds=0.02") as (_server, sending):
        process = sending.start()
        assert sending.wait_until_accepted(process, 5)
        report = sending.report()
        assert process.poll() is None
        assert sum(report.counts.values()) + sum(report.excluded.values()) == report.candidates == 100
        assert not report.is_complete
        assert end(process).status == 0
        sending.check_finished()
