"""The promise where nothing leaves the machine: the files of a Maildir are counted instead."""

from __future__ import annotations

import os
import random
from email.parser import BytesHeaderParser
from email.utils import parseaddr
from pathlib import Path

import pytest

from tests.deliver.server.oracle import faults_of_report, faults_of_send
from tests.deliver.server.record import Accepted, address_key
from tests.deliver.server.sending import KILLED, Sending
from tests.forked import Running
from tests.waiting import wait_until

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
RECIPIENTS = 300
KILLS = 4


def delivered(folder: Path) -> list[Accepted]:
    """What lies in `new/`; a file in `tmp/` is nobody's yet."""
    found = []
    for path in sorted((folder / "new").glob("*")):
        with path.open("rb") as file:
            header = BytesHeaderParser().parse(file)
        found.append(
            Accepted(
                recipient=address_key(parseaddr(header["to"])[1]), sender="", message_id=str(header["message-id"]),
                sha256="", size_bytes=path.stat().st_size, connection=0, seconds=0,
            )
        )  # fmt: skip
    return found


def count(folder: Path) -> int:
    return sum(1 for _path in (folder / "new").glob("*"))


def wait_until_delivered(folder: Path, process: Running, most: int) -> None:
    """Until so many files lie there, or the process has ended."""
    wait_until(
        lambda: count(folder) >= most or process.poll() is not None,
        lambda: f"{count(folder)} files, and {most} were waited for",
        step_seconds=0.001,
    )


def test_killed_again_and_again(tmp_path: Path) -> None:
    outbox = tmp_path / "workspace/state/outbox"
    transport = "maildir:state/outbox"
    sending = Sending(tmp_path / "workspace", RECIPIENTS, record=tmp_path / "none", transport=transport)
    chance = random.Random(7)
    for boundary in ("before-freeze-commit", "after-freeze", "before-attempting-commit:2", "after-attempting-commit",
                     "after-reply:3", "after-sent-commit"):  # fmt: skip
        assert sending.send(failpoint=boundary).status == KILLED, boundary
        assert faults_of_send(delivered(outbox), sending.states()) == [], boundary
    reached = 0
    for number in range(KILLS):
        before = count(outbox)
        process = sending.start()
        wait_until_delivered(outbox, process, before + chance.randint(1, 40))
        done = sending.kill(process)
        assert done.status in {KILLED, 0, 3}, done
        reached += done.status == KILLED and count(outbox) > before
        assert faults_of_send(delivered(outbox), sending.states()) == [], f"kill {number}"
    assert reached > KILLS // 2, f"only {reached} of {KILLS} kills came while messages were being delivered"
    done = sending.send()
    doubtful = sending.in_state("in_doubt")
    assert done.status == (3 if doubtful else 0), done
    # The same row is the same file: sent once more, it still is there once.
    sending.settle("resend")
    assert sending.send().status == 0
    found = delivered(outbox)
    assert faults_of_send(found, sending.states()) == []
    assert faults_of_report(sending.report(), sending.states(), candidates=RECIPIENTS) == []
    assert {one.recipient for one in found} == set(sending.recipients)
