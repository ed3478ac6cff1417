"""`nl` inside the process of the tests: hundreds of calls in the time that a dozen processes of its own take.

What a process alone can show (signals, terminals, standard streams that are closed) is for `tests.workspaces.run`.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

from newsletter_cli.__main__ import INTERRUPTED, _run
from tests.workspaces import environment


@dataclass(frozen=True, kw_only=True)
class Done:
    """What a call came to."""

    status: int
    out: str
    err: str


class _Stream(io.TextIOWrapper):
    """A standard stream; at a keyboard, it says that it is a terminal."""

    def __init__(self, content: bytes = b"", *, is_terminal: bool):
        self.bytes = io.BytesIO(content)
        super().__init__(self.bytes, encoding="utf-8", errors="replace", newline="", write_through=True)
        self._is_terminal = is_terminal

    def isatty(self) -> bool:
        return self._is_terminal


def call(*arguments: str, cwd: Path, typed: str | None = None, env: Mapping[str, str | None] | None = None) -> Done:
    """`nl` with these arguments; `typed` is what somebody at the keyboard answers, and `None` is nobody there.

    The environment is that of `tests.workspaces.environment`; a value of `None` takes a variable out of it.
    """
    streams = [_Stream((typed or "").encode(), is_terminal=typed is not None)]
    streams += [_Stream(is_terminal=typed is not None) for _name in ("stdout", "stderr")]
    # A dumb terminal: one can be asked, and nothing is drawn.
    chosen: dict[str, str | None] = {**environment(), "TERM": "dumb", **(env or {})}
    variables = {name: value for name, value in chosen.items() if value is not None}
    with (
        mock.patch.dict(os.environ, variables, clear=True),
        mock.patch.object(sys, "argv", ["nl", *arguments]),
        contextlib.chdir(cwd),
        _standing_in(streams),
    ):
        try:
            status = _run()
        except KeyboardInterrupt:
            status = INTERRUPTED
        except SystemExit as ended:
            status = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    out, err = (stream.bytes.getvalue().decode() for stream in streams[1:])
    return Done(status=status, out=out, err=err)


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
