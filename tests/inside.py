"""`nl` inside the process of the tests: hundreds of calls in the time that a dozen processes of its own take.

What a process alone can show (signals, permissions, standard streams that are closed) is for `tests.workspaces.run`.
"""

from __future__ import annotations

import contextlib
import io
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self
from unittest import mock

from newsletter_cli.__main__ import INTERRUPTED, _run
from newsletter_cli.base import i18n
from newsletter_cli.base.called import be_called
from newsletter_cli.flows.sending.preparing import Prepared, answer, read_answer
from tests import workspaces
from tests.workspaces import environment


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a call came to."""

    status: int
    out: str
    err: str


class PreparationHere:
    """Takes the place of `Preparation`: the issue is prepared in this process, and told as another one would."""

    def __init__(self, *about: Any):
        self._answer = answer(*about)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None: ...

    def result(self) -> Prepared:
        return read_answer(self._answer)


class _Stream(io.TextIOWrapper):
    """A standard stream; at a keyboard, it says that it is a terminal."""

    def __init__(self, content: bytes = b"", *, is_terminal: bool):
        self.bytes = io.BytesIO(content)
        super().__init__(self.bytes, encoding="utf-8", errors="replace", newline="", write_through=True)
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


def call(
    *arguments: str,
    cwd: Path,
    typed: str | None = None,
    env: Mapping[str, str | None] | None = None,
    program: str = "nl",
) -> Done:
    """`nl` with these arguments; `typed` is what somebody at the keyboard answers, and `None` is nobody there.
    `program` is the name that it is called by.

    The environment is that of `tests.workspaces.environment`; a value of `None` takes a variable out of it. The help
    stays English: it is translated as modules are loaded.
    """
    streams = [_Stream((typed or "").encode(), is_terminal=typed is not None)]
    streams += [_Stream(is_terminal=typed is not None) for _name in ("stdout", "stderr")]
    # A dumb terminal: one can be asked, and nothing is drawn.
    chosen: dict[str, str | None] = {**environment(), "TERM": "dumb", **(env or {})}
    variables = {name: value for name, value in chosen.items() if value is not None}
    with (
        mock.patch.dict(os.environ, variables, clear=True),
        mock.patch.object(sys, "argv", [program, *arguments]),
        contextlib.chdir(cwd),
        _standing_in(streams),
        _speaking(variables),
        _named(),
    ):
        try:
            status = _run()
        except KeyboardInterrupt:
            status = INTERRUPTED
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    out, err = (stream.bytes.getvalue().decode() for stream in streams[1:])
    return Done(status=status, out=out, err=err)


def run(
    *arguments: str, cwd: Path | None = None, env: Mapping[str, str] | None = None, **options: Any
) -> subprocess.CompletedProcess[str]:
    """As `tests.workspaces.run`, here in this process; in one of its own where an option asks for what only it has."""
    if options:
        return workspaces.run(*arguments, cwd=cwd, env=env, **options)
    done = call(*arguments, cwd=cwd or Path.cwd(), env=env)
    assert "Traceback" not in done.err, done.err
    return subprocess.CompletedProcess(arguments, done.status, done.out, done.err)


def at_keyboard(folder: Path, *arguments: str, typed: str, **env: str) -> tuple[int, str]:
    """With somebody at the keyboard who types that; the exit status and all that was shown."""
    done = call(*arguments, cwd=folder, typed=typed, env={"TERM": "xterm-256color", "COLUMNS": "120", **env})
    return done.status, done.out + done.err


@contextlib.contextmanager
def _speaking(variables: Mapping[str, str]) -> Iterator[None]:
    """The catalogue of messages is read once in a process, in the language of its environment."""
    is_other = variables.get("NL_LANG") != "en"
    if is_other:
        i18n._catalogue.cache_clear()
    try:
        yield
    finally:
        if is_other:
            i18n._catalogue.cache_clear()


@contextlib.contextmanager
def _named() -> Iterator[None]:
    """Whatever it was called by, the tests that come call it `nl`."""
    try:
        yield
    finally:
        be_called("nl", ())


@contextlib.contextmanager
def _standing_in(streams: list[_Stream]) -> Iterator[None]:
    names = ("stdin", "stdout", "stderr")
    before = [getattr(sys, name) for name in names]
    for name, stream in zip(names, streams, strict=True):
        setattr(sys, name, stream)
    try:
        yield
    finally:
        for name, stream in zip(names, before, strict=True):
            setattr(sys, name, stream)
