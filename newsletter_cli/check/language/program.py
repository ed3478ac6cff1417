"""One run of a program that reads texts: watched while it works, ended when it hangs, nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from newsletter_cli.base.i18n import _
from newsletter_cli.base.reasons import system_reason
from newsletter_cli.check.language.reader import ReaderFailed, ReaderStopped

SLICE_SECONDS = 0.05
# A program that says more than this has lost its senses.
MOST_BYTES = 64 * 1024 * 1024
LAST_WORDS_BYTES = 2000


def run_program(
    command: Sequence[str],
    folder: Path,
    *,
    limit_seconds: float,
    is_stopped: Callable[[], bool],
    variables: Mapping[str, str],
    right: Sequence[int] = (0,),
) -> bytes:
    """What the program says when it runs in a folder of its own, where `answer` and `last-words` are written.

    Raises `ReaderFailed`, and `ReaderStopped` when nobody wants to know any more; the program is gone then. Its
    answer goes to a file, so that one that never ends fills no memory.
    """
    answer, last_words = folder / "answer", folder / "last-words"
    with answer.open("wb") as out, last_words.open("wb") as err:
        try:
            process = subprocess.Popen(  # noqa: S603 - the program is one that was looked for by name
                command,
                cwd=folder,
                env={**os.environ, **variables},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
                start_new_session=os.name == "posix",
            )
        except OSError as error:
            raise ReaderFailed(system_reason(error)) from error
        try:
            _watch(process, answer, time.monotonic() + limit_seconds, is_stopped)
        finally:
            _end(process)
    if process.returncode not in right:
        said = last_words.read_bytes()[-LAST_WORDS_BYTES:].decode("utf-8", "replace").strip().splitlines()
        raise ReaderFailed(
            said[-1].strip() if said else _("it ended with status {status}").format(status=process.returncode)
        )
    return answer.read_bytes()


def _watch(process: subprocess.Popen[bytes], answer: Path, limit: float, is_stopped: Callable[[], bool]) -> None:
    while True:
        try:
            process.wait(SLICE_SECONDS)
            return
        except subprocess.TimeoutExpired:
            pass
        if is_stopped():
            raise ReaderStopped
        if time.monotonic() > limit:
            raise ReaderFailed(_("it gave no answer in time"))
        if answer.stat().st_size > MOST_BYTES:
            raise ReaderFailed(_("its answer has no end"))


def _end(process: subprocess.Popen[bytes]) -> None:
    """The program is gone after this, and what it started."""
    if process.poll() is not None:
        return
    if sys.platform == "win32":
        process.kill()
    else:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except OSError:
            process.kill()
    process.wait()
