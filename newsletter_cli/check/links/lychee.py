"""One run of lychee: watched while it works, ended when it stalls, and nothing left behind."""

from __future__ import annotations

import os
import queue
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from newsletter_cli.base.running import NotStarted, Program
from newsletter_cli.check.links.answers import Answer, parse_line, read_report
from newsletter_cli.check.links.program import ANSWERS_NAME, TRIES, command_line, environment, write_list

# lychee's exit statuses: 0 all well, 2 some links are not. Anything else: it did not do its work.
DONE = (0, 2)
# A site that is slow twice over, and the pause between.
STALL_EXTRA_SECONDS = 10
# Of a page whose fragments are looked for, lychee holds all in memory, how long it ever is.
FRAGMENTS_BYTES = 768 * 1024 * 1024
SLICE_SECONDS = 0.2
LAST_WORDS_SECONDS = 2.0
# Of what lychee says besides, only the end can explain a failure.
KEPT_LINES = 5


class LycheeFailed(Exception):
    """lychee could not be started, crashed, or gave no report. The message is its own last words.

    `heard` are the answers that it gave before.
    """

    def __init__(self, last_words: str, heard: dict[str, Answer] | None = None) -> None:
        super().__init__(last_words)
        self.heard = heard or {}


class Stopped(Exception):
    """Nobody wants to know any more."""


def run_lychee(
    program: str,
    urls: Sequence[str],
    *,
    timeout_seconds: int,
    on_answer: Callable[[], None] = lambda: None,
    is_on_fragments: bool = False,
    is_stopped: Callable[[], bool] = lambda: False,
) -> dict[str, Answer]:
    """The answer for each of these distinct addresses; one that came too late has none.

    `timeout_seconds` is for one try at one address. There is no limit for all of them: lychee is ended when nothing
    was heard for as long as the slowest address may take. `is_stopped` is asked a few times a second. Raises
    `LycheeFailed`, and `Stopped` when nobody wants to know any more; lychee is gone then.
    """
    with tempfile.TemporaryDirectory(prefix="nl-links-") as name:
        folder = Path(name)
        write_list(folder, urls)
        run = _Run(program, folder, timeout_seconds=timeout_seconds, is_on_fragments=is_on_fragments)
        try:
            run.watch(on_answer, is_stopped)
        finally:
            run.end()
        try:
            return _by_url(run.answers(), urls)
        except LycheeFailed as error:
            raise LycheeFailed(str(error), _by_url(run.heard, urls)) from error


def _by_url(answers: Mapping[int, Answer], urls: Sequence[str]) -> dict[str, Answer]:
    return {urls[line - 1]: answer for line, answer in answers.items() if 0 < line <= len(urls)}


class _Run:
    def __init__(self, program: str, folder: Path, *, timeout_seconds: int, is_on_fragments: bool) -> None:
        self._report = folder / ANSWERS_NAME
        self._stall_seconds = timeout_seconds * TRIES + STALL_EXTRA_SECONDS
        self.heard: dict[int, Answer] = {}
        self._last_words: list[str] = []
        self._has_stalled = False
        try:
            # A lychee.toml, .lycheeignore or cache of the user's is not found in that folder.
            self._program = Program(
                command_line(program, timeout_seconds=timeout_seconds, is_on_fragments=is_on_fragments),
                folder,
                environment=environment(os.environ),
            )
        except NotStarted as error:
            raise LycheeFailed(str(error)) from error
        if is_on_fragments:
            _limit_memory(self._program.pid, FRAGMENTS_BYTES)
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self._program.errors is not None
        for line in self._program.errors:
            self._lines.put(line.decode("utf-8", "replace"))
        self._lines.put(None)

    def watch(self, on_answer: Callable[[], None], is_stopped: Callable[[], bool]) -> None:
        """Listens until lychee is done or has stalled."""
        last = time.monotonic()
        while True:
            if is_stopped():
                raise Stopped
            try:
                line = self._lines.get(timeout=SLICE_SECONDS)
            except queue.Empty:
                if time.monotonic() - last > self._stall_seconds:
                    self._has_stalled = True
                    return
                continue
            if line is None:
                self._program.has_ended()
                return
            answer = parse_line(line)
            if answer is None:
                self._last_words = [*self._last_words, line.strip()][-KEPT_LINES:]
            elif answer[0] not in self.heard:
                last = time.monotonic()
                self.heard[answer[0]] = answer[1]
                on_answer()

    def end(self) -> None:
        """lychee is gone after this, however it came to it."""
        self._program.end()
        # What has left the group of a script that calls lychee may still have our end of the pipe: not our wait.
        self._reader.join(LAST_WORDS_SECONDS)
        if self._program.errors is not None and not self._reader.is_alive():
            self._program.errors.close()

    def answers(self) -> dict[int, Answer]:
        """From the report, or what was heard if there could be none."""
        if self._has_stalled:
            return self.heard
        if self._program.status not in DONE:
            raise LycheeFailed(" ".join(filter(None, self._last_words)))
        try:
            found = dict(read_report(self._report))
        except (OSError, ValueError) as error:
            raise LycheeFailed(str(error)) from error
        if not found:
            raise LycheeFailed("")
        return found


def _limit_memory(pid: int, size_bytes: int) -> None:
    if sys.platform == "linux":
        import contextlib
        import resource

        # It may be done already.
        with contextlib.suppress(OSError):
            resource.prlimit(pid, resource.RLIMIT_DATA, (size_bytes, size_bytes))
