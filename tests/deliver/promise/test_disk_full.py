"""Row “disk full, database locked or lost”: no message goes out that the ledger cannot hold."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.deliver.server.record import count_record, count_verb
from tests.deliver.server.sending import CONNECTIONS, KILLED, MOST_IN_DOUBT, Sending, end, served
from tests.samples import sample
from tests.workspaces import IS_ROOT

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits of POSIX")
RECIPIENTS = 200
SIZE = 4 * 1024 * 1024
# Until a ledger that another program holds is given up.
IMPATIENT = {"newsletter_cli.deliver.ledger.sqlite.BUSY_SECONDS": 2}
# Compiled modules that are cut short would stay behind.
LIMITED = "import os, resource, sys; n = int(sys.argv[1]); resource.setrlimit(resource.RLIMIT_FSIZE, (n, n)); \
os.environ['PYTHONDONTWRITEBYTECODE'] = '1'; os.execv(sys.argv[2], sys.argv[2:])"


@contextmanager
def small_disk(sending: Sending) -> Iterator[None]:
    state = sending.state
    mount = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=700", "tmpfs", str(state)]
    if not IS_ROOT or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("needs root that may mount a tmpfs")
    try:
        # What was there is out of sight now.
        sending.assemble()
        yield
    finally:
        # Lazily: a process that is just dying must not leave it behind.
        subprocess.run(["umount", "-l", str(state)], check=True)


def fill(state: Path, room_bytes: int) -> Path:
    """So many octets are left."""
    ballast = state / "ballast"
    # The send that goes on meanwhile may have taken the room already.
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        file.write(bytes(max(0, shutil.disk_usage(state).free - room_bytes)))
    return ballast


def fails(sending: Sending, *, prefix: list[str] | None = None) -> int:
    """A run that meets the limit: how many were accepted in it."""
    before = count_record(sending.record)
    done = sending.send(prefix=prefix or [])
    assert done.status not in {0, 130}, done
    assert done.errors.strip(), done
    sending.check(is_reported=False)
    assert sending.count_attempting() <= MOST_IN_DOUBT
    return count_record(sending.record) - before


@pytest.mark.parametrize("room_bytes", sample([0, 16 * 1024, 64 * 1024, 256 * 1024], 64 * 1024))
def test_no_room_after_the_freeze(tmp_path: Path, room_bytes: int) -> None:
    with served(tmp_path, RECIPIENTS) as (_server, sending), small_disk(sending):
        assert sending.send(failpoint="after-freeze").status == KILLED
        ballast = fill(sending.state, room_bytes)
        accepted = fails(sending)
        if room_bytes == 0:
            assert accepted == count_verb(sending.record, "DATA") == 0
        assert accepted < RECIPIENTS
        # Nor does it go on while nothing has changed.
        assert fails(sending) <= accepted
        ballast.unlink()
        assert len(sending.finish()) <= 2 * MOST_IN_DOUBT


def test_no_room_for_the_freeze(tmp_path: Path) -> None:
    with served(tmp_path, RECIPIENTS) as (_server, sending), small_disk(sending):
        ballast = fill(sending.state, 24 * 1024)
        assert fails(sending) == 0
        assert sending.states() == {}
        assert count_verb(sending.record, "MAIL") == 0
        ballast.unlink()
        assert sending.finish() == set()


def test_room_runs_out_and_comes_back_while_it_sends(tmp_path: Path) -> None:
    with served(tmp_path, RECIPIENTS, "slow:seconds=0.02") as (_server, sending), small_disk(sending):
        process = sending.start()
        assert sending.wait_until_accepted(process, 20)
        ballast = fill(sending.state, 0)
        done = end(process)
        # It may have had room enough in what it held already.
        assert done.status != 130, done
        sending.check(is_reported=False)
        ballast.unlink()
        assert len(sending.finish()) <= MOST_IN_DOUBT


@pytest.mark.long
def test_files_that_may_not_grow(tmp_path: Path) -> None:
    """The same for users who may not mount anything: a limit on the size of files (EFBIG instead of ENOSPC)."""
    with served(tmp_path, RECIPIENTS) as (_server, sending):
        assert sending.send(failpoint="after-freeze").status == KILLED
        largest = max(path.stat().st_size for path in sending.state.iterdir())
        accepted = [
            fails(sending, prefix=[sys.executable, "-c", LIMITED, str(limit)])
            for limit in (4096, largest // 2, largest, largest + 20_000, largest + 60_000)
        ]
        assert accepted[0] == 0
        assert len(sending.finish()) <= len(accepted) * MOST_IN_DOUBT


class TestLocked:
    """Another program has the ledger open for writing: a browser of databases, a backup."""

    @staticmethod
    @contextmanager
    def locked(state: Path) -> Iterator[None]:
        with closing(sqlite3.connect(state / "ledger.db", isolation_level=None, timeout=30)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            yield
            connection.execute("ROLLBACK")

    def test_for_a_moment(self, tmp_path: Path) -> None:
        with served(tmp_path, RECIPIENTS, "slow:seconds=0.02") as (_server, sending):
            process = sending.start()
            assert sending.wait_until_accepted(process, 20)
            with self.locked(sending.state):
                before = count_record(sending.record)
                # In which it would be done with all of them.
                time.sleep(1.5)
                # What was on its way already, on each connection and behind it.
                assert count_record(sending.record) - before <= 2 * CONNECTIONS, "it went on without the ledger"
            done = end(process)
            assert done.status == 0, done
            sending.check()
            sending.check_finished()

    @pytest.mark.long
    def test_for_good(self, tmp_path: Path) -> None:
        with served(tmp_path, RECIPIENTS, "slow:seconds=0.02", waits=IMPATIENT) as (_server, sending):
            process = sending.start()
            assert sending.wait_until_accepted(process, 20)
            with self.locked(sending.state):
                done = end(process)
            assert done.status not in {0, 130}, done
            assert "ledger" in done.said
            sending.check(is_reported=False)
            assert sending.count_attempting() <= 2 * CONNECTIONS
            assert len(sending.finish()) <= MOST_IN_DOUBT


class TestLost:
    """Without its ledger, or with an old copy of it, nobody knows who has the issue: nothing goes out."""

    def test_deleted(self, tmp_path: Path) -> None:
        with served(tmp_path, RECIPIENTS) as (_server, sending):
            assert sending.send().status == 0
            for path in sending.state.glob("ledger.db*"):
                path.unlink()
            done = sending.send()
            assert done.status not in {0, 130}, done
            assert count_record(sending.record) == RECIPIENTS

    @pytest.mark.long
    def test_deleted_while_it_sends(self, tmp_path: Path) -> None:
        with served(tmp_path, RECIPIENTS, "slow:seconds=0.02") as (_server, sending):
            process = sending.start()
            assert sending.wait_until_accepted(process, 20)
            for path in sending.state.glob("ledger.db*"):
                path.unlink()
            end(process)
            sending.send()
            sending.send()
            accepted = sending.accepted()
            assert len(accepted) == len(set(accepted)), "sent twice"

    def test_put_back_from_an_old_copy(self, tmp_path: Path) -> None:
        with served(tmp_path, RECIPIENTS) as (_server, sending):
            assert sending.send("--limit", "50").status == 3
            copies = {path: path.read_bytes() for path in sending.state.glob("ledger.db*")}
            assert sending.send().status == 0
            for path in sending.state.glob("ledger.db*"):
                path.unlink()
            for path, content in copies.items():
                path.write_bytes(content)
            done = sending.send()
            assert done.status not in {0, 130}, done
            assert "--anyway" in done.said
            assert count_record(sending.record) == RECIPIENTS

    def test_overwritten(self, tmp_path: Path) -> None:
        with served(tmp_path, RECIPIENTS) as (_server, sending):
            assert sending.send("--limit", "50").status == 3
            for path in sending.state.glob("ledger.db*"):
                path.unlink()
            (sending.state / "ledger.db").write_bytes(b"not a database at all, " * 400)
            done = sending.send()
            assert done.status not in {0, 130}, done
            assert count_record(sending.record) == 50
