"""`nl send --distributed`, `nl worker`, `nl pause`: planned once, sent by as many as there are, at most once each."""

from __future__ import annotations

import signal
import time
from collections import Counter
from pathlib import Path

from tests.deliver.server.sending import end
from tests.deliver.server.sharing import served_together
from tests.waiting import wait_until


def test_planned_here_and_sent_by_two_workers(tmp_path: Path, postgres_url: str) -> None:
    with served_together(tmp_path, 300, postgres_url) as (_server, sending):
        planned = sending.plan()
        assert planned.status == 0, planned
        assert "300 messages wait for workers" in planned.output
        assert sending.counts() == {"pending": 300}
        assert sending.accepted() == []
        first, second = sending.work(2)
        assert (first.status, second.status) == (0, 0), (first, second)
        assert Counter(sending.accepted()) == Counter(sending.recipients)
        assert sending.counts() == {"sent": 300}
        report = sending.report()
        assert report.is_complete


def test_one_process_sends_from_it_as_from_a_file(tmp_path: Path, postgres_url: str) -> None:
    with served_together(tmp_path, 40, postgres_url) as (_server, sending):
        done = sending.send()
        assert done.status == 0, done
        assert Counter(sending.accepted()) == Counter(sending.recipients)
        again = sending.send()
        assert "Nothing was left to send" in again.output


def test_a_pause_stops_everybody_and_sending_again_goes_on(tmp_path: Path, postgres_url: str) -> None:
    with served_together(tmp_path, 400, postgres_url, "slow:seconds=0.02") as (server, sending):
        assert sending.plan().status == 0
        workers = [sending.start_worker() for _number in range(2)]
        wait_until(lambda: len(sending.accepted()) > 20, lambda: "nothing is sent")
        paused = sending.run("pause", "1")
        assert paused.status == 0, paused
        wait_until(lambda: not sending.counts()["attempting"] + sending.counts()["claimed"], lambda: "it goes on")
        stopped_at = len(sending.accepted())
        time.sleep(0.5)
        assert len(sending.accepted()) == stopped_at < 400
        server.change()
        assert sending.plan().status == 0
        wait_until(lambda: sending.counts() == {"sent": 400}, lambda: f"it does not go on: {sending.counts()}")
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
            assert end(worker).status == 0
        assert Counter(sending.accepted()) == Counter(sending.recipients)
