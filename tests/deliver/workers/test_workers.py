"""`nl send --distributed`, `nl worker`, `nl pause`: planned once, sent by as many as there are, at most once each."""

from __future__ import annotations

import re
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


def test_a_ledger_of_another_newsletter_holds_the_send(tmp_path: Path, postgres_url: str) -> None:
    with served_together(tmp_path, 3, postgres_url) as (_server, sending):
        assert sending.send().status == 0
        path = sending.root / "newsletter.toml"
        path.write_text(path.read_text().replace('[newsletter]\nname = "Tidings"', '[newsletter]\nname = "Nouvelles"'))
        sending.run("assemble", "1", "--offline")
        held = sending.send("--newcomers")
        assert held.status == 3, held
        assert "the ledger is that of another newsletter, “Tidings”" in held.errors
        assert sending.send("--newcomers", "--anyway").status == 0
        assert sending.send("--newcomers").status == 0


def test_a_file_of_one_machine_has_no_workers(tmp_path: Path, postgres_url: str) -> None:
    with served_together(tmp_path, 3, postgres_url) as (_server, sending):
        path = sending.root / "newsletter.toml"
        path.write_text("\n".join(line for line in path.read_text().splitlines() if not line.startswith("ledger")))
        for done in (sending.plan(), end(sending.start_worker())):
            assert done.status == 2, done
            assert "the ledger is a file of this machine" in done.errors
        assert sending.accepted() == []


def test_whoever_leaves_here_gets_nothing_from_workers_elsewhere(tmp_path: Path, postgres_url: str) -> None:
    with served_together(tmp_path, 30, postgres_url) as (_server, sending):
        assert sending.plan().status == 0
        left = sending.recipients[7]
        assert sending.run("list", "unsubscribe", left, "--list", "list.csv").status == 0
        # A worker on another machine has the configuration and no list.
        (sending.root / "state" / "list.db").unlink()
        assert [done.status for done in sending.work()] == [0]
        assert set(sending.accepted()) == set(sending.recipients) - {left}
        assert sending.states()[left] == "refused"


def test_a_worker_of_another_way_leaves_it_to_others(tmp_path: Path, postgres_url: str) -> None:
    with served_together(tmp_path, 3, postgres_url) as (_server, sending):
        assert sending.plan().status == 0
        right, sending.transport = sending.transport, "maildir:state/elsewhere"
        (done,) = sending.work()
        assert "was planned for" in done.errors
        assert sending.counts() == {"pending": 3}
        sending.transport = right
        sending.work()
        assert sending.counts() == {"sent": 3}


def test_a_server_that_refuses_everybody_stops_the_worker(tmp_path: Path, postgres_url: str) -> None:
    with served_together(tmp_path, 60, postgres_url, "refuses-all") as (_server, sending):
        assert sending.plan().status == 0
        (done,) = sending.work()
        assert done.status == 1, done
        assert "the send was stopped" in done.errors
        assert not sending.counts().keys() - {"pending", "refused"}


def test_those_who_join_while_workers_send_get_the_message_of_their_own_freeze(
    tmp_path: Path, postgres_url: str
) -> None:
    with served_together(tmp_path, 150, postgres_url, "slow:seconds=0.01") as (_server, sending):
        assert sending.plan().status == 0
        worker = sending.start_worker()
        wait_until(lambda: len(sending.accepted()) > 5, lambda: "nothing is sent")
        path = sending.root / "list.csv"
        path.write_text(path.read_text() + "new@example.org\n")
        assert sending.plan("--newcomers").status == 0
        wait_until(lambda: "new@example.org" in sending.accepted(), lambda: f"never: {sending.counts()}")
        worker.send_signal(signal.SIGTERM)
        assert end(worker).status == 0


def test_a_report_follows_all_of_them(tmp_path: Path, postgres_url: str) -> None:
    with served_together(tmp_path, 80, postgres_url, "slow:seconds=0.01") as (_server, sending):
        assert sending.plan().status == 0
        worker = sending.start_worker("--until-done")
        followed = sending.run("report", "1", "--follow")
        assert end(worker).status == 0
        assert followed.status == 0, followed
        assert "Issue 1: " in followed.output
        assert "a second" in followed.output
        assert "Complete: nothing is left to do." in followed.output


def test_a_dry_run_reads_the_shared_ledger_and_changes_nothing(tmp_path: Path, postgres_url: str) -> None:
    with served_together(tmp_path, 12, postgres_url) as (_server, sending):
        assert sending.plan().status == 0
        before = sending.rows()
        dry = sending.run("send", "1", "--dry-run", "--list", "list.csv", "--transport", sending.transport)
        assert dry.status == 0, dry
        assert "12" in dry.output
        assert sending.rows() == before


def test_a_doctor_and_a_hand_over_know_where_the_ledger_is(tmp_path: Path, postgres_url: str) -> None:
    with served_together(tmp_path, 3, postgres_url) as (_server, sending):
        assert sending.plan().status == 0
        said = sending.run("doctor").output
        assert "the ledger is in PostgreSQL, postgresql://127.0.0.1" in said
        assert "the send of issue 1 is not complete" in said
        sending.env["NL_PASSPHRASE"] = "several words"
        assert "stays there" in sending.run("state", "export", str(tmp_path / "state.age")).output


def test_a_server_elsewhere_gets_no_password_before_it_is_trusted(tmp_path: Path, postgres_url: str) -> None:
    with served_together(tmp_path, 3, postgres_url) as (_server, sending):
        path = sending.root / "newsletter.toml"
        path.write_text(re.sub(r"@127\.0\.0\.1:\d+/", "@db.example.org/", path.read_text()))
        for command in (("report", "1"), ("send", "1", "--dry-run"), ("worker", "--until-done")):
            done = sending.run(*command)
            assert done.status == 2, done
            assert "nl trust" in done.errors, done
        assert "send.ledger" in sending.run("trust", "--json").output


def test_trust_for_once(tmp_path: Path, postgres_url: str) -> None:
    with served_together(tmp_path, 3, postgres_url) as (_server, sending):
        path = sending.root / "newsletter.toml"
        # A name that this machine cannot find: what is trusted is asked, and does not answer.
        path.write_text(re.sub(r"@127\.0\.0\.1:\d+/", "@db.invalid/", path.read_text()))
        done = sending.run("worker", "--until-done", "--trust")
        assert done.status == 2, done
        assert "cannot be used" in done.errors, done
        assert "nl trust" not in done.errors, done
