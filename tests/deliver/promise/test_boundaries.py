"""Row “`kill -9` at each boundary” of the fault matrix: the process ends itself at each, and is run again."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.deliver.server.oracle import faults_of_send
from tests.deliver.server.record import read_record
from tests.deliver.server.sending import CONNECTIONS, KILLED, MOST_IN_DOUBT, served

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
RECIPIENTS = 40
# Where no dot can have gone out, nothing may be in doubt: the row is free to be sent again.
NOTHING_SENT = {"before-freeze-commit": 1, "after-freeze": 1, "before-claim": 1, "before-attempting-commit": 1}
BOUNDARIES = [
    *NOTHING_SENT.items(),
    ("after-claim", 1),
    ("after-attempting-commit", 1),
    ("in-data", 1),
    ("after-dot", 1),
    ("after-reply", 1),
    ("after-sent-commit", 1),
    ("before-end", 1),
    # Again, in the midst of it: several connections are then under way, each somewhere else.
    ("before-claim", 2),
    ("after-claim", 2),
    ("before-attempting-commit", 6),
    ("after-attempting-commit", 5),
    ("in-data", 2 * CONNECTIONS + 1),
    ("after-dot", 1 + CONNECTIONS),
    ("after-dot", 3 * CONNECTIONS),
    ("after-reply", 9),
    ("after-sent-commit", 3),
]


@pytest.mark.parametrize(("name", "count"), BOUNDARIES, ids=[f"{name}-{count}" for name, count in BOUNDARIES])
def test_a_kill_there_and_a_second_run(tmp_path: Path, name: str, count: int) -> None:
    # More rows than one claim takes where a second claim is meant.
    recipients = 150 if name.endswith("-claim") and count > 1 else RECIPIENTS
    with served(tmp_path, recipients) as (_server, sending):
        killed = sending.send(failpoint=f"{name}:{count}")
        assert killed.status == KILLED, f"{name} was never reached: {killed}"
        assert sending.count_attempting() <= MOST_IN_DOUBT
        assert faults_of_send(read_record(sending.record), sending.states()) == []
        doubtful = sending.finish()
        assert len(doubtful) <= MOST_IN_DOUBT
        if (name, count) in NOTHING_SENT.items():
            assert not doubtful
        if name == "before-end":
            assert not doubtful
            assert len(sending.accepted()) == RECIPIENTS


@pytest.mark.parametrize(
    "name", ["hang-connect", "hang-ehlo", "hang-mail", "hang-rcpt", "hang-data", "hang-dot", "hang-250"]
)
def test_a_kill_while_the_server_holds_its_answer(tmp_path: Path, name: str) -> None:
    """The boundaries as the wire sees them: each connection waits at the same place when the end comes."""
    with served(tmp_path, RECIPIENTS, f"{name}:every=1,times=0") as (server, sending):
        process = sending.start()
        phase = name.removeprefix("hang-").upper()
        # Each connection has come as far as it is answered; a message has then arrived whole.
        sending.wait_until_heard(process, {"250": "DOT"}.get(phase, phase), CONNECTIONS)
        if name == "hang-250":
            assert sending.wait_until_accepted(process, CONNECTIONS)
        sending.kill(process, must_be_running=True)
        accepted = set(sending.accepted())
        assert len(accepted) == (CONNECTIONS if name == "hang-250" else 0)
        server.change()
        doubtful = sending.finish()
        if name in {"hang-dot", "hang-250"}:
            assert len(doubtful) == CONNECTIONS
            assert accepted <= doubtful
        else:
            # The attempt may be on record before the dot goes, and a kill in between cannot be told from one after.
            assert len(doubtful) <= (CONNECTIONS if name == "hang-data" else 0)


def test_killed_before_the_freeze_nothing_is_there(tmp_path: Path) -> None:
    with served(tmp_path, RECIPIENTS) as (_server, sending):
        assert sending.send(failpoint="before-freeze-commit").status == KILLED
        assert sending.states() == {}
        assert sending.accepted() == []
        # The list may be another one by then: nothing was frozen.
        with (sending.root / "list.csv").open("a") as file:
            file.write("late@example.org\n")
        sending.recipients.append("late@example.org")
        assert sending.finish() == set()


def test_killed_after_the_freeze_what_was_frozen_is_sent(tmp_path: Path) -> None:
    with served(tmp_path, RECIPIENTS) as (_server, sending):
        assert sending.send(failpoint="after-freeze").status == KILLED
        assert set(sending.states().values()) == {"pending"}
        news = sending.root / "sections/001/news.md"
        news.write_text(news.read_text().replace("happened", "changed"))
        done = sending.send()
        assert done.status == 0, done
        sending.check()
        sending.check_finished()
        # One text for everybody: sizes differ by a few octets of tokens at most.
        sizes = {one.size_bytes for one in read_record(sending.record)}
        assert max(sizes) - min(sizes) < 100


def test_killed_at_one_boundary_after_another(tmp_path: Path) -> None:
    """Each run dies somewhere else; what a person decides in the end holds."""
    with served(tmp_path, 150) as (_server, sending):
        before = 0
        for name, count in (
            ("before-freeze-commit", 1), ("after-freeze", 1), ("after-claim", 1), ("before-attempting-commit", 2),
            ("after-attempting-commit", 2), ("in-data", 3), ("after-dot", 2), ("after-reply", 4),
            ("after-sent-commit", 2),
        ):  # fmt: skip
            assert sending.send(failpoint=f"{name}:{count}").status == KILLED, name
            attempting, doubtful = sending.count_attempting(), len(sending.in_state("in_doubt"))
            assert attempting <= MOST_IN_DOUBT, name
            assert doubtful >= before, "doubt is settled by nobody but a person"
            before = doubtful
            assert faults_of_send(read_record(sending.record), sending.states()) == [], name
        done = sending.send()
        doubtful_rows = sending.in_state("in_doubt")
        assert done.status == (3 if doubtful_rows else 0), done
        sending.check()
        # Somebody decides that rather twice than not at all.
        sending.settle("resend")
        done = sending.send()
        assert done.status == 0, done
        sending.check(decided=doubtful_rows)
        assert set(sending.accepted()) == set(sending.recipients)
        assert sending.report().is_complete
