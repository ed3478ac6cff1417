"""One holder of a lock at a time, and what becomes of the others."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from newsletter_cli.base.lock import FileLock, LockTaken

HOLDS = "import sys, pathlib; from newsletter_cli.base.lock import FileLock\n" + (
    "lock = FileLock(pathlib.Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
)


def test_a_second_holder_is_refused_until_the_first_lets_go(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with FileLock(path, wait_seconds=0):
        for wait_seconds in (0, 0.1):
            with pytest.raises(LockTaken):
                FileLock(path, wait_seconds=wait_seconds)
    FileLock(path, wait_seconds=0).release()
    # Whoever waits must find the same file when it is let go.
    assert path.exists()
    assert os.name != "posix" or path.stat().st_mode & 0o777 == 0o600


def test_it_is_let_go_when_the_work_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), FileLock(tmp_path / "a.lock"):
        raise ZeroDivisionError
    FileLock(tmp_path / "a.lock", wait_seconds=0).release()


def test_whoever_waits_gets_it(tmp_path: Path) -> None:
    got = []
    first = FileLock(tmp_path / "a.lock")

    def wait() -> None:
        with FileLock(tmp_path / "a.lock", wait_seconds=60):
            got.append(True)

    waiting = threading.Thread(target=wait)
    waiting.start()
    assert not got
    first.release()
    waiting.join(60)
    assert got == [True]


def test_it_ends_with_its_process(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    with subprocess.Popen(
        [sys.executable, "-c", HOLDS, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(LockTaken):
            FileLock(path, wait_seconds=0)
        process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
    FileLock(path, wait_seconds=60).release()


def test_what_cannot_be_locked_is_no_lock_that_somebody_has(tmp_path: Path) -> None:
    with pytest.raises(OSError, match=r"absent"):
        FileLock(tmp_path / "absent" / "a.lock")
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match=r"folder"):
        FileLock(tmp_path / "folder")
    if hasattr(os, "O_NOFOLLOW"):
        (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
        with pytest.raises(OSError, match=r"link"):
            FileLock(tmp_path / "link")
        assert not (tmp_path / "elsewhere").exists()
