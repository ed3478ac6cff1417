"""A program that works beside `nl`, in a folder of its own; gone, with what it started, when it is ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO

from newsletter_cli.base.reasons import system_reason


class NotStarted(Exception):
    """The system would not start it; the message is its reason."""


class Program:
    """One that was looked for by name, at work in `folder`, where nothing of the user's is found; nobody is at its
    keyboard. Whoever starts it ends it, whatever becomes of it.

    `output` and `errors` are files; without a file, its output goes nowhere, and its errors are read from `errors`.
    Raises `NotStarted`.
    """

    def __init__(
        self,
        command: Sequence[str],
        folder: Path,
        *,
        environment: Mapping[str, str],
        output: IO[bytes] | None = None,
        errors: IO[bytes] | None = None,
    ) -> None:
        try:
            self._process = subprocess.Popen(  # noqa: S603
                command,
                cwd=folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output or subprocess.DEVNULL,
                stderr=errors or subprocess.PIPE,
                start_new_session=os.name == "posix",
            )
        except OSError as error:
            raise NotStarted(system_reason(error)) from error
        self.pid = self._process.pid
        self.errors = self._process.stderr

    @property
    def status(self) -> int | None:
        """Its exit status, once it has ended and was waited for."""
        return self._process.returncode

    def has_ended(self, seconds: float | None = None) -> bool:
        """Whether it ends by itself within so many seconds; without a limit, it is waited for."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def end(self) -> None:
        """It is gone after this, and what it started, where the system knows what that is."""
        if self._process.poll() is not None:
            return
        if sys.platform == "win32":
            self._process.kill()
        else:
            try:
                os.killpg(self.pid, signal.SIGKILL)
            except OSError:
                self._process.kill()
        self._process.wait()
