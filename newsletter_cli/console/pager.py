"""Long output, through the reader's own pager."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from newsletter_cli import console
from newsletter_cli.base.programs import find_program
from newsletter_cli.console import streams

# What a shell ends with where it cannot start a program (POSIX.1-2017, 2.8.2).
NO_PROGRAM = (126, 127)


def show_pages(draw: Callable[[int], Iterable[Any]]) -> None:
    """What rich can draw, through the reader's pager; plain text when piped. `draw` is told how many columns it has."""
    from rich.console import Console

    stream = sys.stdout
    width = min(console.terminal_width() or console.PIPED_WIDTH, console.READING_WIDTH)
    drawn = io.StringIO()
    colours: Any = streams.rich_console(stream).color_system if streams.is_terminal(stream) else None
    page = Console(
        file=drawn, width=width, force_terminal=colours is not None, color_system=colours, highlight=False, emoji=False
    )
    for piece in draw(width):
        # rich joins texts before it prints them, and forgets what they say of their lines.
        page.print(
            piece, crop=False, no_wrap=getattr(piece, "no_wrap", None), overflow=getattr(piece, "overflow", None)
        )
    text = "".join(line.rstrip() + "\n" for line in drawn.getvalue().rstrip().split("\n"))
    if not (console.is_interactive() and streams.is_terminal(stream) and _page(text)):
        streams.write(stream, text)


def _page(text: str) -> bool:
    """Whether the pager that the reader has chosen, else `less`, has shown the text."""
    pager = os.environ.get("PAGER", find_program("less") or "")
    if not pager.strip():
        return False
    # As Git does: colours pass, and what fits the screen is just written.
    environment = {"LESS": "FRX", "LESSCHARSET": "utf-8", **os.environ}
    process = subprocess.Popen(pager, shell=True, stdin=subprocess.PIPE, env=environment)  # noqa: S602 - their own
    # Somebody who has read enough leaves; Ctrl-C is the pager's affair.
    with suppress(OSError, KeyboardInterrupt):
        process.communicate(text.encode("utf-8", "replace"))
    while process.returncode is None:
        with suppress(KeyboardInterrupt):
            process.wait()
    return process.returncode not in NO_PROGRAM
