"""The standard streams: whether one is a terminal, and what becomes of output that nobody takes."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TextIO, cast

from newsletter_cli.console.lines import ReleasingStream


def rich_console(stream: TextIO) -> Any:
    """A console of rich on that stream."""
    from rich.console import Console

    # rich's own NO_COLOR leaves bold and underline.
    return Console(
        file=cast(TextIO, ReleasingStream(stream)),
        highlight=False,
        color_system=None if os.environ.get("NO_COLOR") else "auto",
    )


def is_terminal(stream: TextIO | None) -> bool:
    """Whether a stream shows colours and lines drawn anew."""
    return stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"


def write(stream: TextIO | None, text: str) -> None:
    """The text as it is, where there is a stream."""
    if stream is not None:
        stream.write(text)
        stream.flush()


@contextmanager
def lenient_output() -> Iterator[None]:
    """While the block runs, nobody need be listening: a pipe that closes or a disk that is full ends no work."""
    try:
        yield
    except OSError:
        drop_unwritable_output()


def drop_unwritable_output() -> None:
    """Lets go of output that its disk refuses: Python would try again at its exit, and complain at length."""
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def prepare_streams() -> None:
    """A Windows console in an old code page shows a question mark for what it lacks, instead of failing."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
