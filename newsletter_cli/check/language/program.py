"""One run of a program that reads texts: watched while it works, ended when it hangs, nothing left behind."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from newsletter_cli.base.i18n import _
from newsletter_cli.base.running import NotStarted, Program
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
            program = Program(command, folder, environment={**os.environ, **variables}, output=out, errors=err)
        except NotStarted as error:
            raise ReaderFailed(str(error)) from error
        try:
            _watch(program, answer, time.monotonic() + limit_seconds, is_stopped)
        finally:
            program.end()
    if program.status not in right:
        said = last_words.read_bytes()[-LAST_WORDS_BYTES:].decode("utf-8", "replace").strip().splitlines()
        raise ReaderFailed(
            said[-1].strip() if said else _("it ended with status {status}").format(status=program.status)
        )
    return answer.read_bytes()


def _watch(program: Program, answer: Path, limit: float, is_stopped: Callable[[], bool]) -> None:
    while not program.has_ended(SLICE_SECONDS):
        if is_stopped():
            raise ReaderStopped
        if time.monotonic() > limit:
            raise ReaderFailed(_("it gave no answer in time"))
        if answer.stat().st_size > MOST_BYTES:
            raise ReaderFailed(_("its answer has no end"))
